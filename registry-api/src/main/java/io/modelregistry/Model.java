package io.modelregistry;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.compare.Comparison;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A handle on one model. Thread-safe; holds no state of its own. */
public interface Model {

    ModelName name();

    /**
     * Registers a version: hashes its files, uploads those that the registry lacks, and makes the record that names them visible last. The first
     * registration claims the model's name.
     *
     * @return the version as it stands; the first outcome when the request id was used before
     * @throws InvalidRequestException for files or names that can't be taken, before anything is written
     * @throws LabelTakenException when another version has the label
     */
    ModelVersion register(Registration registration);

    /** A handle on a version by number. Reads nothing. */
    Version version(long number);

    /** The newest version; asks the store. */
    Optional<ModelVersion> latest();

    /** All versions from the first to the newest; each is read when the stream comes to it. */
    Stream<ModelVersion> versions();

    /** What differs between two versions, metrics of later evaluations included. */
    Comparison compare(long before, long after);

    /** A handle on what an environment serves of this model. Reads nothing. Each handle remembers the revision it last returned. */
    Environment environment(String name);

    /** Everything that ever happened to this model, in one order: within a stream that of the stream, between streams that of the store's clock. */
    List<AuditEvent> history();
}
