package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.VersionId;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.log.Alarm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.LoadFailure.Stage;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is loaded, who answers, and what is closed, from what is served and what became of earlier decisions. Whatever happens is a
 * {@linkplain #signal signal}, answered by a {@linkplain Turns turn}. A turn waits for nothing: loading and closing are work of others, which signals when
 * it is done. So a change for which everything is loaded is in force at once, whatever is being loaded meanwhile.
 *
 * <p>Thread-safe.
 */
final class Upkeep<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final String registry;
    private final Place place;
    private final Source source;
    private final Loader<T> loader;
    private final ServingOptions options;
    private final Host host;
    private final ServingListener listener;

    private final Turns turns = new Turns(this::takeTurn);
    private final Tasks tasks = new Tasks();
    private volatile boolean ending;
    private volatile Executor work = Runnable::run;

    private volatile Lineup<T> lineup;
    private volatile State<T> state;

    // ---- of turns
    private final Map<Long, Loaded<T>> loaded = new HashMap<>();
    private final Drain<T> drain;
    private final Map<Long, ModelVersion> records = new HashMap<>();
    private final Map<Long, Long> sizes = new HashMap<>();
    private final Failures failures;
    /** Said or done once for a change: versions without room. */
    private final Set<Long> leftOut = new HashSet<>();

    private @Nullable Deployment newest;
    private Plan plan = Plan.nothing();
    private boolean busy;
    private boolean ended;
    private final Alarm alarm;

    Upkeep(
            String registry,
            Place place,
            Source source,
            Loader<T> loader,
            ServingOptions options,
            Host host,
            ServingListener listener) {
        this.registry = registry;
        this.place = place;
        this.source = source;
        this.loader = loader;
        this.options = options;
        this.host = host;
        this.listener = listener;
        this.alarm = new Alarm(host);
        this.failures = new Failures(host);
        this.drain = new Drain<>(host, options.drainTimeout());
        this.lineup = Lineup.nothing(null, host.now());
        this.state = new State<>(lineup, null, Plan.nothing(), List.of(), Map.of(), Set.of(), false);
    }

    /**
     * What others may know of the last turn.
     *
     * @param draining since when
     * @param over whether it has ended, and nothing is loaded, being loaded or being closed
     */
    record State<T>(
            Lineup<T> lineup,
            @Nullable Deployment newest,
            Plan plan,
            List<LoadFailure> failures,
            Map<Loaded<T>, Instant> draining,
            Set<Loaded<T>> loaded,
            boolean over) {}

    Lineup<T> lineup() {
        return lineup;
    }

    State<T> state() {
        return state;
    }

    /** From here on work is done in the background; before, the thread that signals does it. */
    void goToBackground() {
        work = host.executor();
    }

    /** Serves nothing more, and closes what nobody uses. */
    void end() {
        ending = true;
        signal();
    }

    /** Something may have changed. */
    void signal() {
        tasks.during(turns::signal);
    }

    private void takeTurn() {
        try {
            turn();
        } catch (RuntimeException | Error e) {
            LOG.warn("What {} serves can't be kept up to date; it serves on as it is", place, e);
        }
    }

    private void turn() {
        turns.hear();
        if (ending) {
            ended = true;
            replan(null, Plan.nothing());
            swap(Lineup.nothing(null, host.now()));
        } else {
            Deployment now = source.newest();
            Rollout rollout = now == null ? null : now.served();
            replan(now, rollout == null ? Plan.nothing() : Plan.of(rollout, sizes, options.memoryBytes()));
            takeBack();
            if (now == null || rollout == null) {
                swap(Lineup.nothing(now, host.now()));
            } else if (isReady(rollout.stable().version())) {
                Map<Long, Loaded<T>> ready = new HashMap<>(loaded);
                ready.keySet().retainAll(plan.fitting());
                swap(Lineup.of(registry, place, now, ready, host.now()));
            }
        }
        retireTheRest();
        publish();
        proceed();
        setAlarm();
    }

    /** A version that is wanted again and still leased is as good as one that was loaded just now, and there at once. */
    private void takeBack() {
        Set<Long> missing = new HashSet<>(plan.fitting());
        missing.removeAll(loaded.keySet());
        drain.takeBack(missing).forEach(one -> loaded.put(one.version().number(), one));
    }

    private boolean isReady(long version) {
        return loaded.containsKey(version) && plan.fitting().contains(version);
    }

    private void replan(@Nullable Deployment now, Plan next) {
        boolean changed = now == null
                ? newest != null
                : newest == null || !newest.revision().equals(now.revision());
        newest = now;
        plan = next;
        if (changed) {
            failures.forgive(next.all());
            leftOut.clear();
        }
    }

    private void swap(Lineup<T> next) {
        if (next.isLike(lineup)) {
            return;
        }
        lineup = next;
        if (!ending) {
            publish();
            listener.swapped(status());
        }
    }

    /** What is neither wanted nor serving. */
    private void retireTheRest() {
        Set<Loaded<T>> seated = lineup.seated();
        List<Loaded<T>> retired = loaded.values().stream()
                .filter(one -> !seated.contains(one)
                        && !plan.fitting().contains(one.version().number()))
                .toList();
        for (Loaded<T> one : retired) {
            loaded.remove(one.version().number());
            drain.add(one);
            one.letGo();
        }
        Set<Long> known = new HashSet<>(plan.all());
        known.addAll(loaded.keySet());
        known.addAll(drain.versions());
        records.keySet().retainAll(known);
        sizes.keySet().retainAll(known);
    }

    // ---- work of others

    /** Has the next version made ready, one at a time. */
    private void proceed() {
        if (busy || ending) {
            return;
        }
        for (long version : plan.fitting()) {
            if (!loaded.containsKey(version) && !failures.isResting(version)) {
                if (!sizes.containsKey(version)) {
                    start(version, () -> measure(version));
                    return;
                } else if (drain.nanosToWait() <= 0) {
                    ModelVersion record = Objects.requireNonNull(records.get(version));
                    start(version, () -> load(record));
                    return;
                }
            }
        }
        leaveOut();
    }

    private void start(long version, Runnable task) {
        busy = true;
        try {
            tasks.execute(work, () -> beginUnlessEnding(task));
        } catch (RuntimeException | Error e) {
            busy = false;
            failed(id(version), Stage.DOWNLOAD, e);
        }
    }

    private void beginUnlessEnding(Runnable task) {
        if (ending) {
            done(() -> {});
        } else {
            task.run();
        }
    }

    private void measure(long version) {
        try {
            ModelVersion record = source.version(id(version));
            long size = loader.sizeBytes().applyAsLong(record);
            if (size < 0) {
                throw new IllegalStateException("The loader says that " + record.id() + " takes " + size + " bytes");
            }
            done(() -> {
                records.put(version, record);
                sizes.put(version, size);
            });
        } catch (Throwable e) { // the size comes from somebody's code, which may throw what it doesn't declare
            done(() -> failed(id(version), Stage.DOWNLOAD, e));
        }
    }

    private void load(ModelVersion record) {
        Attempt<T> attempt = new Attempt<>(source, loader);
        try {
            Loaded<T> ready = new Loaded<>(record, attempt.run(record), this::close);
            done(() -> {
                loaded.put(record.number(), ready);
                failures.remove(record.number());
            });
        } catch (Throwable e) { // an error in somebody's loader is a reason not to serve this version
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            done(() -> failed(record.id(), attempt.stage(), e));
        }
    }

    private void done(Runnable result) {
        turns.tell(() -> {
            busy = false;
            result.run();
        });
        signal();
    }

    /** Called once for each version that nobody holds any more. */
    private void close(Loaded<T> unused) {
        Runnable closing = () -> {
            Attempt.close(loader, unused.version(), unused.model());
            source.release(unused.version());
            turns.tell(() -> drain.remove(unused));
            signal();
        };
        try {
            tasks.execute(host.executor(), closing);
        } catch (RuntimeException | Error e) {
            LOG.debug("Nobody else can close the model of {}", unused.version().id(), e);
            tasks.during(closing);
        }
    }

    private void failed(VersionId id, Stage stage, Throwable cause) {
        if (ending) {
            return;
        }
        LoadFailure failure = failures.add(id, stage, cause);
        if (failure.times() == 1) {
            LOG.warn("{} goes on as it is: {}", place, failure, cause);
        } else {
            LOG.debug("{} goes on as it is: {}", place, failure, cause);
        }
        publish();
        listener.failed(failure);
    }

    /** Says of what has no room that it isn't served, and has its files here for when it has. */
    private void leaveOut() {
        for (long version : plan.tooMuch()) {
            if (!leftOut.add(version)) {
                continue;
            }
            Rollout rollout = newest == null ? null : newest.served();
            if (rollout != null && rollout.stable().version() == version) {
                failed(
                        id(version),
                        Stage.BUDGET,
                        new IllegalStateException(id(version) + " takes " + sizes.get(version)
                                + " bytes of memory, and " + options.memoryBytes() + " are allowed"));
                continue;
            }
            LOG.warn(
                    "{} has no room beside the other arms of {}: it takes {} bytes of the {} for all. The stable arm answers for"
                            + " it",
                    id(version),
                    place,
                    sizes.get(version),
                    options.memoryBytes());
            ModelVersion record = records.get(version);
            if (record != null) {
                start(version, () -> fetch(record));
                return;
            }
        }
    }

    private void fetch(ModelVersion record) {
        try {
            source.download(record);
            source.release(record); // they stay for an hour, and longer if there is room
        } catch (RuntimeException | Error e) {
            LOG.debug("{} can't be fetched ahead", record.id(), e);
        } finally {
            done(() -> {});
        }
    }

    /** Does what the executor hasn't begun. */
    void help() {
        tasks.help();
    }

    /** Whether the calling thread is busy for this handle: a listener or a loader calls. */
    boolean isCaller() {
        return tasks.isCaller();
    }

    // ---- time

    private void setAlarm() {
        long next = failures.untilNext().orElse(Long.MAX_VALUE);
        long drained = drain.nanosToWait();
        next = drained > 0 ? Math.min(next, drained) : next;
        if (ending || next == Long.MAX_VALUE) {
            alarm.cancel();
        } else {
            alarm.set(Duration.ofNanos(next), this::signal);
        }
    }

    // ---- for others

    private void publish() {
        boolean over = ended && loaded.isEmpty() && drain.isEmpty() && !busy;
        state = new State<>(lineup, newest, plan, failures.all(), drain.since(), Set.copyOf(loaded.values()), over);
    }

    HandleStatus status() {
        return Statuses.of(place, state, source.age());
    }

    private VersionId id(long version) {
        return new VersionId(place.model(), version);
    }
}
