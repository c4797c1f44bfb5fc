package io.modelregistry.core.nth;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.modelregistry.Digest;
import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NoteId;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.core.LogBackedRegistryProvider;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ForwardingBackend;
import io.modelregistry.testkit.ManualHost;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One process: its connection to the store, on which calls go wrong once it is told how, its folder, and the handles it keeps. */
final class Client implements AutoCloseable {
    /** One disk in memory for all; each client has a folder of its own. */
    private static final FileSystem DISK = Jimfs.newFileSystem(
            Configuration.unix().toBuilder().setAttributeViews("posix").build());

    /** Long enough for several attempts, which is all that a longer one would show. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final AtomicLong CLIENTS = new AtomicLong();

    private final Path folder = DISK.getPath("/client" + CLIENTS.incrementAndGet());
    private final MemoryStore store;
    private final FaultyBackend backend;
    private final ManualHost host;
    private volatile FaultPlan plan = FaultPlan.none();
    private long callsBefore;
    private @Nullable ModelRegistry registry;
    private @Nullable Model tumor;
    private @Nullable Environment production;
    private int folders;

    Client(MemoryStore store, ManualHost host) {
        this.store = store;
        this.backend = new FaultyBackend(store.open(), this::fault);
        this.host = host;
    }

    private Fault fault(Call call) {
        return plan.faultFor(sinceBegin(call));
    }

    private Call sinceBegin(Call call) {
        return new Call(call.number() - callsBefore, call.operation(), call.key());
    }

    /** From here on calls are counted anew, from 1, and go wrong as the plan says. */
    void begin(FaultPlan faults) {
        callsBefore = backend.calls().size();
        plan = faults;
    }

    /** Of what is stored, as an omniscient observer knows it: without asking through the connection. */
    Digest digest(String key) {
        return Digest.of(store.bytes(key).orElseThrow());
    }

    /** The one that stands. */
    NoteId note() {
        return store.keys().stream()
                .filter(key -> key.startsWith("notes/tumor/"))
                .map(key -> NoteId.of(key.substring("notes/tumor/".length())))
                .findFirst()
                .orElseGet(() -> registry().version("tumor@1").notes().get(0).id());
    }

    void endFaults() {
        plan = FaultPlan.none();
    }

    /** Those since {@link #begin}. */
    List<Call> calls() {
        List<Call> all = backend.calls();
        return all.subList((int) callsBefore, all.size()).stream()
                .map(this::sinceBegin)
                .toList();
    }

    FaultyBackend backend() {
        return backend;
    }

    ModelRegistry open(Mode mode) {
        // a registry that can't be opened closes its connection; this process tries again with the same one
        StorageBackend connection = new ForwardingBackend(backend) {
            @Override
            public void close() {
                // with the client
            }
        };
        RegistryOptions options = RegistryOptions.defaults()
                .withCacheFolder(folder.resolve("cache"))
                .withOperationTimeout(TIMEOUT);
        registry = new LogBackedRegistryProvider()
                .open(connection, options, host, mode)
                .as("ada");
        tumor = null;
        production = null;
        return registry;
    }

    ModelRegistry registry() {
        return registry == null ? open(Mode.INITIALISE) : registry;
    }

    Model tumor() {
        if (tumor == null) {
            tumor = registry().model("tumor");
        }
        return tumor;
    }

    /** One handle: it remembers the revision that it returned last. */
    Environment production() {
        if (production == null) {
            production = tumor().environment("production");
        }
        return production;
    }

    /** A folder that doesn't exist yet. */
    Path newFolder() {
        folders++;
        return folder.resolve("mine" + folders);
    }

    @Override
    public void close() {
        backend.close();
    }
}
