package io.modelregistry.core.version;

import io.modelregistry.Digest;
import io.modelregistry.Label;
import io.modelregistry.ModelName;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Entry;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.ArtifactPath;
import io.modelregistry.version.DataType;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import org.jspecify.annotations.Nullable;

/** The state of an entry in {@code versions/}: the version itself. */
final class VersionCodec {
    private static final String NUMBER = "version";
    private static final String LABEL = "label";
    private static final String ARTIFACT = "artifact";
    private static final String DESCRIPTION = "description";
    private static final String METRICS = "metrics";
    private static final String PARAMETERS = "parameters";
    private static final String TAGS = "tags";
    private static final String PROVENANCE = "provenance";
    private static final String SIGNATURE = "signature";
    private static final String CARD = "card";

    private VersionCodec() {}

    /** Everything that is said about a version but its number, so that two requests can be compared before there is one. */
    static Json.Obj payload(Registration registration, Artifact artifact) {
        return Json.object()
                .optional(LABEL, registration.label().map(Label::value).orElse(null))
                .put(ARTIFACT, artifact(artifact))
                .optional(DESCRIPTION, registration.description().orElse(null))
                .optionalArray(METRICS, registration.metrics(), MetricCodec::encode)
                .optionalObject(PARAMETERS, registration.parameters(), Json::of)
                .optionalObject(TAGS, registration.tags(), Json::of)
                .put(PROVENANCE, ProvenanceCodec.encode(registration.provenance()))
                .optional(SIGNATURE, registration.signature().orElse(null), VersionCodec::signature)
                .optional(CARD, registration.card().orElse(null), VersionCodec::card)
                .build();
    }

    static Json.Obj state(long number, Json.Obj payload) {
        return Json.object().put(NUMBER, number).keep(payload.fields()).build();
    }

    static ModelVersion decode(ModelName model, Entry entry) {
        Fields state = Fields.of(entry.state());
        if (state.number(NUMBER) != entry.sequence()) {
            throw new MalformedException(
                    "it is entry " + entry.sequence() + " and says version " + state.number(NUMBER));
        }
        String label = state.textOrNull(LABEL);
        return new ModelVersion(
                new VersionId(model, entry.sequence()),
                label == null ? null : Label.of(label),
                artifact(state.object(ARTIFACT)),
                state.textOrNull(DESCRIPTION),
                state.objects(METRICS, MetricCodec::decode),
                state.textMap(PARAMETERS),
                state.textMap(TAGS),
                ProvenanceCodec.decode(state.object(PROVENANCE)),
                signature(state.objectOrNull(SIGNATURE)),
                card(state.objectOrNull(CARD)),
                entry.actor(),
                entry.time());
    }

    private static Json.Obj artifact(Artifact artifact) {
        return Json.object()
                .put("manifest", artifact.manifest().hex())
                .put("fileCount", artifact.fileCount())
                .put("sizeBytes", artifact.sizeBytes())
                .put("format", artifact.format().id())
                .optionalArray("files", artifact.files(), VersionCodec::file)
                .build();
    }

    private static Artifact artifact(Fields fields) {
        return new Artifact(
                new Digest(fields.text("manifest")),
                fields.number("fileCount"),
                fields.number("sizeBytes"),
                ArtifactFormat.of(fields.text("format")),
                fields.objects("files", VersionCodec::file));
    }

    static Json.Obj file(ArtifactFile file) {
        return Json.object()
                .put("path", file.path().value())
                .put("sizeBytes", file.sizeBytes())
                .put("sha256", file.digest().hex())
                .build();
    }

    private static ArtifactFile file(Fields fields) {
        return new ArtifactFile(
                ArtifactPath.of(fields.text("path")), fields.number("sizeBytes"), new Digest(fields.text("sha256")));
    }

    private static Json.Obj signature(Signature signature) {
        return Json.object()
                .put("inputs", Json.array(signature.inputs(), VersionCodec::tensor))
                .put("outputs", Json.array(signature.outputs(), VersionCodec::tensor))
                .build();
    }

    private static @Nullable Signature signature(@Nullable Fields fields) {
        return fields == null
                ? null
                : new Signature(
                        fields.objects("inputs", VersionCodec::tensor),
                        fields.objects("outputs", VersionCodec::tensor));
    }

    private static Json.Obj tensor(TensorSpec tensor) {
        return Json.object()
                .put("name", tensor.name())
                .put("type", Constants.text(tensor.type()))
                .put("shape", Json.array(tensor.shape(), Json::of))
                .build();
    }

    private static TensorSpec tensor(Fields fields) {
        return new TensorSpec(fields.text("name"), fields.constant("type", DataType.class), fields.numbers("shape"));
    }

    private static Json.Obj card(ModelCard card) {
        return Json.object()
                .optional("intendedUse", card.intendedUse())
                .optional("limits", card.limits())
                .build();
    }

    private static @Nullable ModelCard card(@Nullable Fields fields) {
        return fields == null ? null : new ModelCard(fields.textOrNull("intendedUse"), fields.textOrNull("limits"));
    }
}
