package io.modelregistry.environment;

import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version a reference stands for.
 *
 * @param deployment what made the environment serve it; null when the reference named the version itself
 * @param age how long ago the store was last asked whether this still holds; zero when it was asked in this call or when it can't change
 * @param receipt names exactly this version, and why it was served; to be kept beside what is done with it
 * @param shadows versions that are to be asked as well, for comparison only: nobody acts on what they answer
 */
public record Resolution(
        ModelVersion version, @Nullable Deployment deployment, Duration age, Receipt receipt, List<Shadow> shadows) {
    public Resolution {
        shadows = List.copyOf(shadows);
    }

    /**
     * A version in the shadow of the one that answers.
     *
     * @param receipt names its arm
     */
    public record Shadow(ModelVersion version, Receipt receipt) {}

    /** The id of the arm that was chosen; empty when the reference named the version itself. */
    public Optional<String> arm() {
        return receipt.servedBy().map(Receipt.Choice::arm);
    }

    public Optional<Deployment> servedBy() {
        return Optional.ofNullable(deployment);
    }
}
