package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.Version;
import io.modelregistry.VersionReference;
import io.modelregistry.audit.Verification;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.environment.Consistency;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever may write to a stream may write an entry whose digest is right and whose content is nonsense: by mistake, by a release to come, or on
 * purpose. Whatever it says, every call ends with an answer or with a {@link RegistryException}, and {@code verify} comes to its end.
 */
final class SealedNonsenseTest {
    private static final List<Json> NONSENSE = List.of(
            new Json.Nil(),
            new Json.Bool(true),
            Json.of(0),
            Json.of(-1),
            Json.of(Long.MAX_VALUE),
            Json.of(10_000_000_000L),
            new Json.Num("1e999999999"),
            new Json.Num("0.5"),
            Json.of(""),
            Json.of("x"),
            Json.of(".."),
            Json.of("a\u202eb\u0000"),
            Json.of("+1000000000-12-31T23:59:59.999999999Z"),
            Json.of("-1000000000-01-01T00:00:00Z"),
            Json.of("9".repeat(200)),
            new Json.Arr(List.of()),
            new Json.Arr(List.of(new Json.Nil())),
            new Json.Arr(List.of(Json.Obj.EMPTY, Json.Obj.EMPTY)),
            Json.Obj.EMPTY,
            Json.object().put("arms", 1).build(),
            Json.object().put("type", "promote").build(),
            Json.object().put("", new Json.Nil()).build());

    @TempDir
    private Path cache;

    private final Map<String, String> offences = new LinkedHashMap<>();

