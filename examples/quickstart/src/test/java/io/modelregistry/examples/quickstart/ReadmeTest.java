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

/** The Java in the README is {@link FirstModel}, and what it prints is there too. */
class ReadmeTest {

    private static final Path README = Path.of("../../README.md");
    private static final Path SOURCE = Path.of("src/test/java/io/modelregistry/examples/quickstart/FirstModel.java");

    @Test
    void theReadmeShowsFirstModelAsItIs() throws IOException {
        assertThat(block("java"))
                .as("the Java in README.md, which has to be all of FirstModel.java but its package")
                .isEqualTo(Files.readString(SOURCE).replaceFirst("package .*;\n\n", ""));
    }

    @Test
    void firstModelPrintsWhatTheReadmeSays(@TempDir Path folder) throws Exception {
        assertThat(run(folder)).isEqualTo(block("text"));
        assertThat(run(folder)).startsWith("tumor-classifier@2: {\"bias\": 0.25}\nclean:");
    }

    /** The first block of code in the README that is marked so. */
    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /** In a JVM of its own, which has the folder as its working directory. */
    private static String run(Path folder) throws IOException, InterruptedException {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + folder,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        FirstModel.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        java.environment().remove("XDG_CACHE_HOME");
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
