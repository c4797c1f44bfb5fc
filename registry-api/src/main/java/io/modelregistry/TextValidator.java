package io.modelregistry;

import java.util.Optional;

/**
 * Looks at every free text before it becomes part of an entry, where it stands for ever, and may object. Set by
 * {@link RegistryOptions#withTextValidator}; {@link PersonalData#likely} is one. Called on the thread of the change, before anything is written.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface TextValidator {

    /** What a text is for. */
    enum Kind {
        /** Why a change is made. */
        REASON("reason"),
        /** Who makes it. */
        ACTOR("actor id"),
        /** The caller's name for it. */
        REQUEST("request id"),
        DESCRIPTION("description"),
        /** Intended use and limits of use. */
        MODEL_CARD("model card"),
        /** The name or value of a tag. */
        TAG("tag"),
        /** The name or value of a parameter. */
        PARAMETER("parameter"),
        /** The name of a metric, or of a slice. */
        METRIC("metric"),
        /** The name or document of an attestation. */
        ATTESTATION("attestation"),
        /** The name or URI of a dataset. */
        DATASET("dataset"),
        /** The repository or commit of training code. */
        CODE("training code"),
        /** The id of a run. */
        RUN("run id"),
        /** The name of a seed. */
        SEED("seed"),
        /** The name of an input or output. */
        TENSOR("input or output"),
        /** The path of a file. */
        PATH("path"),
        /** The salt of a rollout, or an attribute of an audience or its value. */
        ROLLOUT("rollout"),
        /** The hypothesis of an experiment, or what it is judged by. */
        EXPERIMENT("experiment");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For messages: {@code model card}. */
        public String words() {
            return words;
        }
    }

    /**
     * Why a text can't be recorded.
     *
     * @param position of the character where it begins, from 1
     * @param why such as {@code an e-mail address}; shown to the caller, so it doesn't repeat the text
     */
    record Objection(int position, String why) {}

    /** What is wrong with a text; empty for nothing. */
    Optional<Objection> check(Kind kind, String text);

    /** Objects to nothing. */
    static TextValidator none() {
        return NoValidator.NONE;
    }

    /** Objects to what either objects to; asks this one first. */
    default TextValidator and(TextValidator other) {
        return (kind, text) -> check(kind, text).or(() -> other.check(kind, text));
    }
}
