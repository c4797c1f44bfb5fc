package io.modelregistry.access;

import io.modelregistry.access.Role.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The first segment of a registry's keys, and who may write behind it. What isn't named here may be done by nobody: no authority lets anybody overwrite
 * or delete an entry.
 */
public enum Authority {
    /** Names the registry; the one key that is no folder. */
    REGISTRY("registry.json", Content.OBJECTS, Kind.ADMINISTRATOR),
    MODELS("models/", Content.STREAMS, Kind.CONTRIBUTOR),
    VERSIONS("versions/", Content.STREAMS, Kind.CONTRIBUTOR),
    LABELS("labels/", Content.STREAMS, Kind.CONTRIBUTOR),
    EVALUATIONS("evaluations/", Content.STREAMS, Kind.CONTRIBUTOR),
    ASSESSMENTS("assessments/", Content.STREAMS, Kind.EVALUATOR),
    SUBMISSIONS("submissions/", Content.STREAMS, Kind.CONTRIBUTOR),
    REVIEWS("reviews/", Content.STREAMS, Kind.REVIEWER),
    /** The second segment is the environment, and a releaser may be one of that environment alone. */
    ENVIRONMENTS("environments/", Content.STREAMS, Kind.RELEASER),
    POLICY("policy/", Content.STREAMS, Kind.ADMINISTRATOR),
    /** What the collector condemned and deleted. */
    GC("gc/", Content.STREAMS, Kind.COLLECTOR),
    BLOBS("blobs/", Content.OBJECTS, Kind.CONTRIBUTOR, null, Kind.COLLECTOR),
    INTENTS("intents/", Content.OBJECTS, Kind.CONTRIBUTOR, null, Kind.COLLECTOR),
    /** Erasable text. */
    NOTES("notes/", Content.OBJECTS, Kind.CONTRIBUTOR, Kind.CONTRIBUTOR, Kind.ADMINISTRATOR),
    /** Who may append to a stream may overwrite its hint. */
    HINTS("hints/", Content.HINTS, null),
    PROBE("probe/", Content.OBJECTS, Kind.ADMINISTRATOR, null, Kind.ADMINISTRATOR);

    /** What the keys of an authority are. */
    public enum Content {
        /** Entries of streams, each with a hint below {@link #HINTS}. */
        STREAMS,
        OBJECTS,
        HINTS
    }

    private final String prefix;
    private final Content content;
    private final @Nullable Kind creator;
    private final @Nullable Kind overwriter;
    private final @Nullable Kind deleter;

    Authority(String prefix, Content content, @Nullable Kind creator) {
        this(prefix, content, creator, null, null);
    }

    Authority(
            String prefix, Content content, @Nullable Kind creator, @Nullable Kind overwriter, @Nullable Kind deleter) {
        this.prefix = prefix;
        this.content = content;
        this.creator = creator;
        this.overwriter = overwriter;
        this.deleter = deleter;
    }

    /** What its keys begin with, such as {@code versions/}; the key itself for {@link #REGISTRY}. */
    public String prefix() {
        return prefix;
    }

    public Content content() {
        return content;
    }

    /** Whether nobody may overwrite what stands behind it, so that a store may insist on put-if-absent. */
    public boolean isCreateOnly() {
        return content != Content.HINTS && overwriter == null;
    }

    /** Whether nobody may delete what stands behind it, so that a store may refuse it to everybody. */
    public boolean isKept() {
        return content != Content.HINTS && deleter == null;
    }

    /** Who may do it; null for nobody, and for hints, which their streams decide on. */
    @Nullable
    Kind writer(Action action) {
        return switch (action) {
            case READ -> Kind.READER;
            case CREATE -> creator;
            case OVERWRITE -> overwriter;
            case DELETE -> deleter;
        };
    }
}
