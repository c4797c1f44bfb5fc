package io.modelregistry.store.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Registries in which all that has to come before an operation was done, as often as they are asked for. Thread-safe. */
final class Stages {
    private final Path scratch;
    private final Map<String, Path> models = new ConcurrentHashMap<>();
    private final AtomicInteger copies = new AtomicInteger();

    Stages(Path scratch) {
        this.scratch = scratch;
    }

    /** A fresh folder with the registry in its folder {@code registry}. */
    Path build(WriteOperation operation, Form form) throws IOException {
        Path place = Files.createDirectories(scratch.resolve("stage-" + copies.incrementAndGet()));
        if (operation.needsRegistry()) {
            copy(models.computeIfAbsent(operation + "-" + form, name -> prepare(name, operation, form)), place);
        }
        return place;
    }

    static Path registry(Path place) {
        return place.resolve("registry");
    }

    private Path prepare(String name, WriteOperation operation, Form form) {
        Path place = scratch.resolve(name);
        try (Client client = Client.of(registry(place), form)) {
            operation.prepare(client, Victim.WARM_MODEL);
            operation.prepare(client, Victim.MODEL);
        }
        return place;
    }

    /** With the times, which are part of what is recorded. */
    private static void copy(Path from, Path to) {
        Command.run("cp", "-a", from + "/.", to.toString());
    }

    void remove(Path place) {
        Command.run("rm", "-rf", place.toString());
    }
}
