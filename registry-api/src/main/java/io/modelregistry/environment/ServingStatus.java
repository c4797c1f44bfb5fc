package io.modelregistry.environment;

import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.Revision;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of one model in one environment that it serves: for health checks and dashboards.
 *
 * @param newest the newest change known; null when none is, because nothing was ever promoted or the store was never reached
 * @param age how long ago the store confirmed it; null when it never did
 * @param problem why the store didn't answer when it was last asked; null when it did
 */
public record ServingStatus(
        ModelName model,
        EnvironmentName environment,
        @Nullable Deployment newest,
        @Nullable Duration age,
        Freshness freshness,
        @Nullable String problem) {

    /** Whether what is known may be served. */
    public enum Freshness {
        /** The store answered when it was last asked. */
        CONFIRMED,
        /** The store didn't answer; what was last known is served. */
        UNCONFIRMED,
        /** The store hasn't answered for longer than {@link io.modelregistry.RegistryOptions#maxStaleness} allows: nothing is served. */
        STALE
    }

    /** The newest change known. */
    public Optional<Deployment> deployment() {
        return Optional.ofNullable(newest);
    }

    /** How long ago the store confirmed it. */
    public Optional<Duration> sinceConfirmed() {
        return Optional.ofNullable(age);
    }

    /** Whether nothing but time has passed since an earlier status. */
    public boolean saysTheSameAs(@Nullable ServingStatus earlier) {
        return earlier != null
                && earlier.freshness == freshness
                && earlier.model.equals(model)
                && earlier.environment.equals(environment)
                && earlier.revision().equals(revision());
    }

    private Optional<Revision> revision() {
        return deployment().map(Deployment::revision);
    }
}
