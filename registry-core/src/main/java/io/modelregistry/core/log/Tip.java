package io.modelregistry.core.log;

import io.modelregistry.Revision;
import io.modelregistry.core.json.Json;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest entry of a stream, as far as somebody has looked.
 *
 * @param newest null while the stream is empty
 */
public record Tip(StreamName stream, @Nullable StoredEntry newest) {

    public static Tip empty(StreamName stream) {
        return new Tip(stream, null);
    }

    /** 0 while the stream is empty. */
    public long sequence() {
        return newest == null ? 0 : newest.sequence();
    }

    public Revision revision() {
        return new Revision(stream.path(), sequence());
    }

    /** Interprets the state; see {@link StoredEntry#decode}. */
    public <T> T decode(Function<Json.Obj, T> interpret) {
        return newest == null
                ? interpret.apply(Json.Obj.EMPTY)
                : newest.decode(entry -> interpret.apply(entry.state()));
    }

    /** The state that the newest entry carries; an empty object while the stream is empty. */
    public Json.Obj state() {
        return newest == null ? Json.Obj.EMPTY : newest.entry().state();
    }
}
