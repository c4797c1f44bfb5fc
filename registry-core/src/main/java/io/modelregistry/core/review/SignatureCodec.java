package io.modelregistry.core.review;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.json.ObjectBuilder;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.Review;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An approval as it is stored: in the change of the entry that gives it, and in the state of it and those after. */
final class SignatureCodec {
    private SignatureCodec() {}

    static Json.Obj encode(Review.Signature signature) {
        return Json.object()
                .put("actor", signature.actor().id())
                .put("at", signature.at().toString())
                .keep(facts(
                                Json.object(),
                                signature.meaning(),
                                signature.manifest(),
                                signature.printedName(),
                                signature.authenticatedAt())
                        .build()
                        .fields())
                .build();
    }

    static Review.Signature decode(Fields fields) {
        return given(fields, Actor.of(fields.text("actor")), instant(fields, "at"));
    }

    /** What an entry's change states, with what the entry itself says. */
    static Review.Signature given(Fields fields, Actor actor, Instant at) {
        return new Review.Signature(
                actor,
                fields.constant("meaning", Approval.Meaning.class),
                new Digest(fields.text("manifest")),
                fields.textOrNull("printedName"),
                fields.has("authenticatedAt") ? instant(fields, "authenticatedAt") : null,
                at);
    }

    /** What the signer states; the rest is the entry's. */
    static ObjectBuilder facts(
            ObjectBuilder fields,
            Approval.Meaning meaning,
            Digest manifest,
            @Nullable String printedName,
            @Nullable Instant authenticatedAt) {
        return fields.put("meaning", Constants.text(meaning))
                .put("manifest", manifest.hex())
                .optional("printedName", printedName)
                .optional("authenticatedAt", authenticatedAt, i -> Json.of(i.toString()));
    }

    private static Instant instant(Fields fields, String name) {
        try {
            return Instant.parse(fields.text(name));
        } catch (DateTimeException e) {
            throw new MalformedException(name + " is not an instant", e);
        }
    }
}
