package io.modelregistry.serving;

import io.modelregistry.VersionId;
import java.time.Instant;

/**
 * Why a version could not be made ready to serve.
 *
 * @param stage what failed the last time
 * @param cause what was thrown the last time
 * @param times how often it failed in a row
 * @param first when it failed first, by this process's clock
 * @param last when it failed last
 */
public record LoadFailure(VersionId version, Stage stage, Throwable cause, int times, Instant first, Instant last) {

    /** A step on the way to being served. */
    public enum Stage {
        /** Reading its record, bringing its files here, verifying them. */
        DOWNLOAD,
        LOAD,
        WARM_UP,
        /** It is larger than {@link ServingOptions#memoryBytes} by itself. */
        BUDGET
    }

    /** {@code tumor@13 failed in WARM_UP for the 2nd time}, roughly, and why. */
    @Override
    public String toString() {
        return version + " can't be served: " + stage + " failed " + times + (times == 1 ? " time" : " times")
                + ", last at " + last + ": " + cause;
    }
}
