package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.modelregistry.core.json.JsonFormat;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/webhooks.md shows is what is sent, and what it says to verify it with verifies it. */
class WebhooksGuideTest extends WebhookFixture {
    private static final Path GUIDE = Path.of("../docs/webhooks.md");
    private static final Path VERIFIER = Path.of("src/test/java/io/modelregistry/webhooks/WebhookVerifier.java");

    @Test
    void theGuideShowsTheVerifierThatTheTestsUse() throws IOException {
        assertThat(block("java")).isEqualTo(Files.readString(VERIFIER).replaceFirst("package .*;\n\n", ""));
    }

    @Test
    void theGuideShowsARequestAsItIsSent() throws IOException {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(2, "better sensitivity");
        publisher.publish();

        Receiver.Request sent = receiver.requests().get(0);

        assertThat(likeAnyOther("POST /models HTTP/1.1\ncontent-type: " + sent.type() + "\nwebhook-id: " + sent.id()
                        + "\nwebhook-timestamp: " + sent.timestamp() + "\nwebhook-signature: " + sent.signature()
                        + "\n\n"
                        + JsonFormat.indented(JsonFormat.read(sent.body().getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo(likeAnyOther(block("http")));
    }

    @Test
    void theCommandPrintsTheSignature() throws Exception {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(2, "better sensitivity");
        publisher.publish();
        Receiver.Request sent = receiver.requests().get(0);
        assumeTrue(
                Stream.of("bash", "openssl", "base64", "od").allMatch(WebhooksGuideTest::isInstalled),
                "The guide's command was not tried: it takes bash, openssl, base64 and od");
        Files.writeString(folder.resolve("body"), sent.body());

        ProcessBuilder bash = new ProcessBuilder("bash", "-c", block("bash"))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        bash.environment().put("SECRET", SECRET);
        bash.environment().put("ID", sent.id());
        bash.environment().put("TIMESTAMP", sent.timestamp());
        Process process = bash.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(printed).isZero();
        assertThat("v1," + printed.strip()).isEqualTo(sent.signature());
    }

    private static boolean isInstalled(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Digests and signatures differ with the release that writes the entry. */
    private static String likeAnyOther(String request) {
        return request.replaceAll("[0-9a-f]{64}", "<digest>").replaceAll("v1,[A-Za-z0-9+/=]{44}", "<signature>");
    }

    /** The first block of code in the guide that is marked so. */
    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
