package io.modelregistry.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A name that isn't ASCII, and a JVM that was started where nobody set a locale. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class PosixLocaleTest {
    private static final String NAME = "na\u00efve.bin";

    @TempDir
    Path folder;

    @Test
    void theErrorNamesTheEncodingAndTheRemedyAndBytesAndStreamsStillWork() throws Exception {
        Files.createDirectory(folder.resolve("source"));
        assertThat(new ProcessBuilder("bash", "-c", "touch " + folder + "/source/$(printf 'na\\303\\257ve.bin')")
                        .start()
                        .waitFor())
                .isZero();

        List<String> lines = run(Map.of("LC_ALL", "POSIX"));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .contains("The name of the file " + folder + "/source/na")
                .contains("this JVM reads and writes file names as ANSI_X3.4-1968 (sun.jnu.encoding)")
                .contains("start it with LC_ALL=C.UTF-8");
        assertThat(lines.get(1)).isEqualTo("registered " + NAME);
        assertThat(lines.get(2))
                .contains("The path \"" + NAME + "\" can't be a file name here")
                .contains("(sun.jnu.encoding)")
                .contains("start it with LC_ALL=C.UTF-8");
        assertThat(lines.get(3)).contains("The path \"" + NAME + "\" can't be a file name here");
        assertThat(folder.resolve("mine")).doesNotExist();
    }

    @Test
    void theRemedyHelps() throws Exception {
        Files.createDirectory(folder.resolve("source"));
        Files.writeString(folder.resolve("source/plain.bin"), "weights");

        assertThat(run(Map.of("LC_ALL", "C.UTF-8")))
                .containsExactly("found plain.bin", "registered " + NAME, "downloaded", "downloaded");
    }

    private List<String> run(Map<String, String> environment) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.add(folder.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.lines().toList();
    }

    /** What runs in the other JVM. */
    static final class Main {
        private Main() {}

        @FunctionalInterface
        interface Step {
            String run();
        }

        public static void main(String[] arguments) throws IOException {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8.name());
            Path folder = Path.of(arguments[0]);
            ArtifactRig rig = new ArtifactRig(folder.resolve("cache"));
            say(
                    out,
                    () -> "found "
                            + rig.artifacts
                                    .prepare(Registration.of(folder.resolve("source")))
                                    .artifact()
                                    .files()
                                    .get(0)
                                    .path());
            ModelVersion version = rig.register(Registration.empty().file(NAME, new byte[] {1}));
            say(
                    out,
                    () -> "registered "
                            + rig.artifacts
                                    .files(ArtifactRig.MODEL, version.artifact())
                                    .get(0)
                                    .path());
            say(out, () -> {
                rig.download(version);
                return "downloaded";
            });
            say(out, () -> {
                rig.artifacts.downloadTo(version, folder.resolve("mine"), Progress.none());
                return "downloaded";
            });
        }

        private static void say(PrintStream out, Step step) {
            try {
                out.println(step.run());
            } catch (InvalidRequestException e) {
                out.println(e.getMessage());
            }
        }
    }
}
