package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.Environment;
import io.modelregistry.EnvironmentName;
import io.modelregistry.Model;
import io.modelregistry.ModelInfo;
import io.modelregistry.ModelName;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.compare.Comparison;
import io.modelregistry.core.environment.Place;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A model's handle: ties the parts of the registry to one name. */
final class LogBackedModel implements Model {
    private final Parts parts;
    private final ModelName name;
    private final Supplier<Actor> actor;

    /** @param actor throws when nobody was named */
    LogBackedModel(Parts parts, ModelName name, Supplier<Actor> actor) {
        this.parts = parts;
        this.name = name;
        this.actor = actor;
    }

    @Override
    public ModelName name() {
        return name;
    }

    @Override
    public ModelVersion register(Registration registration) {
        return parts.checkOpen().versions().register(name, registration, actor.get());
    }

    @Override
    public ModelVersion copyFrom(Version original, String reason) {
        return new Copies(parts.checkOpen()).copy(name, original, reason, actor.get());
    }

    @Override
    public Optional<ModelInfo> info() {
        return parts.checkOpen().models().info(name);
    }

    @Override
    public ModelInfo transfer(List<Actor> owners, String reason) {
        return parts.checkOpen().models().transfer(name, owners, reason, contributor("transfer"));
    }

    @Override
    public ModelInfo archive(String reason) {
        return parts.checkOpen().models().archive(name, reason, contributor("archive"));
    }

    @Override
    public ModelInfo restore(String reason) {
        return parts.checkOpen().models().restore(name, reason, contributor("restore"));
    }

    @Override
    public Version version(long number) {
        return new LogBackedVersion(parts, new VersionId(name, number), actor);
    }

    @Override
    public Optional<ModelVersion> latest() {
        return parts.checkOpen().versions().newest(name);
    }

    @Override
    public Stream<ModelVersion> versions() {
        return parts.checkOpen().versions().all(name);
    }

    @Override
    public Comparison compare(long before, long after) {
        parts.checkOpen();
        List<ModelVersion> both = parts.parallel()
                .call(List.of(
                        () -> parts.versions().require(new VersionId(name, before)),
                        () -> parts.versions().require(new VersionId(name, after))));
        return parts.compare(both.get(0), both.get(1));
    }

    @Override
    public Environment environment(String environment) {
        return new LogBackedEnvironment(parts, new Place(EnvironmentName.of(environment), name), actor);
    }

    @Override
    public List<AuditEvent> history() {
        return parts.checkOpen().trail().of(name);
    }

    private Actor contributor(String move) {
        Actor writer = actor.get();
        parts.policies().require(writer, Role.CONTRIBUTOR, "Cannot " + move + " " + name);
        return writer;
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
