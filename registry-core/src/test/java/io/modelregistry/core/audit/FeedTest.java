package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Position;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultRates;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeedTest {
    private final ManualHost host = new ManualHost();
    private final MemoryStore store = new MemoryStore(host);
    private final ModelRegistry ada = client("ada");

    @Test
    void everythingIsToldOnceAndThenNothingUntilSomethingHappens() {
        aLittle();

        Changes all = ada.changes(Position.beginning());
        Changes none = ada.changes(all.next());
        ada.version("tumor@1").deprecate("drift");
        Changes one = ada.changes(none.next());

        assertThat(all.events())
                .extracting(event -> event.what() + " " + event.subject())
                .containsExactly(
                        "claim tumor",
                        "register tumor@1",
                        "claim label v1.0",
                        "submit tumor@1",
                        "approve tumor@1",
                        "promote production");
        assertThat(all.more()).isFalse();
        assertThat(none.events()).isEmpty();
        assertThat(none.next()).isEqualTo(all.next());
        assertThat(one.events()).singleElement().satisfies(event -> {
            assertThat(event.what()).isEqualTo("deprecate");
            assertThat(event.before()).isEqualTo("approved");
            assertThat(event.after()).isEqualTo("deprecated");
        });
    }

    @Test
    void theEventsAreThoseOfTheHistory() {
        aLittle();
        ada.version("tumor@1").evaluate(Evaluation.of("weekly", Metric.higherIsBetter("auc", 0.9)));
        host.advance(Duration.ofMinutes(1));
        ada.version("tumor@1").deprecate("drift");

        assertThat(ada.changes(Position.beginning()).events())
                .isEqualTo(ada.model("tumor").history());
    }

    @Test
    void thePresentHasNothingAfterItUntilSomethingHappens() {
        aLittle();

        Position present = ada.position();
        ada.model("lung").register(model("one"));

        assertThat(ada.changes(present).events())
                .extracting(AuditEvent::subject)
                .containsExactly("lung", "lung@1");
    }

    @Test
    void smallPagesTellTheSameAsALargeOneAndSaySoWhenThereIsMore() {
        for (int i = 0; i < 5; i++) {
            ada.model("model-" + i % 2).register(model("weights " + i));
            ada.version("model-" + i % 2 + "@" + (1 + i / 2)).submit("please");
        }
        Set<String> expected = revisions(ada.changes(Position.beginning()).events());

        for (int size = 1; size <= 12; size++) {
            List<AuditEvent> events = new ArrayList<>();
            Position position = Position.beginning();
            Changes page;
            do {
                page = ada.changes(Position.parse(position.toString()), size);
                assertThat(page.events()).hasSizeBetween(1, size);
                events.addAll(page.events());
                position = page.next();
            } while (page.more());
            assertThat(events).hasSize(12);
            assertThat(revisions(events)).isEqualTo(expected);
            requireStreamOrder(events);
            assertThat(position).isEqualTo(ada.position());
        }
    }

    @Test
    void aCallCostsAListingOfEachAuthorityAndAReadForEachEventAndEachStreamThatGoesOn() {
        aLittle();
        CountingBackend backend = new CountingBackend(store.open());
        try (ModelRegistry reader = ModelRegistry.on(backend, RegistryOptions.defaults(), host)) {
            Position position = reader.changes(Position.beginning()).next();
            backend.reset();

            reader.changes(position);
            assertThat(backend).hasToString(KeyLayout.STREAM_AUTHORITIES.size() + " list");

            ada.version("tumor@1").deprecate("drift");
            ada.model("tumor").register(model("two"));
            ada.version("tumor@2").submit("please");
            backend.reset();
            reader.changes(position);
            // the second review, version and their predecessors; the first submission of version 2
            assertThat(backend).hasToString("5 get, " + KeyLayout.STREAM_AUTHORITIES.size() + " list");
        }
    }

    @Test
    void aPositionOfAnotherRegistryIsRefused() {
        aLittle();
        try (ModelRegistry other = ModelRegistry.on(new MemoryStore(host).open(), RegistryOptions.defaults(), host)) {
            assertThatThrownBy(() -> other.changes(ada.position()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("The position is one of the registry " + ada.id());
        }
        assertThatThrownBy(() -> ada.changes(Position.beginning(), 0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A page has 1 to 1000 events, not 0");
    }

    @Test
    void aDamagedStreamStaysWhereItIsAndTheOthersGoOn() {
        aLittle();
        String key = "reviews/tumor/0000000001/0000000001.json";
        byte[] whole = store.bytes(key).orElseThrow();
        store.put(key, new byte[] {1, 2, 3});

        Changes page = ada.changes(Position.beginning());

        assertThat(page.events())
                .extracting(AuditEvent::what)
                .containsExactly("claim", "register", "claim", "submit", "promote");
        assertThat(page.damaged())
                .singleElement()
                .satisfies(finding -> assertThat(finding.key()).isEqualTo(key));
        assertThat(page.more()).isFalse();

        store.put(key, whole);
        assertThat(ada.changes(page.next()).events())
                .extracting(AuditEvent::what)
                .containsExactly("approve");
    }

    @Test
    void aDamagedStreamThatFillsAPageLeavesItToTheOthersAndThePagesEnd() {
        aLittle();
        for (int i = 2; i <= 5; i++) {
            ada.model("tumor").register(model("weights " + i));
        }
        store.put("versions/tumor/0000000002.json", new byte[] {1, 2, 3});

        for (int size = 1; size <= 5; size++) {
            List<AuditEvent> events = new ArrayList<>();
            Changes page = ada.changes(Position.beginning(), size);
            events.addAll(page.events());
            for (int pages = 1; page.more(); pages++) {
                assertThat(pages).as("pages of " + size).isLessThan(10);
                page = ada.changes(page.next(), size);
                assertThat(page.events()).hasSizeLessThanOrEqualTo(size);
                events.addAll(page.events());
            }

            assertThat(events)
                    .extracting(AuditEvent::what)
                    .containsExactlyInAnyOrder("claim", "register", "claim", "submit", "approve", "promote");
            assertThat(page.damaged()).extracting(Finding::key).containsExactly("versions/tumor/0000000002.json");
        }
    }

    @Test
    void aHoleStopsItsStreamBeforeItAndIsNamed() {
        aLittle();
        ada.model("tumor").register(model("two"));
        ada.model("tumor").register(model("three"));
        byte[] second = store.bytes("versions/tumor/0000000002.json").orElseThrow();
        store.remove("versions/tumor/0000000002.json");

        Changes page = ada.changes(Position.beginning());

        assertThat(page.events()).extracting(AuditEvent::subject).doesNotContain("tumor@2", "tumor@3");
        assertThat(page.damaged()).extracting(Finding::key).containsExactly("versions/tumor/0000000002.json");
        store.put("versions/tumor/0000000002.json", second);
        assertThat(ada.changes(page.next()).events())
                .extracting(AuditEvent::subject)
                .containsExactly("tumor@2", "tumor@3");
    }

    @Test
    void entriesThatWereRemovedAfterTheyWereToldAreNamed() {
        aLittle();
        Position position = ada.position();
        store.remove("environments/production/tumor/0000000001.json");

        assertThat(ada.changes(position).damaged())
                .extracting(Finding::key)
                .containsExactly("environments/production/tumor/0000000001.json");
    }

    @Test
    void whatLandsBetweenTheListingsDoesNotComeBeforeWhatItCites() {
        aLittle();
        Position position = ada.position();
        AtomicInteger lists = new AtomicInteger();
        FaultPlan meanwhile = call -> {
            boolean listsEnvironments =
                    call.operation() == Operation.LIST && call.key().equals(KeyLayout.ENVIRONMENTS);
            if (listsEnvironments && lists.getAndIncrement() == 0) { // versions/ has been listed by now
                ada.model("tumor").register(model("two"));
                ada.model("tumor").environment("production").promote(2, "meanwhile");
            }
            return Fault.NONE;
        };
        try (ModelRegistry reader = ModelRegistry.on(
                new FaultyBackend(store.open(), meanwhile), RegistryOptions.defaults(), host.another(Duration.ZERO))) {
            Changes first = reader.changes(position);
            Changes second = reader.changes(first.next());

            assertThat(first.events()).isEmpty();
            assertThat(first.more()).isTrue();
            assertThat(second.events()).extracting(AuditEvent::what).containsExactly("register", "promote");
            assertThat(second.more()).isFalse();
        }
    }

    @Test
    void citationsThatGoRoundInCirclesDoNotStopTheFeed() {
        ada.model("lung").register(model("one"));
        ada.model("tumor").register(model("one"));
        cite("versions/lung", "versions/tumor");
        cite("versions/tumor", "versions/lung");

        List<AuditEvent> events = new ArrayList<>();
        Changes page = ada.changes(Position.beginning());
        events.addAll(page.events());
        while (page.more()) {
            page = ada.changes(page.next());
            events.addAll(page.events());
        }

        assertThat(revisions(events)).hasSize(4);
    }

    /** Lets the first entry of a stream cite that of another, as a forger would. */
    private void cite(String stream, String other) {
        String key = stream + "/0000000001.json";
        String json = new String(store.bytes(key).orElseThrow(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow()
                .replace("\"seen\":{}", "\"seen\":{\"" + other + "\":1}");
        store.put(key, SelfVerifying.seal(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void everyEntryIsToldExactlyOnceInStreamOrderWhileManyWriteThroughFailingConnections() throws Exception {
        int writers = 4;
        AtomicInteger writing = new AtomicInteger(writers);
        List<AuditEvent> told = new ArrayList<>();
        int failures = 0;

        ExecutorService threads = Executors.newFixedThreadPool(writers + 1);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int writer = i;
                done.add(threads.submit(() -> write(writer, writing)));
            }
            done.add(threads.submit(() -> read(writing, told)));
            for (Future<Integer> thread : done) {
                failures = thread.get();
            }
        } finally {
            threads.shutdownNow();
        }

        Map<String, Long> standing = new TreeMap<>();
        for (String key : store.keys()) {
            KeyLayout.stream(key).ifPresent(name -> standing.merge(name.path(), 1L, Long::sum));
        }
        Map<String, Long> counted = new TreeMap<>();
        told.forEach(event -> counted.merge(event.revision().stream(), 1L, Long::sum));
        assertThat(failures).as("calls that failed").isPositive();
        assertThat(counted).isEqualTo(standing).hasSizeGreaterThan(20);
        requireStreamOrder(told);
        requireCausalOrder(told);
    }

    private int write(int thread, AtomicInteger writing) {
        ManualHost mine = host.another(Duration.ofSeconds(thread * 15L - 30));
        FaultRates rates = FaultRates.none()
                .with(FaultType.LOST_ANSWER, 0.02)
                .with(FaultType.LOST_REQUEST, 0.02)
                .with(FaultType.LATE_LANDING, 0.01)
                .with(FaultType.UNAVAILABLE, 0.02);
        try (ModelRegistry registry = ModelRegistry.on(
                        new FaultyBackend(store.open(), FaultPlan.seeded(thread, rates)),
                        RegistryOptions.defaults(),
                        mine)
                .as("writer-" + thread)) {
            Model model = registry.model("model-" + thread % 3);
            for (int i = 0; i < 8; i++) {
                long number = insist(() -> model.register(model("weights")).number());
                attempt(() -> model.version(number).evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.5))));
                attempt(() -> model.version(number).submit("please"));
                attempt(() -> model.version(number).approve("fine"));
                attempt(() -> model.environment("production").promote(number, "next"));
            }
        } finally {
            writing.decrementAndGet();
        }
        return 0;
    }

    private static long insist(java.util.function.LongSupplier change) {
        while (true) {
            try {
                return change.getAsLong();
            } catch (RegistryException e) {
                // as often as it takes: each may leave a version
            }
        }
    }

    private static void attempt(Runnable change) {
        try {
            change.run();
        } catch (RegistryException e) {
            // it may stand or not; what stands is told
        }
    }

    /** Resumes each time from what it wrote down, as a process would that is started again. */
    private int read(AtomicInteger writing, List<AuditEvent> told) {
        int failures = 0;
        String noted = Position.beginning().toString();
        boolean last = false;
        FaultPlan faults = FaultPlan.seeded(99, FaultRates.none().with(FaultType.UNAVAILABLE, 0.6));
        try (ModelRegistry reader = ModelRegistry.on(
                new FaultyBackend(store.open(), faults),
                RegistryOptions.defaults().withOperationTimeout(Duration.ofSeconds(1)),
                host.another(Duration.ZERO))) {
            while (true) {
                boolean finished = writing.get() == 0;
                try {
                    Changes page = reader.changes(Position.parse(noted), 7);
                    assertThat(page.damaged()).isEmpty();
                    told.addAll(page.events());
                    noted = page.next().toString();
                    last = finished && !page.more();
                } catch (StoreUnavailableException e) {
                    failures++;
                }
                if (last) {
                    return failures;
                }
            }
        }
    }

    private void aLittle() {
        ada.model("tumor").register(model("one").label("v1.0"));
        ada.version("tumor@1").submit("please");
        ada.version("tumor@1").approve("fine");
        ada.model("tumor").environment("production").promote(1, "go live");
    }

    private static void requireStreamOrder(List<AuditEvent> events) {
        Map<String, Long> last = new HashMap<>();
        for (AuditEvent event : events) {
            long before = last.getOrDefault(
                    event.revision().stream(), event.revision().sequence() - 1);
            assertThat(event.revision().sequence()).as("%s", event).isEqualTo(before + 1);
            last.put(event.revision().stream(), event.revision().sequence());
        }
    }

    /** What an event cites is told before it. */
    private static void requireCausalOrder(List<AuditEvent> events) {
        Set<String> later = revisions(events);
        for (AuditEvent event : events) {
            later.remove(event.revision().toString());
            event.seen()
                    .forEach((stream, sequence) ->
                            assertThat(later).as("%s cites", event).doesNotContain(stream + "#" + sequence));
        }
    }

    private static Set<String> revisions(List<AuditEvent> events) {
        Set<String> revisions = new TreeSet<>();
        events.forEach(event -> assertThat(revisions.add(event.revision().toString()))
                .as("%s is told once", event)
                .isTrue());
        return revisions;
    }

    private ModelRegistry client(String actor) {
        return ModelRegistry.on(store.open(), RegistryOptions.defaults(), host).as(actor);
    }

    private static Registration model(String weights) {
        return Registration.empty().file("model.bin", weights.getBytes(StandardCharsets.UTF_8));
    }
}
