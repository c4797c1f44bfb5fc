package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.webhooks.WebhookStatus.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PositionFileTest extends WebhookFixture {

    @Test
    void killedBetweenTheAnswerAndThePositionTheNextProcessTellsItAgainUnderTheSameId() throws IOException {
        WebhookPublisher killed = publisher(webhook);
        production.promote(1, "first");
        production.promote(2, "second");
        Path obstacle = obstructSaving();

        List<Delivery> told = killed.publish();
        Files.delete(obstacle);
        publisher(webhook).publish();

        assertThat(told)
                .singleElement()
                .satisfies(d -> assertThat(d.isAcknowledged()).isTrue());
        assertThat(receiver.told()).containsExactly("promote version 1", "promote version 1", "promote version 2");
        assertThat(receiver.requests().get(0).id())
                .isEqualTo(receiver.requests().get(1).id());
        assertThat(receiver.requests().get(0).body())
                .isEqualTo(receiver.requests().get(1).body());
    }

    @Test
    void whatCouldNotBeSavedIsSavedLaterAndNotToldAgainByTheSameProcess() throws IOException {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        production.promote(2, "second");
        Path obstacle = obstructSaving();
        publisher.publish();
        assertThat(only(publisher).state()).isEqualTo(State.RETRYING);
        assertThat(only(publisher).lastFailure())
                .hasValueSatisfying(failure -> assertThat(failure.reason())
                        .startsWith("its position " + position() + " can't be read or saved: "));

        Files.delete(obstacle);
        receiver.then(Receiver.status(500));
        host.advance(Duration.ofSeconds(6));
        publisher.publish();
        publisher(webhook).publish();

        assertThat(receiver.told()).containsExactly("promote version 1", "promote version 2", "promote version 2");
    }

    @Test
    void aDamagedPositionIsRefusedWithItsNameAndTheWayOut() throws IOException {
        publisher(webhook).close();
        byte[] whole = Files.readAllBytes(position());

        for (int length = 0; length < whole.length; length += 7) {
            Files.write(position(), Arrays.copyOf(whole, length));
            requireRefused("it isn't what was written: ");
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(position(), changed);
            requireRefused("it isn't what was written: ");
        }
        assertThatThrownBy(() -> publisher(webhook)).isInstanceOf(InvalidRequestException.class);
        Files.write(position(), whole);
        publisher(webhook).close();
    }

    @Test
    void aPositionThatIsDamagedWhileThePublisherRunsStopsItUntilItIsMended() throws IOException {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        byte[] whole = Files.readAllBytes(position());
        Files.write(position(), new byte[0]);

        List<Delivery> none = publisher.publish();
        Files.write(position(), whole);
        host.advance(Duration.ofSeconds(6));
        List<Delivery> one = publisher.publish();

        assertThat(none).isEmpty();
        assertThat(one).hasSize(1);
        assertThat(only(publisher).lastFailure())
                .hasValueSatisfying(
                        failure -> assertThat(failure.reason()).startsWith("The webhook's position " + position()));
    }

    @Test
    void thePositionOfAnotherWebhookIsRefused() throws IOException {
        publisher(webhook).close();
        Path mine = position();
        try (Receiver other = new Receiver()) {
            publisher(Webhook.to(other.address(), SECRET)).close();
            Path others;
            try (Stream<Path> files = Files.list(folder)) {
                others = files.filter(f -> f.toString().endsWith(".position") && !f.equals(mine))
                        .findFirst()
                        .orElseThrow();
            }
            Files.write(mine, Files.readAllBytes(others));
        }

        requireRefused(mine, "it is of another webhook or registry");
    }

    @Test
    void twoRegistriesMayShareAFolder() {
        try (ModelRegistry other = ModelRegistry.on(new MemoryStore(host).open(), RegistryOptions.defaults(), host)) {
            publisher(webhook);
            WebhookPublisher second = WebhookPublisher.of(other, folder, host, webhook);

            second.publish();

            assertThat(only(second).state()).isEqualTo(State.WORKING);
            assertThat(only(second).position().registry()).isEqualTo(other.id());
        }
    }

    @Test
    void aPositionThatSomebodyRemovesIsWrittenAgainAndNothingIsLost() throws IOException {
        WebhookPublisher publisher = publisher(webhook);
        publisher.publish();
        production.promote(1, "first");
        Files.delete(position());

        publisher.publish();
        publisher(webhook).publish();

        assertThat(receiver.told()).containsExactly("promote version 1");
    }

    @Test
    void neitherTheEndpointNorASecretIsInTheFolder() throws IOException {
        publisher(webhook).close();

        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(file.toString()).doesNotContain("token");
                assertThat(Files.readString(file))
                        .doesNotContain("token")
                        .doesNotContain("127.0.0.1")
                        .doesNotContain("MfKQ");
            }
        }
    }

    @Test
    void whileAnotherProcessHasAWebhookItIsLeftToIt() throws Exception {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        Path lock = Path.of(position().toString().replace(".position", ".lock"));
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream held = other.getInputStream()) {
            assertThat(held.read()).isEqualTo('h');

            assertThat(publisher.publish()).isEmpty();
            assertThat(only(publisher).state()).isEqualTo(State.WORKING);
        } finally {
            other.destroyForcibly().waitFor();
        }

        assertThat(publisher.publish()).hasSize(1);
    }

    private void requireRefused(String why) {
        requireRefused(position(), why);
    }

    private void requireRefused(Path file, String why) {
        PositionFile position = open();
        assertThatThrownBy(position::read)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The webhook's position " + file + " can't be used: " + why)
                .hasMessageEndingWith(
                        ". Put a copy of it back, or delete it while no publisher runs: the webhook then begins at"
                                + " the present, and what happened since it was last told isn't sent");
    }

    /** No file can be written where a folder stands. */
    private Path obstructSaving() throws IOException {
        return Files.createDirectory(Path.of(position().toString().replace(".position", ".partial")));
    }

    private Path position() {
        return open().path();
    }

    private PositionFile open() {
        try {
            return PositionFile.of(folder, registry.id(), webhook);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
