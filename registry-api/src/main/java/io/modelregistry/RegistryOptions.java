package io.modelregistry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings of an open registry. Start from {@link #defaults}.
 *
 * @param operationTimeout how long one operation may take in all, its repetitions and waiting included; transfers of artifacts are not limited
 *     by it. 60 seconds
 * @param pollInterval how often, give or take a fifth, the store is asked in the background about what is served from memory; zero to ask with each
 *     resolution. While the store fails it is asked at up to four times the interval. 30 seconds
 * @param maxStaleness how old an answer may be when the store can't be asked; null for any age, which is then logged. Not limited
 * @param cacheFolder where downloaded artifacts are kept; null for {@code model-registry} in the user's cache folder. A symbolic link, or a folder
 *     that everybody may write to, is refused
 * @param cacheBytes how much may lie there before what was used longest ago is removed; what a process uses, or used within
 *     the last hour, is kept. 10 GiB
 * @param textValidator looks at free text before it becomes part of an entry. Objects to nothing
 */
public record RegistryOptions(
        Duration operationTimeout,
        Duration pollInterval,
        @Nullable Duration maxStaleness,
        @Nullable Path cacheFolder,
        long cacheBytes,
        TextValidator textValidator) {
    private static final Duration LONGEST_OPERATION = Duration.ofDays(1);

    public RegistryOptions {
        positive("operationTimeout", operationTimeout);
        if (operationTimeout.compareTo(LONGEST_OPERATION) > 0) {
            throw new InvalidRequestException("operationTimeout is " + operationTimeout + "; at most a day is allowed");
        }
        if (pollInterval.isNegative()) {
            throw new InvalidRequestException("pollInterval is " + pollInterval + "; it can't be negative");
        }
        if (maxStaleness != null) {
            positive("maxStaleness", maxStaleness);
        }
        if (cacheBytes < 0) {
            throw new InvalidRequestException("cacheBytes is " + cacheBytes + "; it can't be negative");
        }
    }

    public static RegistryOptions defaults() {
        return new RegistryOptions(
                Duration.ofSeconds(60), Duration.ofSeconds(30), null, null, 10L << 30, TextValidator.none());
    }

    public RegistryOptions withOperationTimeout(Duration timeout) {
        return new RegistryOptions(timeout, pollInterval, maxStaleness, cacheFolder, cacheBytes, textValidator);
    }

    public RegistryOptions withPollInterval(Duration interval) {
        return new RegistryOptions(operationTimeout, interval, maxStaleness, cacheFolder, cacheBytes, textValidator);
    }

    public RegistryOptions withMaxStaleness(Duration age) {
        return new RegistryOptions(operationTimeout, pollInterval, age, cacheFolder, cacheBytes, textValidator);
    }

    public RegistryOptions withCacheFolder(Path folder) {
        return new RegistryOptions(operationTimeout, pollInterval, maxStaleness, folder, cacheBytes, textValidator);
    }

    public RegistryOptions withCacheBytes(long bytes) {
        return new RegistryOptions(operationTimeout, pollInterval, maxStaleness, cacheFolder, bytes, textValidator);
    }

    /** For {@link PersonalData#likely} or one of the application's own. */
    public RegistryOptions withTextValidator(TextValidator validator) {
        return new RegistryOptions(operationTimeout, pollInterval, maxStaleness, cacheFolder, cacheBytes, validator);
    }

    /** The limit on staleness, if there is one. */
    public Optional<Duration> stalenessLimit() {
        return Optional.ofNullable(maxStaleness);
    }

    private static void positive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new InvalidRequestException(name + " is " + duration + "; it must be longer than nothing");
        }
    }
}
