package io.modelregistry.version;

import io.modelregistry.Digest;
import io.modelregistry.version.RuntimeSnapshot.Library;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.jspecify.annotations.Nullable;

/** Reads what this process runs with from system properties and the jars on its class path. */
final class RuntimeCapture {
    private static final int BUFFER_BYTES = 1 << 16;

    private RuntimeCapture() {}

    static RuntimeSnapshot capture() {
        return new RuntimeSnapshot(
                System.getProperty("java.version", "unknown"),
                System.getProperty("java.vendor", "unknown"),
                System.getProperty("os.name", "unknown") + " " + System.getProperty("os.version", ""),
                System.getProperty("os.arch", "unknown"),
                sdkVersion(),
                classPath(System.getProperty("java.class.path", "")));
    }

    /** The version in this jar's manifest; {@code development} when it runs from a folder of classes. */
    static String sdkVersion() {
        String version = RuntimeCapture.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static List<Library> classPath(String classPath) {
        List<Library> libraries = new ArrayList<>();
        for (String element : classPath.split(File.pathSeparator, -1)) {
            if (element.isEmpty()) {
                continue;
            }
            if (libraries.size() > RuntimeSnapshot.MOST_LIBRARIES) {
                break;
            }
            addElement(element, libraries);
        }
        if (libraries.size() <= RuntimeSnapshot.MOST_LIBRARIES) {
            return libraries;
        }
        List<Library> cut = new ArrayList<>(libraries.subList(0, RuntimeSnapshot.MOST_LIBRARIES - 1));
        cut.add(new Library("…", null));
        return cut;
    }

    private static void addElement(String element, List<Library> libraries) {
        String name = element;
        try {
            Path path = Path.of(element);
            name = String.valueOf(path.getFileName());
            if (Files.isRegularFile(path)) {
                addJar(name, path, libraries);
                return;
            }
        } catch (IOException | IllegalArgumentException e) {
            // a path that this system can't express, a jar that breaks off, or names in it that are no text
        }
        libraries.add(new Library(name, null));
    }

    private static void addJar(String name, Path path, List<Library> libraries) throws IOException {
        try (InputStream file = Files.newInputStream(path)) {
            addJar(name, file, libraries, true);
        }
    }

    /** Adds a jar and, for an executable jar that carries its libraries inside, those too. */
    private static void addJar(String fileName, InputStream file, List<Library> libraries, boolean outermost)
            throws IOException {
        HashingStream hashed = new HashingStream(file);
        int place = libraries.size();
        List<String> coordinates = new ArrayList<>();
        // not closed: it would close the stream that is still to be hashed to its end
        @SuppressWarnings("resource")
        JarInputStream jar = new JarInputStream(hashed, false);
        for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
            String path = entry.getName();
            if (path.startsWith("META-INF/maven/") && path.endsWith("/pom.properties")) {
                String found = coordinates(jar);
                if (found != null) {
                    coordinates.add(found);
                }
            } else if (outermost && path.endsWith(".jar") && libraries.size() <= RuntimeSnapshot.MOST_LIBRARIES) {
                addJar(path.substring(path.lastIndexOf('/') + 1), jar, libraries, false);
            }
        }
        // a shaded jar holds many coordinates; only a single one names the jar itself
        String name = coordinates.size() == 1 ? coordinates.get(0) : fileName;
        libraries.add(place, new Library(name, hashed.finish()));
    }

    private static @Nullable String coordinates(InputStream pomProperties) throws IOException {
        Properties pom = new Properties();
        pom.load(pomProperties);
        String group = pom.getProperty("groupId");
        String artifact = pom.getProperty("artifactId");
        String version = pom.getProperty("version");
        return group == null || artifact == null || version == null ? null : group + ":" + artifact + ":" + version;
    }

    /** Hashes what is read through it. */
    private static final class HashingStream extends java.io.FilterInputStream {
        private final MessageDigest sha256 = Digest.newSha256();

        HashingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                sha256.update((byte) b);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                sha256.update(buffer, offset, n);
            }
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            return readNBytes((int) Math.min(n, BUFFER_BYTES)).length;
        }

        Digest finish() throws IOException {
            while (read(new byte[BUFFER_BYTES]) >= 0) {
                // the central directory, which no entry covers
            }
            return Digest.ofHash(sha256.digest());
        }
    }
}
