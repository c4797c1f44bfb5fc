package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.EnvironmentName;
import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Model;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeToken;
import io.modelregistry.RegistryListener;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.Reproduction;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.VersionReference;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import io.modelregistry.audit.Verification;
import io.modelregistry.compare.Comparison;
import io.modelregistry.core.audit.Feed;
import io.modelregistry.core.audit.Verifier;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.policy.Policies;
import io.modelregistry.policy.Preview;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registry over a storage backend. One for each actor; all of one opening share their {@link Parts}. */
public final class LogBackedRegistry implements ModelRegistry {
    private final Parts parts;
    private final @Nullable Actor actor;

    LogBackedRegistry(Parts parts, @Nullable Actor actor) {
        this.parts = parts;
        this.actor = actor;
    }

    static ModelRegistry open(StorageBackend backend, RegistryOptions options, Host host, Mode mode) {
        return new LogBackedRegistry(Parts.open(backend, options, host, mode), null);
    }

    @Override
    public String id() {
        return parts.streams().registry();
    }

    @Override
    public String location() {
        return parts.store().backend().location();
    }

    @Override
    public ModelRegistry as(Actor writer) {
        return new LogBackedRegistry(parts, writer);
    }

    @Override
    public Model model(String name) {
        return new LogBackedModel(parts.checkOpen(), ModelName.of(name), this::writer);
    }

    @Override
    public Stream<ModelName> models() {
        return parts.checkOpen().names().models();
    }

    @Override
    public Stream<EnvironmentName> environments() {
        return parts.checkOpen().names().environments();
    }

    @Override
    public Resolution resolve(VersionReference reference, Consistency consistency) {
        return parts.checkOpen().references().resolve(reference, consistency);
    }

    @Override
    public List<ServingStatus> serving() {
        return parts.checkOpen().environmentReader().watched();
    }

    @Override
    public List<HandleStatus> handles() {
        return parts.checkOpen().handles().statuses();
    }

    @Override
    public void listen(RegistryListener listener) {
        parts.checkOpen().listeners().add(listener);
    }

    @Override
    public Version version(String reference) {
        return version(parts.checkOpen().references().identify(VersionReference.parse(reference)));
    }

    @Override
    public Version version(VersionId id) {
        return new LogBackedVersion(parts.checkOpen(), id, this::writer);
    }

    @Override
    public Comparison compare(String before, String after) {
        parts.checkOpen();
        ModelVersion first = parts.references().require(before);
        ModelVersion second = parts.references().require(after);
        return parts.compare(first, second);
    }

    @Override
    public Policies policy() {
        return new LogBackedPolicies(parts.checkOpen(), this::writer);
    }

    @Override
    public Preview preview(Consumer<ModelRegistry> changes) {
        parts.checkOpen();
        return parts.preview(writer(), changes);
    }

    @Override
    public Reproduction reproduce(Receipt receipt) {
        return parts.checkOpen().reproductions().of(receipt);
    }

    @Override
    public Changes changes(Position since, int most) {
        return new Feed(parts.checkOpen().streams()).after(since, most);
    }

    @Override
    public Position position() {
        return new Feed(parts.checkOpen().streams()).present();
    }

    @Override
    public Outcome outcome(OutcomeToken token) {
        return parts.checkOpen().outcomes().of(token);
    }

    @Override
    public Verification verify(Progress progress) {
        parts.checkOpen();
        return new Verifier(parts.streams(), parts.artifacts(), progress, () -> RegistryIdentity.require(parts.store()))
                .run();
    }

    @Override
    public void doctor() {
        parts.checkOpen();
        PutIfAbsentProof.run(parts.store());
        parts.store().checkClock(parts.store().deadline());
    }

    @Override
    public void close() {
        parts.close();
    }

    @Override
    public String toString() {
        return "registry " + id() + " at " + location() + (actor == null ? "" : " as " + actor);
    }

    private Actor writer() {
        if (actor == null) {
            throw new InvalidRequestException(
                    "A write needs an actor, who the audit trail names for ever: use registry.as(\"<id>\")"
                            + " and write through what it returns. Nothing was written");
        }
        return actor;
    }
}
