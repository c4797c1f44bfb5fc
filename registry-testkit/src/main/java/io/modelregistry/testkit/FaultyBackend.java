package io.modelregistry.testkit;

import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client of a store, as a process has it, whose calls go wrong as a {@link FaultPlan} says. The store behind it is real,
 * and what a fault leaves there is real too.
 *
 * <p>Thread-safe. Repeats exactly when one thread uses it.
 */
public final class FaultyBackend implements StorageBackend {
    private final StorageBackend delegate;
    private final FaultPlan plan;
    private final AtomicLong callCount = new AtomicLong();
    private final CallLog log = new CallLog();
    private final LateRequests late;
    private final FirstSeen firstSeen = new FirstSeen();
    private volatile boolean closed;
    private volatile @Nullable Call crashedAt;

    /** @param delegate is closed with this client, or once its last late request has landed */
    public FaultyBackend(StorageBackend delegate, FaultPlan plan) {
        this.delegate = delegate;
        this.plan = plan;
        late = new LateRequests(delegate);
    }

    /** Lands every late request, in the order they were sent, also when this client is closed or crashed; how many there were. */
    public int landLate() {
        return late.landAll();
    }

    /** How many late requests are under way. */
    public int lateRequests() {
        return late.size();
    }

    /** Every call up to the crash, in the order they began. */
    public List<Call> calls() {
        return log.calls();
    }

    /** The faults that did occur, in the order of their calls. */
    public List<InjectedFault> faults() {
        return log.faults();
    }

    public boolean isCrashed() {
        return crashedAt != null;
    }

    @Override
    public String location() {
        return delegate.location();
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        byte[] sent = content.clone(); // a late request keeps what the caller had when it called
        return write(begin(Operation.CREATE, key), () -> delegate.create(key, sent));
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        InjectedFault begun = begin(Operation.GET, key);
        Optional<StoredObject> found = ask(begun, () -> delegate.get(key, limitBytes));
        if (begun.fault().type() == FaultType.STALE) {
            return firstSeen.find(key, limitBytes);
        }
        found.ifPresent(object -> firstSeen.remember(key, object));
        return found.map(object -> Distortion.of(object, begun, limitBytes));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return ask(begin(Operation.STAT, key), () -> delegate.stat(key));
    }

    @Override
    public void overwrite(String key, byte[] content) {
        byte[] sent = content.clone();
        write(begin(Operation.OVERWRITE, key), () -> {
            delegate.overwrite(key, sent);
            return Boolean.TRUE;
        });
        firstSeen.remember(key, new StoredObject(sent, sent.length, Instant.EPOCH));
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        return ask(begin(Operation.LIST, prefix), () -> delegate.list(prefix, depth, startAfter, limit));
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        InjectedFault begun = begin(Operation.UPLOAD, key);
        BlobSource sent = begun.fault().type() == FaultType.LATE_LANDING ? SentBlob.copyOf(source) : source;
        return write(begun, () -> delegate.upload(key, sent));
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        InjectedFault begun = begin(Operation.READ, key);
        InputStream content = ask(begun, () -> delegate.read(key, offset, length));
        return new FaultyStream(content, begun.fault(), length, this::requireNotCrashed);
    }

    @Override
    public void delete(String key, Generation generation) {
        write(begin(Operation.DELETE, key), () -> {
            delegate.delete(key, generation);
            return Boolean.TRUE;
        });
    }

    @Override
    public Instant storeTime() {
        return ask(begin(Operation.STORE_TIME, ""), delegate::storeTime);
    }

    @Override
    public void close() {
        closed = true;
        late.closeWhenLanded();
    }

    private InjectedFault begin(Operation operation, String key) {
        requireNotCrashed();
        if (closed) {
            throw new IllegalStateException("This client of " + location() + " is closed");
        }
        Call call = new Call(callCount.incrementAndGet(), operation, key);
        log.add(call);
        late.landDue(call.number());
        Fault fault = plan.faultFor(call);
        if (!fault.type().canBefall(operation)) {
            throw new AssertionError("The plan has " + fault + " for " + call + ", which cannot happen to it");
        }
        InjectedFault begun = new InjectedFault(call, fault);
        if (fault.type() != FaultType.NONE) {
            log.add(begun);
        }
        return begun;
    }

    private <T> T write(InjectedFault begun, Request<T> request) {
        FaultType type = begun.fault().type();
        return switch (type) {
            case NONE -> request.send();
            case DUPLICATE -> {
                request.send();
                yield request.send();
            }
            case LATE_LANDING -> {
                late.add(begun, request);
                throw type.failureOf(begun.call());
            }
            case CRASH_BEFORE, CRASH_AFTER -> throw crash(begun, request);
            default -> throw failure(begun, request);
        };
    }

    private <T> T ask(InjectedFault begun, Request<T> request) {
        FaultType type = begun.fault().type();
        return switch (type) {
            case NONE, STALE, TORN, EMPTY, GARBAGE, HUGE, FLIPPED, TRUNCATED, BROKEN -> request.send();
            case CRASH_BEFORE, CRASH_AFTER -> throw crash(begun, request);
            default -> throw type.failureOf(begun.call());
        };
    }

    private static StorageException failure(InjectedFault begun, Request<?> request) {
        StorageException failure = begun.fault().type().failureOf(begun.call());
        applyUnheard(begun, request, failure);
        return failure;
    }

    private SimulatedCrash crash(InjectedFault begun, Request<?> request) {
        SimulatedCrash crash = new SimulatedCrash(begun.call());
        crashedAt = begun.call();
        applyUnheard(begun, request, crash);
        return crash;
    }

    private static void applyUnheard(InjectedFault begun, Request<?> request, Throwable told) {
        if (begun.fault().type().isApplied() && begun.call().operation().isWrite()) {
            try {
                request.send();
            } catch (StorageException e) {
                told.addSuppressed(e);
            }
        }
    }

    private void requireNotCrashed() {
        Call call = crashedAt;
        if (call != null) {
            throw new SimulatedCrash(call);
        }
    }
}
