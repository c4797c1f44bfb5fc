package io.modelregistry.core.version;

import io.modelregistry.Digest;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.version.Citation;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.RuntimeSnapshot.Library;
import io.modelregistry.version.TrainingCode;
import org.jspecify.annotations.Nullable;

/** Provenance as it is stored. */
final class ProvenanceCodec {
    private ProvenanceCodec() {}

    static Json.Obj encode(Provenance provenance) {
        return Json.object()
                .optional("code", provenance.code(), ProvenanceCodec::code)
                .optionalArray("trainingData", provenance.trainingData(), ProvenanceCodec::dataset)
                .optionalArray("evaluationData", provenance.evaluationData(), ProvenanceCodec::dataset)
                .optional("run", provenance.runId())
                .optionalArray("parents", provenance.parents(), ProvenanceCodec::parent)
                .optionalObject("seeds", provenance.seeds(), Json::of)
                .optional("runtime", provenance.runtime(), ProvenanceCodec::runtime)
                .optional("copiedFrom", provenance.copiedFrom(), ProvenanceCodec::citation)
                .build();
    }

    static Provenance decode(Fields fields) {
        Fields code = fields.objectOrNull("code");
        Fields runtime = fields.objectOrNull("runtime");
        Fields copiedFrom = fields.objectOrNull("copiedFrom");
        return new Provenance(
                code == null ? null : code(code),
                fields.objects("trainingData", ProvenanceCodec::dataset),
                fields.objects("evaluationData", ProvenanceCodec::dataset),
                fields.textOrNull("run"),
                fields.objects("parents", f -> VersionId.of(f.text("model"), f.number("version"))),
                fields.numberMap("seeds"),
                runtime == null ? null : runtime(runtime),
                copiedFrom == null ? null : citation(copiedFrom));
    }

    private static Json.Obj code(TrainingCode code) {
        return Json.object()
                .put("repository", code.repository())
                .put("commit", code.commit())
                .put("workingTree", Constants.text(code.workingTree()))
                .build();
    }

    private static TrainingCode code(Fields fields) {
        return new TrainingCode(
                fields.text("repository"),
                fields.text("commit"),
                fields.constant("workingTree", TrainingCode.WorkingTree.class));
    }

    private static Json.Obj dataset(Dataset dataset) {
        return Json.object()
                .put("name", dataset.name())
                .optional("uri", dataset.uri())
                .optional("sha256", hex(dataset.digest()))
                .optional("rows", dataset.rows())
                .build();
    }

    private static Dataset dataset(Fields fields) {
        return new Dataset(
                fields.text("name"), fields.textOrNull("uri"), digest(fields, "sha256"), fields.numberOrNull("rows"));
    }

    private static Json.Obj parent(VersionId parent) {
        return Json.object()
                .put("model", parent.model().value())
                .put("version", parent.number())
                .build();
    }

    private static Json.Obj citation(Citation citation) {
        return Json.object()
                .put("registry", citation.registry())
                .put("model", citation.version().model().value())
                .put("version", citation.version().number())
                .put("sha256", citation.entry().hex())
                .build();
    }

    private static Citation citation(Fields fields) {
        return new Citation(
                fields.text("registry"),
                VersionId.of(fields.text("model"), fields.number("version")),
                new Digest(fields.text("sha256")));
    }

    private static Json.Obj runtime(RuntimeSnapshot runtime) {
        return Json.object()
                .put("javaVersion", runtime.javaVersion())
                .put("javaVendor", runtime.javaVendor())
                .put("operatingSystem", runtime.operatingSystem())
                .put("architecture", runtime.architecture())
                .put("sdkVersion", runtime.sdkVersion())
                .optionalArray("classPath", runtime.classPath(), ProvenanceCodec::library)
                .build();
    }

    private static RuntimeSnapshot runtime(Fields fields) {
        return new RuntimeSnapshot(
                fields.text("javaVersion"),
                fields.text("javaVendor"),
                fields.text("operatingSystem"),
                fields.text("architecture"),
                fields.text("sdkVersion"),
                fields.objects("classPath", f -> new Library(f.text("name"), digest(f, "sha256"))));
    }

    private static Json.Obj library(Library library) {
        return Json.object()
                .put("name", library.name())
                .optional("sha256", hex(library.digest()))
                .build();
    }

    private static @Nullable String hex(@Nullable Digest digest) {
        return digest == null ? null : digest.hex();
    }

    private static @Nullable Digest digest(Fields fields, String name) {
        String hex = fields.textOrNull(name);
        return hex == null ? null : new Digest(hex);
    }
}
