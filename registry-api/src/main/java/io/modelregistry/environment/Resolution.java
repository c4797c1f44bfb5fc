package io.modelregistry.environment;

import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version a reference stands for.
 *
 * @param deployment what made the environment serve it; null when the reference named the version itself
 * @param age how long ago the store was last asked whether this still holds; zero when it was asked in this call or when it can't change
 * @param receipt names exactly this version, and why it was served; to be kept beside what is done with it
 */
public record Resolution(ModelVersion version, @Nullable Deployment deployment, Duration age, Receipt receipt) {

    public Optional<Deployment> servedBy() {
        return Optional.ofNullable(deployment);
    }
}
