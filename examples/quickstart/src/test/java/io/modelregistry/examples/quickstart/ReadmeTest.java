package io.modelregistry.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README is {@link FirstModel}, that in docs/rollouts.md {@link GradualRollout}, that in docs/serving.md {@link ServedModel}, and what they print is there too. */
class ReadmeTest {

    private static final Path README = Path.of("../../README.md");
    private static final Path ROLLOUTS = Path.of("../../docs/rollouts.md");
    private static final Path SERVING = Path.of("../../docs/serving.md");
    private static final Path SOURCES = Path.of("src/test/java/io/modelregistry/examples/quickstart");

    @Test
    void theReadmeShowsFirstModelAsItIs() throws IOException {
        assertThat(block(README, "java"))
                .as("the Java in README.md, which has to be all of FirstModel.java but its package")
                .isEqualTo(Files.readString(SOURCES.resolve("FirstModel.java")).replaceFirst("package .*;\n\n", ""));
    }

    @Test
    void firstModelPrintsWhatTheReadmeSays(@TempDir Path folder) throws Exception {
        assertThat(run(FirstModel.class, folder)).isEqualTo(block(README, "text"));
        assertThat(run(FirstModel.class, folder)).startsWith("tumor-classifier@2: {\"bias\": 0.25}\nclean:");
    }

    @Test
    void theGuideToRolloutsShowsGradualRolloutAsItIs() throws IOException {
        assertThat(block(ROLLOUTS, "java"))
                .isEqualTo(
                        Files.readString(SOURCES.resolve("GradualRollout.java")).replaceFirst("package .*;\n\n", ""));
    }

    @Test
    void gradualRolloutPrintsWhatTheGuideSays(@TempDir Path folder) throws Exception {
        assertThat(run(GradualRollout.class, folder)).isEqualTo(block(ROLLOUTS, "text"));
    }

    @Test
    void theGuideToServingShowsServedModelAsItIs() throws IOException {
        assertThat(block(SERVING, "java"))
                .isEqualTo(Files.readString(SOURCES.resolve("ServedModel.java")).replaceFirst("package .*;\n\n", ""));
    }

    @Test
    void servedModelPrintsWhatTheGuideSays(@TempDir Path folder) throws Exception {
        assertThat(run(ServedModel.class, folder)).isEqualTo(block(SERVING, "text"));
    }

    /** The first block of code in a document that is marked so. */
    private static String block(Path document, String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(document));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /** In a JVM of its own, which has the folder as its working directory. */
    private static String run(Class<?> program, Path folder) throws IOException, InterruptedException {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + folder,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        program.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        java.environment().remove("XDG_CACHE_HOME");
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
