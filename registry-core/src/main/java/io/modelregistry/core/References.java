package io.modelregistry.core;

import io.modelregistry.NotFoundException;
import io.modelregistry.VersionId;
import io.modelregistry.VersionReference;
import io.modelregistry.core.environment.EnvironmentReader;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.util.List;

/** Finds what references stand for. */
final class References {
    private final String registry;
    private final VersionStore versions;
    private final EnvironmentReader environments;

    /** @param registry the registry's id, for receipts */
    References(String registry, VersionStore versions, EnvironmentReader environments) {
        this.registry = registry;
        this.versions = versions;
        this.environments = environments;
    }

    Resolution resolve(VersionReference reference, Consistency consistency) {
        if (reference instanceof VersionReference.ByEnvironment served) {
            return environments.resolve(
                    new Place(served.environment(), served.model()), Routing.anybody(), consistency);
        }
        ModelVersion version = versions.require(identify(reference));
        return new Resolution(version, null, Duration.ZERO, Receipt.of(registry, version), List.of());
    }

    ModelVersion require(String reference) {
        return resolve(VersionReference.parse(reference), Consistency.STRONG).version();
    }

    /** The version's id; reads no more than that takes. */
    VersionId identify(VersionReference reference) {
        if (reference instanceof VersionReference.ByNumber number) {
            return number.id();
        }
        if (reference instanceof VersionReference.ByLabel named) {
            return versions.labels()
                    .find(named.model(), named.label())
                    .orElseThrow(() -> new NotFoundException("No version " + named + ": no version of " + named.model()
                            + " has the label " + named.label() + "; its newest version is number "
                            + versions.latest(named.model())));
        }
        if (reference instanceof VersionReference.ByDigest bytes) {
            return versions.withManifest(bytes.model(), bytes.manifest())
                    .map(ModelVersion::id)
                    .orElseThrow(() -> new NotFoundException(
                            "No version " + bytes + ": no version of " + bytes.model() + " has this manifest"));
        }
        return resolve(reference, Consistency.BOUNDED).version().id();
    }
}
