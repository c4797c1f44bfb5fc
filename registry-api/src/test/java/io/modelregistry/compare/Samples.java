package io.modelregistry.compare;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.VersionId;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.ArtifactPath;
import io.modelregistry.version.DataType;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.RuntimeSnapshot.Library;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import io.modelregistry.version.TrainingCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Two versions that differ in everything, and one that says nothing. */
final class Samples {
    static final ModelVersion PLAIN = version(1, Map.of(), Provenance.none(), files(ArtifactFormat.UNKNOWN));

    private Samples() {}

    static Digest digest(int octet) {
        return new Digest(String.format(java.util.Locale.ROOT, "%02x", octet).repeat(32));
    }

    static ModelVersion before() {
        Provenance provenance = Provenance.none()
                .code(TrainingCode.clean("https://git.example.org/fraud", "c0ffee"))
                .trainedOn(
                        Dataset.named("2024").at("s3://data/2024").rows(1_000).digest(digest(0xd0)))
                .evaluatedOn(Dataset.named("held-out"))
                .run("run-1")
                .seed("numpy", 1)
                .runtime(runtime(
                        "17.0.15", new Library("org.example:lib:1.0", digest(0xa0)), new Library("classes", null)));
        return new ModelVersion(
                VersionId.of("fraud", 1),
                null,
                files(ArtifactFormat.of("onnx"), file("a.bin", 10, 0x0a), file("b.bin", 20, 0x0b)),
                "first",
                List.of(),
                Map.of("epochs", "10", "lr", "0.1"),
                Map.of("team", "risk"),
                provenance,
                new Signature(
                        List.of(TensorSpec.tensor("x", DataType.FLOAT32, TensorSpec.ANY, 30)),
                        List.of(TensorSpec.tensor("y", DataType.FLOAT32, TensorSpec.ANY))),
                new ModelCard("triage", null),
                Actor.of("ada"),
                Instant.EPOCH);
    }

    static ModelVersion after() {
        Provenance provenance = Provenance.none()
                .code(TrainingCode.dirty("https://git.example.org/fraud", "decade"))
                .trainedOn(
                        Dataset.named("2024").at("s3://data/2024").rows(2_000).digest(digest(0xd1)))
                .trainedOn(Dataset.named("2025"))
                .run("run-2")
                .fineTunedFrom(VersionId.of("base", 3))
                .seed("numpy", 2)
                .runtime(runtime("21.0.2", new Library("org.example:lib:1.1", digest(0xa1))));
        return new ModelVersion(
                VersionId.of("fraud", 2),
                null,
                files(ArtifactFormat.of("safetensors"), file("a.bin", 11, 0x1a), file("c.bin", 30, 0x0c)),
                "second\nbetter",
                List.of(),
                Map.of("epochs", "20", "lr", "0.1", "depth", "6"),
                Map.of("team", "risk"),
                provenance,
                new Signature(
                        List.of(TensorSpec.tensor("x", DataType.FLOAT64, TensorSpec.ANY, 31)),
                        List.of(TensorSpec.tensor("y", DataType.FLOAT32, TensorSpec.ANY))),
                new ModelCard("triage", "not for children"),
                Actor.of("ada"),
                Instant.EPOCH);
    }

    static ModelVersion version(long number, Map<String, String> parameters, Provenance provenance, Artifact artifact) {
        return new ModelVersion(
                VersionId.of("fraud", number),
                null,
                artifact,
                null,
                List.of(),
                parameters,
                Map.of(),
                provenance,
                null,
                null,
                Actor.of("ada"),
                Instant.EPOCH);
    }

    static Artifact files(ArtifactFormat format, ArtifactFile... files) {
        long size = 0;
        for (ArtifactFile file : files) {
            size += file.sizeBytes();
        }
        return new Artifact(digest(files.length), files.length, size, format, List.of(files));
    }

    static ArtifactFile file(String path, long size, int octet) {
        return new ArtifactFile(ArtifactPath.of(path), size, digest(octet));
    }

    static RuntimeSnapshot runtime(String java, Library... libraries) {
        return new RuntimeSnapshot(java, "Eclipse", "Linux 6", "amd64", "0.1", List.of(libraries));
    }

    /** Compares two versions that have nothing but these metrics. */
    static Comparison metrics(List<Metric> before, List<Metric> after) {
        return Comparison.of(
                PLAIN, before, version(2, Map.of(), Provenance.none(), files(ArtifactFormat.UNKNOWN)), after);
    }
}
