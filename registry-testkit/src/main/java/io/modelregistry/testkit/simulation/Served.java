package io.modelregistry.testkit.simulation;

import io.modelregistry.version.ModelVersion;

/** A model that a process loaded. Not thread-safe. */
final class Served implements AutoCloseable {
    private final World world;
    private final ModelVersion version;
    private int leases;
    private int closed;

    Served(World world, ModelVersion version) {
        this.world = world;
        this.version = version;
    }

    long version() {
        return version.number();
    }

    void lease() {
        leases++;
    }

    void giveBack() {
        leases--;
    }

    boolean isClosed() {
        return closed > 0;
    }

    @Override
    public void close() {
        closed++;
        if (closed > 1 || leases > 0) {
            world.remember(new Violation(
                    "serving", version.id() + " is closed for the " + closed + ". time while " + leases + " have it"));
        }
    }
}