    @AfterEach
    void nothingElseWasThrown() {
        assertThat(offences).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/",
                "versions/",
                "labels/",
                "evaluations/",
                "assessments/",
                "submissions/",
                "reviews/",
                "environments/",
                "policy/"
            })
    void everyCallEndsWithAnAnswerOrAnExceptionOfTheRegistry(String authority) throws IOException {
        SplittableRandom random = new SplittableRandom(authority.hashCode());
        MemoryStore whole = GoldenFiles.load("history/2", new ManualHost());
        List<String> keys =
                whole.keys().stream().filter(key -> key.startsWith(authority)).toList();
        for (int i = 0; i < 50; i++) {
            ManualHost host = new ManualHost();
            MemoryStore store = GoldenFiles.load("history/2", host);
            String key = keys.get(random.nextInt(keys.size()));
            Json.Obj entry =
                    JsonFormat.readObject(SelfVerifying.open(store.bytes(key).orElseThrow()));
            Json nonsense = mutate(entry, random);
            store.put(key, SelfVerifying.seal(JsonFormat.write(nonsense)));

            useEverything(store, host, key + ": " + new String(JsonFormat.write(nonsense), StandardCharsets.UTF_8));
        }
    }

    /** The value with one of its parts, at any depth, exchanged or left out. */
    private static Json mutate(Json value, SplittableRandom random) {
        if (value instanceof Json.Obj object && !object.fields().isEmpty() && random.nextInt(6) > 0) {
            Map<String, Json> fields = new LinkedHashMap<>(object.fields());
            String name = new ArrayList<>(fields.keySet()).get(random.nextInt(fields.size()));
            if (random.nextInt(8) == 0) {
                fields.remove(name);
            } else {
                fields.put(name, mutate(fields.get(name), random));
            }
            return new Json.Obj(fields);
        }
        if (value instanceof Json.Arr array && !array.elements().isEmpty() && random.nextInt(4) > 0) {
            List<Json> elements = new ArrayList<>(array.elements());
            int index = random.nextInt(elements.size());
            elements.set(index, mutate(elements.get(index), random));
            return new Json.Arr(elements);
        }
        Json other = NONSENSE.get(random.nextInt(NONSENSE.size()));
        return value instanceof Json.Obj && !(other instanceof Json.Obj) && random.nextBoolean()
                ? Json.Obj.EMPTY
                : other;
    }

    private void useEverything(MemoryStore store, ManualHost host, String what) {
        try (ModelRegistry registry = open(store, host)) {
            for (Consumer<ModelRegistry> use : uses()) {
                attempt(what, () -> use.accept(registry));
            }
        }
        try (ModelRegistry registry = open(store, host)) {
            Verification verification = registry.verify();
            assertThat(verification.toText()).as(what).isNotEmpty();
        } catch (RuntimeException e) {
            offences.putIfAbsent("verify did not come to its end: " + signature(e), what);
        }
    }

    private static List<Consumer<ModelRegistry>> uses() {
        List<Consumer<ModelRegistry>> uses = new ArrayList<>();
        for (String name : List.of("fraud-detector", "tumor-classifier")) {
            uses.add(r -> r.model(name).latest());
            uses.add(r -> r.model(name).versions().map(ModelVersion::number).forEach(n -> {}));
            uses.add(r -> r.model(name)
                    .history()
                    .forEach(event -> assertThat(event.toString()).isNotEmpty()));
            uses.add(r -> r.model(name).compare(1, 1).toText());
            for (String environment : List.of("production", "staging")) {
                uses.add(r -> r.model(name).environment(environment).current());
                uses.add(r -> r.model(name).environment(environment).history());
                uses.add(r -> r.model(name).environment(environment).asOf(Instant.parse("2026-01-01T00:14:30Z")));
                uses.add(r -> r.resolve(name + ":" + environment));
                uses.add(r -> r.resolve(VersionReference.parse(name + ":" + environment), Consistency.STRONG));
            }
        }
        for (long number = 1; number <= 4; number++) {
            String reference = "fraud-detector@" + number;
            uses.add(r -> r.version(reference).require());
            uses.add(r -> r.version(reference).state());
            uses.add(r -> r.version(reference).metrics());
            uses.add(r -> r.version(reference).label());
            uses.add(r -> r.version(reference).files());
        }
        uses.add(r -> r.version("fraud-detector@1.0.0").require());
        uses.add(r -> r.version("tumor-classifier@1").review());
        uses.add(r -> r.version("tumor-classifier@1").attestations());
        uses.add(r -> r.policy().current());
        uses.add(r -> r.policy().history());
        uses.add(r -> r.model("tumor-classifier").environment("staging").promote(1, "by the policy"));
        uses.add(r -> r.preview(trial -> trial.version("tumor-classifier@1").deprecate("old")));
        uses.add(r -> r.version("fraud-detector@sha256:" + "ab".repeat(32)).find());
        uses.add(r -> r.models().forEach(m -> {}));
        uses.add(r -> r.model("fraud-detector").environment("production").rollback("back"));
        uses.add(r -> r.model("fraud-detector").environment("production").promote(2, "on"));
        uses.add(r -> r.model("fraud-detector").environment("staging").promote(1, "on"));
        uses.add(r -> r.model("fraud-detector").environment("staging").withdraw("off"));
        uses.add(r -> r.version("fraud-detector@1").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 1))));
        for (Consumer<Version> judge : List.<Consumer<Version>>of(
                v -> v.submit(""),
                v -> v.approve(""),
                v -> v.reject("no"),
                v -> v.deprecate("old"),
                v -> v.reinstate("not old"),
                v -> v.retire("gone"))) {
            uses.add(r -> judge.accept(r.version("fraud-detector@1")));
            uses.add(r -> judge.accept(r.version("fraud-detector@2")));
        }
        uses.add(r -> r.model("fraud-detector")
                .register(Registration.empty()
                        .file("model.bin", new byte[] {1})
                        .label("9.9.9")
                        .request("ci/4711-again")));
        return uses;
    }

    private void attempt(String what, Runnable use) {
        try {
            use.run();
        } catch (RegistryException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (RuntimeException | StackOverflowError e) {
            offences.putIfAbsent(signature(e), what);
        }
    }

    /** One example of each is enough. */
    private static String signature(Throwable e) {
        return e + " at "
                + Arrays.stream(e.getStackTrace())
                        .filter(frame -> frame.getClassName().startsWith("io.modelregistry"))
                        .limit(4)
                        .toList();
    }

    @Test
    void aStoreThatHoldsNothingButNonsenseIsVerifiedToItsEnd() throws IOException {
        ManualHost host = new ManualHost();
        MemoryStore store = GoldenFiles.load("history/2", host);
        SplittableRandom random = new SplittableRandom(1);
        store.keys().stream().filter(key -> KeyLayout.stream(key).isPresent()).forEach(key -> {
            Json.Obj entry =
                    JsonFormat.readObject(SelfVerifying.open(store.bytes(key).orElseThrow()));
            store.put(key, SelfVerifying.seal(JsonFormat.write(mutate(entry, random))));
        });

        useEverything(store, host, "all entries changed");
    }

    @Test
    void anEntryAsLargeAsTheLimitIsReadAndOneByteMoreRefused() throws IOException {
        ManualHost host = new ManualHost();
        MemoryStore store = GoldenFiles.load("history/2", host);
        store.put("models/fraud-detector/0000000001.json", new byte[EntryCodec.MAX_BYTES]);

        useEverything(store, host, "zeros");
    }

    private ModelRegistry open(MemoryStore store, ManualHost host) {
        return ModelRegistry.on(store.open(), RegistryOptions.defaults().withCacheFolder(cache), host)
                .as("u-carla");
    }
}
