package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.RegistryException;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open no more files. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class ScarceDescriptorsTest {
    @TempDir
    Path folder;

    @Test
    void aDownloadWithoutDescriptorsSaysSoLeavesNoneOpenAndWorksOnceThereAreSome() throws Exception {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n 256; exec \"$@\"",
                        "bash",
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:-MaxFDLimit",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(output.lines())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("StoreUnavailableException Can't write to " + folder + "/cache: ")
                                .contains("Too many open files")
                                .endsWith("The registry is untouched; try again"),
                        second -> assertThat(second).isEqualTo("more open than before: 0"),
                        third -> assertThat(third).isEqualTo("downloaded 3 files"));
    }

    /** What runs in the other JVM. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws IOException {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8.name());
            Path folder = Path.of(arguments[0]);
            ArtifactRig rig = new ArtifactRig(folder.resolve("cache"));
            ModelVersion known = rig.register(Registration.empty().file("a.bin", noise(1, 1_000)));
            ModelVersion version = rig.register(Registration.empty()
                    .file("a.bin", noise(2, 100_000))
                    .file("b.bin", noise(3, 100_000))
                    .file("c/d.bin", noise(4, 100_000)));
            rig.download(known); // classes are read from files, too
            Path file = Files.createFile(folder.resolve("file"));
            fail(new ArtifactRig(file.resolve("cache")), known);
            long before = open();

            List<InputStream> others = takeAll(file);
            String problem = fail(rig, version);
            for (InputStream other : others) {
                other.close();
            }

            out.println(problem);
            out.println("more open than before: " + (open() - before));
            try (Stream<Path> files = Files.walk(rig.download(version))) {
                out.println("downloaded " + files.filter(Files::isRegularFile).count() + " files");
            }
        }

        private static String fail(ArtifactRig rig, ModelVersion version) {
            try {
                rig.download(version);
                return "nothing failed";
            } catch (RegistryException e) {
                return e.getClass().getSimpleName() + " " + e.getMessage();
            }
        }

        private static List<InputStream> takeAll(Path file) {
            List<InputStream> streams = new ArrayList<>();
            try {
                while (true) {
                    streams.add(Files.newInputStream(file));
                }
            } catch (IOException e) {
                return streams;
            }
        }

        private static long open() throws IOException {
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                return descriptors.count();
            }
        }
    }
}
