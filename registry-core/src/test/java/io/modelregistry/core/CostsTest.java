package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of docs/costs.md, from the requests that the registry makes and the prices that the page names. */
class CostsTest {
    private static final Path PAGE = Path.of("../docs/costs.md");
    private static final Duration MONTH = Duration.ofDays(30);
    /** After so many polls everything that a poll does from time to time has been done once. */
    private static final int POLLS = 20;

    /** When the next poll is over for certain: intervals are longer and shorter by up to a fifth. */
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(36);

    /** For one request each: of both stores the list price of writes and listings is the same, and that of reads. */
    private static final BigDecimal WRITE = new BigDecimal("0.005").movePointLeft(3);

    private static final BigDecimal READ = new BigDecimal("0.0004").movePointLeft(3);

    @TempDir
    Path cache;

    private Rig rig;
    private CountingBackend requests;
    private Model tumor;
    private Environment production;

    @BeforeEach
    void promoteOne() {
        rig = new Rig(cache);
        Rig.Counted counted = rig.counted("ada");
        requests = counted.backend();
        tumor = counted.registry().model("tumor");
        tumor.register(model("one"));
        tumor.register(model("two"));
        production = tumor.environment("production");
        production.promote(1, "start");
        tumor.environment("scratch").promote(2, "warm up");
        production.resolve();
        requests.reset();
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void thePageSaysWhatServingProcessesCost() throws IOException {
        for (int poll = 0; poll < POLLS; poll++) {
            rig.host.advance(LONGEST_INTERVAL);
            production.resolve();
        }
        Map<Operation, Integer> counts = requests.counts();
        assertThat(counts).containsOnlyKeys(Operation.GET, Operation.LIST);
        assertThat(requests.calls().stream()
                        .filter(call -> call.operation() == Operation.GET)
                        .map(Call::key))
                .as("reads find nothing, which is what Cloud Storage doesn't charge for")
                .doesNotContainAnyElementsOf(rig.store.keys());

        StringJoiner table = new StringJoiner("\n", "", "\n");
        table.add("| processes | models each | poll | reads | listings | S3, USD | Cloud Storage, USD |");
        table.add("|---:|---:|---:|---:|---:|---:|---:|");
        for (int processes : new int[] {1, 100, 1_000}) {
            for (int models : new int[] {1, 20}) {
                for (int seconds : new int[] {10, 30, 60}) {
                    table.add(row(processes, models, seconds, counts));
                }
            }
        }

        assertThat(Files.readString(PAGE)).contains(table.toString());
    }

    private static String row(int processes, int models, int seconds, Map<Operation, Integer> counts) {
        long polls = MONTH.toSeconds() / seconds * processes * models;
        long reads = polls * counts.get(Operation.GET) / POLLS;
        long listings = polls * counts.get(Operation.LIST) / POLLS;
        BigDecimal ofListings = WRITE.multiply(BigDecimal.valueOf(listings));
        BigDecimal ofReads = READ.multiply(BigDecimal.valueOf(reads));
        return String.format(
                Locale.ROOT,
                "| %,d | %d | %d s | %,d | %,d | %,.2f | %,.2f |",
                processes,
                models,
                seconds,
                reads,
                listings,
                rounded(ofReads.add(ofListings), 2),
                rounded(ofListings, 2));
    }

    @Test
    void thePageSaysWhatChangesCost() throws IOException {
        StringJoiner table = new StringJoiner("\n", "", "\n");
        table.add("| change, by a process that knows the model | writes | reads | USD for 1,000 |");
        table.add("|---|---:|---:|---:|");
        tumor.register(Registration.empty()
                .file("model.bin", "three".getBytes(StandardCharsets.UTF_8))
                .file("scaler.json", "{}".getBytes(StandardCharsets.UTF_8)));
        table.add(change("register a version of two new files"));
        production.promote(2, "next");
        table.add(change("promote a version"));
        production.rollback("worse");
        table.add(change("roll back"));

        assertThat(Files.readString(PAGE)).contains(table.toString());
    }

    private String change(String name) {
        Map<Operation, Integer> counts = requests.counts();
        requests.reset();
        int writes = sum(counts, Operation.CREATE, Operation.OVERWRITE, Operation.UPLOAD, Operation.LIST);
        int reads = sum(counts, Operation.GET, Operation.STAT);
        assertThat(writes + reads)
                .isEqualTo(counts.values().stream().mapToInt(n -> n).sum());
        BigDecimal price = WRITE.multiply(BigDecimal.valueOf(writes)).add(READ.multiply(BigDecimal.valueOf(reads)));
        return String.format(
                Locale.ROOT, "| %s | %d | %d | %.3f |", name, writes, reads, rounded(price.movePointRight(3), 3));
    }

    private static int sum(Map<Operation, Integer> counts, Operation... operations) {
        int sum = 0;
        for (Operation operation : operations) {
            sum += counts.getOrDefault(operation, 0);
        }
        return sum;
    }

    private static BigDecimal rounded(BigDecimal usd, int digits) {
        return usd.setScale(digits, RoundingMode.HALF_UP);
    }
}
