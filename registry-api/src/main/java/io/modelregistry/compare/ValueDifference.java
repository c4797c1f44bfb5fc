package io.modelregistry.compare;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fact that is not the same for two versions.
 *
 * @param name such as a parameter's name or a file's path
 * @param before null when the first version lacks it
 * @param after null when the second version lacks it
 */
public record ValueDifference(
        Section section,
        String name,
        @Nullable String before,
        @Nullable String after) {

    /** What a fact is about. */
    public enum Section {
        PARAMETER,
        TAG,
        CODE,
        DATASET,
        SEED,
        RUNTIME,
        FILE,
        SIGNATURE,
        DESCRIPTION
    }

    public Optional<String> valueBefore() {
        return Optional.ofNullable(before);
    }

    public Optional<String> valueAfter() {
        return Optional.ofNullable(after);
    }
}
