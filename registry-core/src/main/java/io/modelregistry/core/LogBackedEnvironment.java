package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.Environment;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Revision;
import io.modelregistry.VersionId;
import io.modelregistry.core.environment.Place;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An environment's handle: ties the parts of the registry to one place, and remembers the revision it last returned. */
final class LogBackedEnvironment implements Environment {
    private final Parts parts;
    private final Place place;
    private final Supplier<Actor> actor;
    private volatile @Nullable Revision remembered;

    /** @param actor throws when nobody was named */
    LogBackedEnvironment(Parts parts, Place place, Supplier<Actor> actor) {
        this.parts = parts;
        this.place = place;
        this.actor = actor;
    }

    @Override
    public EnvironmentName name() {
        return place.environment();
    }

    @Override
    public Deployment promote(Promotion promotion) {
        return remember(parts.checkOpen().environments().promote(place, promotion, remembered, actor.get()));
    }

    @Override
    public Deployment promote(VersionId version, String reason) {
        if (!version.model().equals(place.model())) {
            throw new InvalidRequestException("Cannot promote " + version + " to " + place
                    + ": it is a version of another model. Nothing was written");
        }
        return promote(version.number(), reason);
    }

    @Override
    public Deployment halt(String reason) {
        return remember(parts.checkOpen().environments().halt(place, reason, actor.get()));
    }

    @Override
    public Deployment rollback(String reason) {
        return remember(parts.checkOpen().environments().rollback(place, reason, remembered, actor.get()));
    }

    @Override
    public Deployment withdraw(String reason) {
        return remember(parts.checkOpen().environments().withdraw(place, reason, remembered, actor.get()));
    }

    @Override
    public Optional<Deployment> current() {
        Optional<Deployment> current = parts.checkOpen().environmentReader().current(place);
        current.ifPresent(this::remember);
        return current;
    }

    @Override
    public Resolution resolve(Routing routing, Consistency consistency) {
        Resolution resolution = parts.checkOpen().environmentReader().resolve(place, routing, consistency);
        resolution.servedBy().ifPresent(this::remember);
        return resolution;
    }

    @Override
    public <T> ModelHandle<T> serve(Loader<T> loader, ServingOptions options) {
        return parts.checkOpen().handles().serve(place, loader, options);
    }

    @Override
    public List<Deployment> history() {
        List<Deployment> history = parts.checkOpen().environmentReader().history(place);
        if (!history.isEmpty()) {
            remember(history.get(history.size() - 1));
        }
        return history;
    }

    @Override
    public ServedAt asOf(Instant instant) {
        return parts.checkOpen().environmentReader().asOf(place, instant);
    }

    @Override
    public String toString() {
        return place.toString();
    }

    private Deployment remember(Deployment deployment) {
        remembered = deployment.revision();
        return deployment;
    }
}
