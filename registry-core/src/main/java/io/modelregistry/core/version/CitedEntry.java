package io.modelregistry.core.version;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.core.log.StreamName;
import java.nio.charset.StandardCharsets;

/**
 * An entry of another registry, kept word for word, so that it can be read here and compared with what stands there.
 *
 * @param line its first line as stored
 */
public record CitedEntry(StreamName stream, long sequence, String line) {

    static CitedEntry of(StreamName stream, long sequence, byte[] content) {
        return new CitedEntry(stream, sequence, new String(SelfVerifying.open(content), StandardCharsets.UTF_8));
    }

    /** Of the entry as it is stored there. */
    public Digest digest() {
        return Digest.of(content());
    }

    private byte[] content() {
        return SelfVerifying.seal(line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What it says.
     *
     * @param registry the id of the registry it is one of
     * @throws MalformedException when it isn't an entry of that place
     */
    public Entry entry(String registry) {
        try {
            return EntryCodec.decode(content(), registry, stream, sequence);
        } catch (IntegrityException e) {
            throw new MalformedException("what it cites is no entry: " + e.getMessage(), e);
        }
    }

    Json.Obj encode() {
        return Json.object()
                .put("stream", stream.path())
                .put("sequence", sequence)
                .put("line", line)
                .build();
    }

    static CitedEntry decode(Fields fields) {
        StreamName stream = KeyLayout.stream(fields.text("stream") + "/0000000001.json")
                .orElseThrow(() -> new InvalidRequestException("Not a stream: " + fields.text("stream")));
        return new CitedEntry(stream, fields.number("sequence"), fields.text("line"));
    }
}
