package io.modelregistry.lifecycle;

import io.modelregistry.Digest;
import io.modelregistry.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A signature under a version, to be given. What is recorded of it are the facts that 21 CFR 11.50 asks of signed electronic records: who, when, and what
 * the signature means.
 *
 * @param meaning what the signature means
 * @param reason why, for the audit trail: up to 200 characters, kept for ever
 * @param printedName the signer's name as it is to be read; null for none. Kept for ever, so only where the law wants it
 * @param authenticatedAt when the signer last proved his identity to the application; null when not stated
 * @param manifest the manifest digest of what was looked at; refused unless it is the version's. Null for whatever the version is
 */
public record Approval(
        Meaning meaning,
        String reason,
        @Nullable String printedName,
        @Nullable Instant authenticatedAt,
        @Nullable Digest manifest) {

    /** What a signature means. */
    public enum Meaning {
        /** The signer has examined it. */
        REVIEW,
        /** The signer agrees that it is used. */
        APPROVAL,
        /** The signer answers for it. */
        RESPONSIBILITY,
        /** The signer lets it go out. */
        RELEASE
    }

    public Approval {
        Texts.line("reason", reason, 200);
        if (printedName != null) {
            Texts.line("printed name", printedName, 100);
        }
    }

    /** An approval that means {@link Meaning#APPROVAL}. */
    public static Approval of(String reason) {
        return new Approval(Meaning.APPROVAL, reason, null, null, null);
    }

    public Approval meaning(Meaning other) {
        return new Approval(other, reason, printedName, authenticatedAt, manifest);
    }

    public Approval printedName(String name) {
        return new Approval(meaning, reason, name, authenticatedAt, manifest);
    }

    public Approval authenticatedAt(Instant instant) {
        return new Approval(meaning, reason, printedName, instant, manifest);
    }

    /** Refused unless this is still the version's manifest: {@code version.require().artifact().manifest()}. */
    public Approval manifest(Digest manifestDigest) {
        return new Approval(meaning, reason, printedName, authenticatedAt, manifestDigest);
    }
}
