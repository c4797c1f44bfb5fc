package io.modelregistry.store.fs;

import io.modelregistry.ModelRegistry;
import io.modelregistry.core.LogBackedRegistryProvider;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Starts classes of the tests in processes of their own, as quickly as a JVM starts. */
final class Jvm {
    private final String classPath;
    private final List<String> options;

    private Jvm(String classPath, List<String> options) {
        this.classPath = classPath;
        this.options = options;
    }

    static Jvm plain() {
        return new Jvm(testClassPath(), List.of());
    }

    static String testClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** With folders of classes that come before the real ones. */
    Jvm before(List<Path> folders) {
        String first = String.join(
                File.pathSeparator, folders.stream().map(Path::toString).toList());
        return folders.isEmpty() ? this : new Jvm(first + File.pathSeparator + classPath, options);
    }

    /**
     * With the class path in jars, which is what an archive of loaded classes needs: such a JVM takes half the time. The first
     * process that starts and exits so {@linkplain #training writes} the archive.
     */
    Jvm inJars(Path scratch) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String element : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(element);
            jars.add(Files.isDirectory(path) ? jar(path, scratch.resolve(jars.size() + ".jar")) : element);
        }
        return new Jvm(
                String.join(File.pathSeparator, jars),
                List.of("-XX:SharedArchiveFile=" + scratch.resolve("classes.jsa")));
    }

    Jvm training() {
        return new Jvm(
                classPath,
                options.stream()
                        .map(option -> option.replace("SharedArchiveFile", "ArchiveClassesAtExit"))
                        .toList());
    }

    private static String jar(Path folder, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return jar.toString();
    }

    Process start(Class<?> main, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Xlog:disable",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Lets a process that waits for a word go on. */
    static void letGo(Process process) throws IOException {
        OutputStream word = process.getOutputStream();
        word.write('\n');
        word.flush();
    }

    /** Loads every class of the registry into this JVM, from folders or from jars. */
    static void loadRegistryClasses() throws IOException, ClassNotFoundException {
        for (Class<?> one : List.of(ModelRegistry.class, LogBackedRegistryProvider.class, FileBackend.class)) {
            URI file = file(one);
            if (file.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(file, Map.of())) {
                    loadClasses(jar.getPath("/"), one.getClassLoader());
                }
            } else {
                loadClasses(folder(one), one.getClassLoader());
            }
        }
    }

    private static void loadClasses(Path folder, ClassLoader loader) throws IOException, ClassNotFoundException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = folder.relativize(file)
                        .toString()
                        .replace(File.separatorChar, '.')
                        .replace('/', '.');
                Class.forName(name.substring(0, name.length() - ".class".length()), true, loader);
            }
        }
    }

    /** The folder that a class of this module lies in. */
    static Path folder(Class<?> one) {
        Path folder = Path.of(file(one));
        for (int level = 0; level < one.getName().split("\\.", -1).length; level++) {
            folder = ObjectTree.parent(folder);
        }
        return folder;
    }

    private static URI file(Class<?> one) {
        try {
            return Objects.requireNonNull(one.getResource("/" + one.getName().replace('.', '/') + ".class"))
                    .toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
