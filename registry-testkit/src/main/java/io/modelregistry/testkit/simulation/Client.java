package io.modelregistry.testkit.simulation;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryListener;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.audit.Position;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A simulated process: one opened registry on one machine, with what only it knows. Restarting makes another. Not thread-safe. */
final class Client {
    private final World world;
    private final String name;
    private final ManualHost host;
    private final Weather weather;
    private final FaultyBackend backend;
    private final ModelRegistry registry;
    private final Deque<Runnable> background = new ArrayDeque<>();
    private final Map<String, Handle> handles = new HashMap<>();
    /** The newest position that this process was told of each stream. */
    private final Map<String, Long> known = new HashMap<>();

    /** The newest position that this process resolved of each stream from memory. */
    private final Map<String, Long> resolved = new HashMap<>();

    /** What it serves from loaded models, by stream. */
    private final Map<String, Service> services = new LinkedHashMap<>();

    /** All that it ever loaded. */
    private final List<Served> models = new ArrayList<>();

    private final Machine machine;
    /** How far it has read the feed; null for not at all. */
    private @Nullable Reading reading;

    private boolean missedRecord;
    private Duration skew = Duration.ZERO;
    private boolean exposed;
    private boolean interrupted;
    private @Nullable Attempt running;

    /** How it finds the store. */
    enum Store {
        THERE,
        AWAY
    }

    Client(World world, String name, Machine machine, StorageBackend store, Store state) {
        this.world = world;
        this.name = name;
        this.machine = machine;
        this.host = world.machine(this::execute);
        this.weather = new Weather(world, this);
        this.backend = new FaultyBackend(store, weather);
        this.registry = open(state).as(name);
        registry.listen(new RegistryListener() {
            @Override
            public void polled(ServingStatus status) {
                world.judge(laws -> laws.polled(Client.this, status));
            }

            @Override
            public void changed(ServingStatus status) {
                world.judge(laws -> laws.changed(Client.this, status));
            }
        });
        exposed = true;
    }

    /** Opens what this machine knows while the store is away; waits for the store when it knows nothing. */
    private ModelRegistry open(Store state) {
        if (state == Store.AWAY) {
            weather.setAway(true);
            try {
                ModelRegistry known = world.open(connection(), host, machine);
                world.tally().count("started while the store was away");
                return known;
            } catch (StoreUnavailableException e) {
                weather.setAway(false);
            }
        }
        return world.open(connection(), host, machine);
    }

    private StorageBackend connection() {
        return new Observer(backend, () -> running);
    }

    ModelRegistry registry() {
        return registry;
    }

    /** The registry that it copies from, as it was at one of its moments. */
    ModelRegistry origin(int moment) {
        return world.origin(moment);
    }

    /** Whether faults, and the rest of the world, can come between its calls. */
    boolean isExposed() {
        return exposed && running != null && !world.isCalm();
    }

    boolean isBusy() {
        return running != null;
    }

    boolean isDead() {
        return backend.isCrashed();
    }

    /** Whether its clock is too far off for it to write. */
    boolean isSkewed() {
        return skew.abs().compareTo(Duration.ofSeconds(60)) > 0;
    }

    /** Sets its wall clock, which was wrong by something else before. */
    void turnClock(Duration error) {
        host.turnWallClock(error.minus(skew));
        if (!error.isZero()) {
            machine.turnClock();
        }
        skew = error;
    }

    /** What this process takes the time for. */
    Instant clock() {
        return host.now();
    }

    /** What it is doing; null for nothing. */
    @Nullable
    Attempt running() {
        return running;
    }

    /** Whether what it asks for may be answered from memory. */
    boolean readsMemory() {
        return running != null
                && (running.intent.kind() == Kind.RESOLVE_BOUNDED || running.intent.kind() == Kind.LEASE);
    }

    boolean readsFeed() {
        return running != null && running.intent.kind() == Kind.FEED;
    }

    /** Runs background work now, or leaves it to a thread that comes to it later or, should the process die, never. */
    private void execute(Runnable task) {
        if (isExposed() && world.tape().chance(machine.hasDisk() ? 600 : 200)) {
            background.add(task);
        } else {
            task.run();
        }
    }

