package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.NotFoundException;
import io.modelregistry.Revision;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModelVersionTest {
    private static final Digest DIGEST = new Digest("ab".repeat(32));
    private static final Metric AUC = Metric.higherIsBetter("auc", 0.9);

    @Test
    void itNeverChanges() {
        List<ArtifactFile> files = new ArrayList<>(List.of(file("b"), file("a")));
        List<Metric> metrics = new ArrayList<>(List.of(AUC));
        Map<String, String> tags = new HashMap<>(Map.of("team", "risk", "area", "eu"));
        ModelVersion version = version(files, metrics, tags);

        files.clear();
        metrics.clear();
        tags.clear();

        assertThat(version.artifact().files())
                .containsExactly(file("b"), file("a"))
                .isUnmodifiable();
        assertThat(version.metrics()).containsExactly(AUC).isUnmodifiable();
        assertThat(version.tags().keySet()).containsExactly("area", "team");
        assertThat(version.tags()).isUnmodifiable();
        assertThat(version.parameters()).isUnmodifiable();
        assertThat(version.number()).isEqualTo(12);
    }

    @Test
    void aMetricIsFoundByNameWhenItIsPlainOrTheOnlyOne() {
        Metric heldOut = AUC.on("held-out");
        Metric old = AUC.slice("old");

        assertThat(version(List.of(), List.of(heldOut, AUC), Map.of()).metric("auc"))
                .contains(AUC);
        assertThat(version(List.of(), List.of(heldOut), Map.of()).metric("auc")).contains(heldOut);
        assertThat(version(List.of(), List.of(heldOut, old), Map.of()).metric("auc"))
                .isEmpty();
        assertThat(version(List.of(), List.of(AUC), Map.of()).metric("loss")).isEmpty();
    }

    @Test
    void whatAReferenceStandsForSaysWhatMadeItServed() {
        ModelVersion version = version(List.of(), List.of(), Map.of());
        Revision revision = new Revision("environments/production/fraud-detector", 7);
        Deployment deployment = new Deployment(
                revision,
                Rollout.of(12),
                Deployment.Change.PROMOTE,
                Actor.of("ada"),
                "",
                Instant.EPOCH,
                Digest.of(new byte[] {1}),
                null);

        Receipt receipt = Receipt.of("0".repeat(32), version);

        assertThat(new Resolution(version, deployment, Duration.ZERO, receipt, List.of()).servedBy())
                .contains(deployment);
        assertThat(new Resolution(version, null, Duration.ZERO, receipt, List.of()).servedBy())
                .isEmpty();
    }

    @Test
    void aLocalFileIsFoundByItsPathInTheArtifact() {
        LocalArtifact local =
                new LocalArtifact(version(List.of(), List.of(), Map.of()), Path.of("cache"), List.of(file("a/b.bin")));

        assertThat(local.file("a/b.bin")).isEqualTo(Path.of("cache/a/b.bin"));
        assertThatThrownBy(() -> local.file("b.bin"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No file \"b.bin\" in fraud-detector@12: it has [a/b.bin]");
    }

    private static ArtifactFile file(String path) {
        return new ArtifactFile(ArtifactPath.of(path), 7, DIGEST);
    }

    private static ModelVersion version(List<ArtifactFile> files, List<Metric> metrics, Map<String, String> tags) {
        return new ModelVersion(
                VersionId.of("fraud-detector", 12),
                null,
                new Artifact(DIGEST, files.size(), 14, ArtifactFormat.UNKNOWN, files),
                null,
                metrics,
                new HashMap<>(),
                tags,
                Provenance.none(),
                null,
                null,
                Actor.of("ada"),
                Instant.EPOCH);
    }
}
