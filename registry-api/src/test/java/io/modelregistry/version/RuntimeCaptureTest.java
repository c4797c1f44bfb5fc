package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Digest;
import io.modelregistry.version.RuntimeSnapshot.Library;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The class path of the process that trained a version, as an auditor will read it. */
final class RuntimeCaptureTest {
    private static final String POM = "META-INF/maven/org.example/lib/pom.properties";
    private static final byte[] COORDINATES = pom("org.example", "lib", "1.2.3");

    @TempDir
    private Path folder;

    @Test
    void thisProcessIsDescribedWithItsRealClassPath() throws Exception {
        RuntimeSnapshot runtime = RuntimeSnapshot.capture();

        assertThat(runtime.javaVersion()).isEqualTo(System.getProperty("java.version"));
        assertThat(runtime.operatingSystem()).startsWith(System.getProperty("os.name"));
        assertThat(runtime.architecture()).isEqualTo(System.getProperty("os.arch"));
        assertThat(runtime.sdkVersion()).isEqualTo(RuntimeSnapshot.sdk()).isNotBlank();
        Path junit = jarOf(Test.class);
        assertThat(runtime.classPath())
                .contains(new Library(junit.getFileName().toString(), Digest.of(Files.readAllBytes(junit))));
        Path assertj = jarOf(Assertions.class);
        assertThat(runtime.classPath())
                .filteredOn(library -> library.name().startsWith("org.assertj:assertj-core:"))
                .extracting(Library::digest)
                .containsExactly(Digest.of(Files.readAllBytes(assertj)));
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void aJarIsNamedByItsCoordinatesAndItsWholeContent() throws IOException {
        Path jar = jar("lib.jar", Map.of("A.class", new byte[] {1}, POM, COORDINATES));

        assertThat(RuntimeCapture.classPath(jar.toString()))
                .containsExactly(new Library("org.example:lib:1.2.3", digest(jar)));
    }

    @Test
    void aJarWithoutCoordinatesIsNamedByItsFile() throws IOException {
        Path plain = jar("plain.jar", Map.of("A.class", new byte[] {1}));
        Path partial = jar("partial.jar", Map.of(POM, "groupId=org.example\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(RuntimeCapture.classPath(plain + File.pathSeparator + partial))
                .containsExactly(new Library("plain.jar", digest(plain)), new Library("partial.jar", digest(partial)));
    }

    @Test
    void aShadedJarIsNoneOfTheLibrariesItHolds() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("META-INF/maven/org.example/a/pom.properties", pom("org.example", "a", "1"));
        entries.put("META-INF/maven/org.example/b/pom.properties", pom("org.example", "b", "2"));
        Path jar = jar("shaded.jar", entries);

        assertThat(RuntimeCapture.classPath(jar.toString())).containsExactly(new Library("shaded.jar", digest(jar)));
    }

    @Test
    void anExecutableJarIsListedWithTheLibrariesInside() throws IOException {
        byte[] library = Files.readAllBytes(jar("lib.jar", Map.of(POM, COORDINATES)));
        byte[] nested = Files.readAllBytes(jar("nested.jar", Map.of("deep.jar", library)));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("BOOT-INF/lib/lib.jar", library);
        entries.put("BOOT-INF/lib/nested.jar", nested);
        entries.put(POM, pom("org.example", "application", "9"));
        Path application = jar("application.jar", entries);

        assertThat(RuntimeCapture.classPath(application.toString()))
                .containsExactly(
                        new Library("org.example:application:9", digest(application)),
                        new Library("org.example:lib:1.2.3", Digest.of(library)),
                        new Library("nested.jar", Digest.of(nested)));
    }

    @Test
    void aFolderOrAMissingElementIsNamedWithoutADigest() throws IOException {
        Files.createDirectory(folder.resolve("classes"));

        assertThat(RuntimeCapture.classPath(String.join(
                        File.pathSeparator,
                        folder.resolve("classes").toString(),
                        "",
                        folder.resolve("gone.jar").toString())))
                .containsExactly(new Library("classes", null), new Library("gone.jar", null));
    }

    @Test
    void aFileThatIsNoJarIsNamedAndHashed() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a jar");

        assertThat(RuntimeCapture.classPath(text.toString())).containsExactly(new Library("notes.txt", digest(text)));
    }

    @Test
    void aJarThatBreaksOffIsNamedWithoutADigestAndTheOthersAreRead() throws IOException {
        byte[] random = new byte[50_000];
        new java.util.Random(7).nextBytes(random);
        byte[] whole = Files.readAllBytes(jar("whole.jar", Map.of("A.class", random)));
        Path cut = Files.write(folder.resolve("cut.jar"), Arrays.copyOf(whole, whole.length / 2));
        Path good = jar("good.jar", Map.of(POM, COORDINATES));

        assertThat(RuntimeCapture.classPath(cut + File.pathSeparator + good))
                .containsExactly(new Library("cut.jar", null), new Library("org.example:lib:1.2.3", digest(good)));
    }

    @Test
    void aJarWithAnEntryWhoseNameIsNoTextIsNamedWithoutADigest() throws IOException {
        byte[] content = Files.readAllBytes(jar("name.jar", Map.of("aaaa.class", new byte[] {1})));
        byte[] name = "aaaa.class".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + name.length <= content.length; i++) {
            if (Arrays.equals(content, i, i + name.length, name, 0, name.length)) {
                Arrays.fill(content, i, i + 4, (byte) 0xff);
            }
        }
        Path broken = Files.write(folder.resolve("broken.jar"), content);

        assertThat(RuntimeCapture.classPath(broken.toString())).containsExactly(new Library("broken.jar", null));
    }

    @Test
    void aJarWithBrokenPropertiesIsNamedWithoutADigest() throws IOException {
        Path jar = jar("broken.jar", Map.of(POM, "groupId=\\uZZZZ\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(RuntimeCapture.classPath(jar.toString())).containsExactly(new Library("broken.jar", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b.jar", "lib/a\u0000b.jar"})
    void anElementThatIsNoPathIsNamedAsItStands(String element) {
        assertThat(RuntimeCapture.classPath(element)).containsExactly(new Library(element, null));
    }

    @Test
    void aVeryLongClassPathIsCutAndSaysSo() {
        String classPath = String.join(File.pathSeparator, java.util.Collections.nCopies(2_001, "gone.jar"));

        List<Library> libraries = RuntimeCapture.classPath(classPath);

        assertThat(libraries).hasSize(RuntimeSnapshot.MOST_LIBRARIES);
        assertThat(libraries.get(1_998).name()).isEqualTo("gone.jar");
        assertThat(libraries.get(1_999)).isEqualTo(new Library("…", null));
    }

    @Test
    void anExecutableJarWithVeryManyLibrariesIsCutToo() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 2_100; i++) {
            entries.put("lib/" + i + ".jar", new byte[0]);
        }
        Path application = jar("application.jar", entries);

        List<Library> libraries = RuntimeCapture.classPath(application + File.pathSeparator + "after.jar");

        assertThat(libraries).hasSizeLessThanOrEqualTo(RuntimeSnapshot.MOST_LIBRARIES);
        assertThat(libraries.get(libraries.size() - 1)).isEqualTo(new Library("…", null));
    }

    private Path jar(String name, Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                if (content.getKey().endsWith(".jar")) {
                    store(entry, content.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content.getValue());
            }
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    /** Libraries inside an executable jar are stored, not deflated. */
    private static void store(ZipEntry entry, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
    }

    private static byte[] pom(String group, String artifact, String version) {
        return ("groupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Digest digest(Path file) throws IOException {
        return Digest.of(Files.readAllBytes(file));
    }
}
