package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static io.modelregistry.core.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import io.modelregistry.testkit.ForwardingBackend;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests of one process that overtake each other: what is known never gets older. */
final class OvertakingTest {
    private static final String FIRST = KeyLayout.entry(VERSIONS, 1);
    private static final String SECOND = KeyLayout.entry(VERSIONS, 2);

    private final LogFixture fixture = new LogFixture();
    private Runnable before = () -> {};
    private Runnable after = () -> {};

    @Test
    void aSlowReadDoesNotTakeThisProcessBack() {
        fixture.write(VERSIONS, 1);
        EventLog log = fixture.client(overtaken(SECOND)).log(VERSIONS);
        after = () -> {
            fixture.write(VERSIONS, 1);
            assertThat(log.read().sequence()).isEqualTo(2);
        };

        Tip slow = log.read();

        assertThat(slow.sequence()).isEqualTo(1);
        assertThat(log.cached().orElseThrow().sequence()).isEqualTo(2);
    }

    @Test
    void anEntryThatWasReplacedBetweenTwoReadsIsNoticed() {
        fixture.write(VERSIONS, 1);
        EventLog log = fixture.client(overtaken(FIRST)).log(VERSIONS);
        before = () -> {
            log.read();
            fixture.store.put(FIRST, EntryCodec.encode(LogFixture.entry(VERSIONS, LogFixture.state(99))));
        };

        assertThatThrownBy(log::read)
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.TAMPERED))
                .hasMessageStartingWith("The entry " + FIRST + " was sha256:")
                .hasMessageContaining(" now: it was replaced");
        assertThat(log.cached().orElseThrow().state()).isEqualTo(LogFixture.state(1));
    }

    @Test
    void aSlowReadDoesNotMakeOlderWhatAFasterOneConfirmed() {
        fixture.write(VERSIONS, 1);
        EventLog log = fixture.client(overtaken(FIRST)).log(VERSIONS);
        before = () -> {
            fixture.host.advance(Duration.ofSeconds(10));
            log.read();
        };

        log.read();

        assertThat(log.sinceConfirmed()).isZero();
    }

    @Test
    void learningTheTimeOfAnOlderEntryDoesNotTakeThisProcessBack() {
        Streams client = fixture.client(overtaken(FIRST));
        EventLog log = client.log(VERSIONS);
        append(client, VERSIONS);
        fixture.write(VERSIONS, 1);
        before = log::read;

        log.pinTip();

        assertThat(log.cached().orElseThrow().sequence()).isEqualTo(2);
    }

    @Test
    void aMonotonicClockMayBeNegative() {
        Host host = (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(),
                new Class<?>[] {Host.class},
                (proxy, method, args) -> method.getName().equals("nanoTime")
                        ? fixture.host.nanoTime() - Duration.ofDays(1).toNanos()
                        : method.invoke(fixture.host, args));
        EventLog log = new Streams(
                        new Store(fixture.store.open(), host, Duration.ofSeconds(60)), LogFixture.REGISTRY, "test")
                .log(VERSIONS);
        log.read();

        fixture.host.advance(Duration.ofSeconds(10));

        assertThat(log.sinceConfirmed()).isEqualTo(Duration.ofSeconds(10));
    }

    /** The first request for a key, once there is something to do, is overtaken by that. */
    private StorageBackend overtaken(String key) {
        return new ForwardingBackend(fixture.store.open()) {
            @Override
            public Optional<StoredObject> get(String asked, int limitBytes) {
                if (asked.equals(key)) {
                    takeBefore().run();
                }
                Optional<StoredObject> answer = super.get(asked, limitBytes);
                if (asked.equals(key)) {
                    takeAfter().run();
                }
                return answer;
            }

            @Override
            public Optional<ObjectInfo> stat(String asked) {
                if (asked.equals(key)) {
                    takeBefore().run();
                }
                return super.stat(asked);
            }
        };
    }

    private Runnable takeBefore() {
        Runnable taken = before;
        before = () -> {};
        return taken;
    }

    private Runnable takeAfter() {
        Runnable taken = after;
        after = () -> {};
        return taken;
    }
}
