package io.modelregistry.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Label;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeToken;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RequestId;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import io.modelregistry.VersionReference;
import io.modelregistry.core.audit.GoldenFiles;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.ArtifactPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user may type, and what names a registry: refused as an invalid request, or good for a key. See {@code bin/fuzz}. */
final class NamesFuzzTest {
    private static final ManualHost HOST = new ManualHost();
    private static final MemoryStore STORE = new MemoryStore(HOST);
    private static final ModelRegistry REGISTRY = ModelRegistry.on(STORE.open(), RegistryOptions.defaults(), HOST);

    static Stream<byte[]> names() {
        return Stream.of(
                        "fraud-detector",
                        "fraud-detector@12",
                        "fraud-detector@9223372036854775808",
                        "fraud-detector@1.0.0",
                        "fraud-detector@sha256:" + "ab".repeat(32),
                        "fraud-detector:production",
                        "sha256:" + "0".repeat(64),
                        "1.0.0-rc.1",
                        "con.model",
                        "a..b",
                        "models/a/../b",
                        "dir/ファイル.bin",
                        "e\u0301.txt",
                        "C:\\model",
                        "a\u202eb",
                        "ci/4711",
                        "versions/fraud-detector")
                .map(name -> name.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> identities() throws IOException {
        return GoldenFiles.tree("newer").entrySet().stream()
                .filter(file -> file.getKey().startsWith("registry"))
                .map(java.util.Map.Entry::getValue)
                .map(SelfVerifying::open);
    }

    @MethodSource("names")
    @FuzzTest
    void anyName(byte[] bytes) {
        String name = new String(bytes, StandardCharsets.UTF_8);

        ModelName model = accept(name, ModelName::of);
        if (model != null) {
            assertThat(KeyGrammar.isSegment(model.value())).isTrue();
            assertThat(KeyGrammar.isKey(KeyLayout.entry(KeyLayout.versions(model), 1)))
                    .isTrue();
        }
        EnvironmentName environment = accept(name, EnvironmentName::of);
        assertThat(environment != null).isEqualTo(model != null);
        Label label = accept(name, Label::of);
        if (label != null) {
            assertThat(accept("m@" + label, VersionReference::parse))
                    .isEqualTo(new VersionReference.ByLabel(ModelName.of("m"), label));
        }
        VersionReference reference = accept(name, VersionReference::parse);
        if (reference != null) {
            assertThat(VersionReference.parse(reference.toString())).isEqualTo(reference);
        }
        Digest digest = accept(name, Digest::parse);
        if (digest != null) {
            assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
            assertThat(KeyGrammar.isSegment(digest.hex())).isTrue();
        }
        accept(name, RequestId::of);
        accept(name, Actor::of);
        accept(name, text -> Texts.line("reason", text, 200));
    }

    @MethodSource("names")
    @FuzzTest
    void anyPathOfAFile(byte[] bytes) {
        ArtifactPath path = accept(new String(bytes, StandardCharsets.UTF_8), ArtifactPath::of);

        if (path != null) {
            assertThat(path.value()).doesNotStartWith("/").doesNotContain("\\", "\0", "\n");
            assertThat(path.value().split("/", -1)).doesNotContain("", ".", "..");
        }
    }

    /** A token comes from the caller, who may have kept it anywhere. */
    @MethodSource("names")
    @FuzzTest
    void anyTokenOfAnOutcome(byte[] bytes) {
        String stream = new String(bytes, StandardCharsets.UTF_8);

        try {
            Outcome outcome = REGISTRY.outcome(new OutcomeToken(stream, 1 + bytes.length, stream, null));
            assertThat(outcome).isEqualTo(Outcome.STILL_UNKNOWN);
        } catch (RegistryException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @MethodSource("identities")
    @FuzzTest
    void anyIdentityOfARegistry(byte[] line) {
        MemoryStore store = new MemoryStore(HOST);
        store.put(KeyLayout.REGISTRY, SelfVerifying.seal(line));

        try (ModelRegistry opened = ModelRegistry.on(store.open(), RegistryOptions.defaults(), HOST)) {
            assertThat(opened.verify().isClean()).isTrue();
            assertThat(opened.model("tumor").latest()).isEmpty();
        } catch (RegistryException e) {
            assertThat(e.getMessage()).contains("registry");
        }
    }

    /** Null when it is refused; any other exception is a finding. */
    private static <T> T accept(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (InvalidRequestException e) {
            assertThat(e.getMessage()).isNotBlank();
            return null;
        }
    }

    @MethodSource("names")
    @FuzzTest
    void anyVersion(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);

        VersionReference reference = accept("m@" + text, VersionReference::parse);
        if (reference instanceof VersionReference.ByNumber number) {
            VersionId id = number.id();
            assertThat(id.number()).isEqualTo(Long.parseLong(text)); // leading zeros are read
        }
    }
}
