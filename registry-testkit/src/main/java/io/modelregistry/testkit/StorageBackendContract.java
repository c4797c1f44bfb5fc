package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of {@link StorageBackend} as tests: extend it, say how to make an empty store and how to open it, and run it with
 * JUnit. A backend that passes behaves as the registry relies on.
 *
 * <pre>{@code
 * class MyBackendTest extends StorageBackendContract {
 *     @TempDir Path folder;
 *
 *     @Override protected void freshStore() throws Exception { ... }
 *     @Override protected StorageBackend open(Host host) { return new MyBackend(folder, host); }
 * }
 * }</pre>
 *
 * <p>What cannot be seen from outside, and a backend's own tests must show:
 * <ul>
 *   <li>that acknowledged objects, and those that {@code get} and {@code EXISTS} speak of, survive a power cut;
 *   <li>that {@code create} makes exactly one attempt on the wire, and a bad key none;
 *   <li>which kind of failure each error of the store becomes: here the store is healthy, and the only failures met are those of
 *       interrupted and closed clients, and {@code UNKNOWN} in a race;
 *   <li>that {@code storeTime} asks the store only when it has to;
 *   <li>that {@code close} releases everything, that no location shows credentials, and that deleting on a versioned bucket leaves no
 *       version.
 * </ul>
 * What happens when one key is the folder of another is left open: the registry makes no such keys.
 *
 * <p>Concurrent tests meet at barriers; nothing sleeps, and the time limit only ends a test that hangs.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class StorageBackendContract
        implements KeyContract,
                CreateContract,
                GetContract,
                OverwriteContract,
                ListContract,
                ListPagingContract,
                UploadContract,
                ReadContract,
                DeleteContract,
                TimeContract,
                ThreadContract,
                InterruptContract,
                CloseContract,
                RaceContract {
    private final Host host = Host.system();
    private final List<StorageBackend> clients = new ArrayList<>();
    private @Nullable StorageBackend backend;

    /** Makes an empty store for the next test. */
    protected abstract void freshStore() throws Exception;

    /** Opens another client of the store that {@link #freshStore} made, as another process would. The contract closes it. */
    protected abstract StorageBackend open(Host host) throws Exception;

    /** Removes the store of the test that has ended. Does nothing unless overridden. */
    protected void dropStore() throws Exception {}

    /** The machine that clients run on; the real one unless overridden. */
    @Override
    public Host host() {
        return host;
    }

    /**
     * Whether {@code upload} to a standing key leaves the source unread; true unless overridden. To override for a store that sees
     * the key only after the content.
     */
    @Override
    public boolean tellsBeforehandThatABlobStands() {
        return true;
    }

    /**
     * Whether a delete spares an object that is deleted and written again at the very same time; true unless overridden. To override
     * for a store that has no conditional delete; those of a generation that was gone before the call do nothing on any store.
     */
    @Override
    public boolean deletesByGenerationAtomically() {
        return true;
    }

    /**
     * Whether an object that is deleted and written again within a second with the same bytes has another generation; true unless
     * overridden. To override for a store that names objects by their content.
     */
    @Override
    public boolean tellsIncarnationsOfEqualBytesApart() {
        return true;
    }

    /** The client that most tests use. */
    @Override
    public final StorageBackend backend() {
        if (backend == null) {
            backend = anotherClient();
        }
        return backend;
    }

    /** A further client of the same store. */
    @Override
    public final StorageBackend anotherClient() {
        return client(host());
    }

    /** A further client of the same store on this machine. */
    @Override
    public final StorageBackend client(Host itsHost) {
        try {
            StorageBackend client = open(itsHost);
            clients.add(client);
            return client;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("Cannot open the store", e);
        }
    }

    @BeforeEach
    final void beginWithAnEmptyStore() throws Exception {
        freshStore();
    }

    @AfterEach
    final void closeAllClients() throws Exception {
        clients.forEach(StorageBackend::close);
        dropStore();
    }
}
