package io.modelregistry;

import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import io.modelregistry.audit.Verification;
import io.modelregistry.compare.Comparison;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.policy.Policies;
import io.modelregistry.policy.Preview;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.version.Progress;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A registry of models in one folder or bucket prefix, shared by any number of processes.
 *
 * <pre>{@code
 * try (ModelRegistry registry = ModelRegistry.initialise("file:models").as("u-4711")) {
 *     Model model = registry.model("tumor-classifier");
 *     ModelVersion version = model.register(Registration.of(Path.of("trained-model")).reason("first baseline"));
 *     model.environment("production").promote(version.number(), "beats the rule-based score");
 *     Path file = registry.version("tumor-classifier:production").download().file("model.onnx");
 * }
 * }</pre>
 *
 * <p>Reading needs no actor; writing does: {@link #as}.
 *
 * <p>Thread-safe. Calls block; each ends within {@link RegistryOptions#operationTimeout} (transfers of artifacts excepted). An interrupted
 * call ends promptly with the exception that says what is certain, and leaves the interrupt flag set.
 */
public interface ModelRegistry extends AutoCloseable {

    /** Events in a page of {@link #changes}. */
    int MOST_CHANGES = 1_000;

    /**
     * Opens the registry at a location: {@code file:/var/models}, {@code file:relative/folder}, {@code mem:} (empty and gone when closed), or a
     * scheme whose backend is on the class path.
     *
     * @throws NotFoundException when no registry stands there; {@link #initialise} makes one
     */
    static ModelRegistry open(String location) {
        return open(location, RegistryOptions.defaults());
    }

    static ModelRegistry open(String location, RegistryOptions options) {
        return Locations.open(location, options, RegistryProvider.Mode.OPEN);
    }

    /**
     * Opens the registry at a location and makes one first if none stands there. Making one proves that the store never lets two writers create
     * the same key, and refuses a store that does. Safe to call from many processes at once, every time.
     */
    static ModelRegistry initialise(String location) {
        return initialise(location, RegistryOptions.defaults());
    }

    static ModelRegistry initialise(String location, RegistryOptions options) {
        return Locations.open(location, options, RegistryProvider.Mode.INITIALISE);
    }

    /** As {@link #initialise}, over a backend and a host of the caller's own. The registry closes the backend. */
    static ModelRegistry on(StorageBackend backend, RegistryOptions options, Host host) {
        return Locations.provider().open(backend, options, host, RegistryProvider.Mode.INITIALISE);
    }

    /** The registry's own id, 32 hexadecimal digits; part of every entry. */
    String id();

    /** Where it is, for messages. */
    String location();

    /** This registry for one who writes. The two share everything; closing either closes both. */
    ModelRegistry as(Actor actor);

    /** Short for {@code as(Actor.of(id))}. */
    default ModelRegistry as(String actorId) {
        return as(Actor.of(actorId));
    }

    /** A handle on a model, whether or not it exists yet. Reads nothing. */
    Model model(String name);

    /** All models that something was registered under, by name. Read page by page as the stream is consumed. */
    Stream<ModelName> models();

    /** All environments that ever served a model, by name. */
    Stream<EnvironmentName> environments();

    /** The version that a reference stands for: {@code m@12}, {@code m@1.4.0}, {@code m@sha256:…} or {@code m:production}. */
    default Resolution resolve(String reference) {
        return resolve(VersionReference.parse(reference), Consistency.BOUNDED);
    }

    Resolution resolve(VersionReference reference, Consistency consistency);

    /**
     * Where this process stands with each model that it serves from memory, by name: for health checks. Asks no store. What {@link Consistency#BOUNDED}
     * resolves is here, and is polled in the background, until it wasn't resolved for ten polls.
     */
    List<ServingStatus> serving();

    /** What the {@linkplain Environment#serve handles} that are open have in memory, by name. Asks no store. */
    List<HandleStatus> handles();

    /** Has somebody told, until this registry is closed, what it does from here on. */
    void listen(RegistryListener listener);

    /** A handle on the version that a reference stands for. */
    Version version(String reference);

    /** A handle on a version. Reads nothing. */
    Version version(VersionId id);

    /** What differs between two versions, each named by a reference. */
    Comparison compare(String before, String after);

    /** A handle on the rules that reviews and promotions must meet. Reads nothing. */
    Policies policy();

    /**
     * Tries changes without making them: they run against this registry as it stands, and what they would write is kept in memory and thrown away.
     *
     * <pre>{@code
     * Preview preview = registry.preview(r -> r.model("tumor").environment("production").promote(12, "better"));
     * preview.unmet().forEach(rule -> System.out.println(rule));
     * }</pre>
     *
     * <p>What they would be refused for is part of the answer; a store that doesn't answer is an exception here as elsewhere. A missing permission to write
     * doesn't show.
     *
     * @param changes writes through the registry it is given, which is this one, for the same actor
     */
    Preview preview(Consumer<ModelRegistry> changes);

    /** Finds what stood behind a prediction; see {@link #reproduce(Receipt)}. */
    default Reproduction reproduce(String receipt) {
        return reproduce(Receipt.parse(receipt));
    }

    /**
     * Finds what stood behind a prediction: {@code registry.reproduce(receipt).download()}. Asks the store for the version's record, the change that
     * made the environment serve it, and whether each blob stands. Logs a warning when this process runs with other software than was
     * captured at registration.
     */
    Reproduction reproduce(Receipt receipt);

    /** The first {@value #MOST_CHANGES} events after a position; see {@link #changes(Position, int)}. */
    default Changes changes(Position since) {
        return changes(since, MOST_CHANGES);
    }

    /**
     * What happened after a position, in every stream of the registry: a feed for pipelines that act on events. Who asks again from {@link Changes#next}
     * is given every entry exactly once, in the order of its stream, however many write meanwhile and whatever their clocks say.
     *
     * <p>Each call lists all entries' keys, a thousand a request and side by side for each authority, and reads an entry for each event and one more for
     * each stream that goes on.
     *
     * @param since {@link Position#beginning}, {@link #position}, or where an earlier page ended
     * @param most how many events at most, from 1 to {@value #MOST_CHANGES}
     * @throws InvalidRequestException when the position is one of another registry
     */
    Changes changes(Position since, int most);

    /** The present: what happened before this call is before it, and what is begun after this call is after it. */
    Position position();

    /** What became of an operation that ended in an {@link OutcomeUnknownException}. */
    Outcome outcome(OutcomeToken token);

    /** Reads everything and recomputes every hash: all streams of all models, and the bytes of every blob a version names. */
    default Verification verify() {
        return verify(Progress.none());
    }

    Verification verify(Progress progress);

    /**
     * Proves again that the store keeps what the registry relies on: that it never lets two writers create the same key, and that this machine's
     * clock agrees with the store's. Writes and deletes keys under {@code probe/}.
     *
     * @throws InvalidRequestException when the store is unsuitable, with the reason
     */
    void doctor();

    /**
     * Ends background work, for which it waits a few seconds at most, handles apart, and closes the backend. Idempotent. Later calls are an
     * {@link IllegalStateException}.
     */
    @Override
    void close();
}
