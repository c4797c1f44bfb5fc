package io.modelregistry.testkit.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads given classes, and all of some folders, itself; leaves the rest to its parent. */
final class ChildFirst extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> given;
    private final List<Path> folders;

    ChildFirst(Map<String, byte[]> given, List<Path> folders, ClassLoader parent) {
        super(parent);
        this.given = given;
        this.folders = folders;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            Optional<byte[]> content = Optional.ofNullable(given.get(name)).or(() -> find(name));
            return content.isPresent()
                    ? defineClass(name, content.get(), 0, content.get().length)
                    : super.loadClass(name, resolve);
        }
    }

    private Optional<byte[]> find(String name) {
        for (Path folder : folders) {
            Path file = folder.resolve(name.replace('.', '/') + ".class");
            if (Files.exists(file)) {
                try {
                    return Optional.of(Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException("The class " + name + " can't be read", e);
                }
            }
        }
        return Optional.empty();
    }
}
