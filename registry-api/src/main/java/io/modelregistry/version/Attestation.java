package io.modelregistry.version;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody states about a version, such as that a clinical validation was passed.
 *
 * @param name what is attested: 1 to 100 characters; policies refer to it
 * @param document where the evidence lies; null when not stated. No credentials: entries can't be erased
 * @param digest of the document's bytes; null when not stated
 */
public record Attestation(
        String name, @Nullable String document, @Nullable Digest digest) {
    public Attestation {
        if (name.isBlank()) {
            throw new InvalidRequestException("The name of an attestation is blank");
        }
        Texts.line("name of an attestation", name, 100);
        if (document != null) {
            Texts.line("document of attestation " + name, document, 2_000);
        }
    }

    public static Attestation of(String name) {
        return new Attestation(name, null, null);
    }

    /** The document that shows it, and the digest of its bytes. */
    public Attestation document(String location, Digest contentDigest) {
        return new Attestation(name, location, contentDigest);
    }
}
