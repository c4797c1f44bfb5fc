package io.modelregistry.testkit.simulation;

import io.modelregistry.Digest;
import io.modelregistry.Environment;
import io.modelregistry.environment.Routing;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.LocalArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A place that a process serves from, with a handle on its models, and the leases that are out. Not thread-safe. */
final class Service {
    private static final int FAILURES_PER_MILLE = 120;
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final World world;
    private final Client process;
    private final String stream;
    private final ModelHandle<Served> handle;
    private final Deque<Lease<Served>> leases = new ArrayDeque<>();
    /** The newest revision that a lease was given by. */
    private long leased;

    /** Loads what is served. */
    Service(World world, Client process, String stream, Environment environment) {
        this.world = world;
        this.process = process;
        this.stream = stream;
        this.handle = environment.serve(
                Loader.of(this::load).warmUp(model -> failAtTimes()),
                ServingOptions.defaults().withDrainTimeout(DRAIN));
    }

    private Served load(LocalArtifact files) throws IOException {
        if (process.isExposed()) {
            world.goOn();
        }
        for (ArtifactFile file : files.files()) {
            Digest found = Digest.of(Files.readAllBytes(files.file(file.path().value())));
            if (!found.equals(file.digest())) {
                world.remember(new Violation(
                        "I12",
                        process + " is given other bytes for " + file + " of "
                                + files.version().id()));
            }
        }
        failAtTimes();
        Served model = new Served(world, files.version());
        process.load(model);
        return model;
    }

    private void failAtTimes() throws IOException {
        if (process.isExposed() && world.tape().chance(FAILURES_PER_MILLE)) {
            process.disturb("LOADER");
            throw new IOException("Simulated: it can't be loaded");
        }
    }

    String stream() {
        return stream;
    }

    HandleStatus status() {
        return handle.status();
    }

    Lease<Served> acquire(Routing routing) {
        Lease<Served> lease = handle.acquire(routing);
        lease.model().lease();
        return lease;
    }

    void keep(Lease<Served> lease) {
        leases.add(lease);
    }

    /** Gives the oldest lease back, if one is out. */
    void giveBack() {
        Lease<Served> oldest = leases.poll();
        if (oldest != null) {
            giveBack(oldest);
        }
    }

    static void giveBack(Lease<Served> lease) {
        lease.model().giveBack();
        lease.close();
    }

    /** Gives everything back and ends. */
    void close() {
        while (!leases.isEmpty()) {
            giveBack();
        }
        handle.close();
    }

    long leased() {
        return leased;
    }

    void lease(long revision) {
        leased = revision;
    }
}