    /** Lets the oldest background task run, if there is one. */
    private boolean runBackground() {
        Runnable task = background.poll();
        if (task != null && !isDead()) {
            task.run();
        }
        return task != null;
    }

    /** Lets all background tasks run, and those that they lead to. */
    void finishBackground() {
        while (runBackground()) {
            // one after the other
        }
    }

    Machine machine() {
        return machine;
    }

    /** Whether it has something to do that nobody waits for. */
    boolean hasBackground() {
        return !background.isEmpty() || host.dueTasks() > 0;
    }

    /** Does the oldest piece of background work, unless its thread is slow, and what timers are due for. In the end its threads catch up. */
    void goOn() {
        if (world.isCalm()) {
            finishBackground();
        } else if (world.tape().chance(400)) {
            runBackground();
        }
        host.advance(Duration.ZERO);
    }

    /** Takes a lease, from the handle that it has or a new one. */
    long lease(Attempt attempt) {
        String stream = attempt.intent.stream();
        Service service = services.get(stream);
        if (service == null) {
            Handle handle = Objects.requireNonNull(attempt.handle);
            service = new Service(world, this, stream, handle.environment);
            services.put(stream, service);
        }
        world.servingLaws().lease(attempt, service);
        return 0;
    }

    /** The newest revision that a lease was given by. */
    long leased(String stream) {
        Service service = services.get(stream);
        return service == null ? leastFromMemory(stream) : service.leased();
    }

    void load(Served model) {
        models.add(model);
    }

    List<Served> models() {
        return models;
    }

    List<Service> services() {
        return List.copyOf(services.values());
    }

    /** An environment's handle: the one it has kept, or a fresh one. */
    Handle handle(String environment, String model, Fresh fresh) {
        String key = environment + "/" + model;
        if (fresh == Fresh.YES) {
            handles.remove(key);
        }
        return handles.computeIfAbsent(
                key, k -> new Handle(registry.model(model).environment(environment)));
    }

    /** Whether a handle is to be made anew. */
    enum Fresh {
        NO,
        YES
    }

    long known(String stream) {
        return known.getOrDefault(stream, 0L);
    }

    void learn(String stream, long position) {
        known.merge(stream, position, Math::max);
    }

    /**
     * The least that it may answer from memory. A process that can't read the record of a version serves on what it served before, also when it knows that something newer
     * stands.
     */
    long leastFromMemory(String stream) {
        return missedRecord ? resolved.getOrDefault(stream, 0L) : known(stream);
    }

    void resolve(String stream, long position) {
        resolved.merge(stream, position, Math::max);
    }

    /** It was kept from reading a version's record. */
    void missRecord() {
        missedRecord = true;
    }

    /** How far it has read the feed; the beginning for not at all. */
    Reading reading() {
        if (reading == null) {
            reading = new Reading(Position.beginning());
        }
        return reading;
    }

    boolean hasRead() {
        return reading != null;
    }

    /** Begins here, unless it has begun. */
    void readFrom(Position position) {
        if (reading == null) {
            reading = new Reading(position);
        }
    }

    /** Goes on where another process, which is gone, has come to. */
    void readOn(Client departed) {
        reading = departed.reading;
    }

    void begin(Attempt attempt) {
        running = attempt;
        interrupted = false;
    }

    void end() {
        if (running != null && readsMemory() && running.isDone()) {
            machine.serve(running.intent);
        }
        running = null;
        weather.clear();
    }

    void disturb(String what) {
        if (running != null) {
            running.disturbances.add(what);
        }
    }

    void interrupt() {
        interrupted = true;
        disturb("INTERRUPT");
        Thread.currentThread().interrupt();
    }

    boolean wasInterrupted() {
        return interrupted;
    }

    /** For a while the store doesn't answer it. */
    void loseStore() {
        weather.setAway(true);
    }

    /** Delivers what it sent and gave up on, whether or not it still lives. */
    int landLate() {
        return backend.landLate();
    }

    @Override
    public String toString() {
        return name;
    }
}
