package io.modelregistry.core.version;

import io.modelregistry.Digest;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.version.Attestation;

/** An attestation as it is stored. */
final class AttestationCodec {
    private AttestationCodec() {}

    static Json.Obj encode(Attestation attestation) {
        return Json.object()
                .put("name", attestation.name())
                .optional("document", attestation.document())
                .optional("digest", attestation.digest(), d -> Json.of(d.hex()))
                .build();
    }

    static Attestation decode(Fields fields) {
        String digest = fields.textOrNull("digest");
        return new Attestation(
                fields.text("name"), fields.textOrNull("document"), digest == null ? null : new Digest(digest));
    }
}
