package io.modelregistry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version of another registry to be copied: {@code CopyRequest.of(development.version("tumor@12"), "release 7").vouching()}.
 *
 * @param original a handle on it
 * @param reason why, for the audit trail: up to 200 characters, kept for ever
 * @param label the label to have here; null for none
 * @param keepsLabel whether it has its own label here too; then {@code label} is null
 * @param vouches whether the copier answers for what evaluators found there
 */
public record CopyRequest(
        Version original, String reason, @Nullable Label label, boolean keepsLabel, boolean vouches) {
    public CopyRequest {
        Texts.line("reason", reason, 200);
    }

    /** With its own label. */
    public static CopyRequest of(Version original, String reason) {
        return new CopyRequest(original, reason, null, true, false);
    }

    /** With a label of its own here, where the original's is taken. */
    public CopyRequest label(String other) {
        return new CopyRequest(original, reason, Label.of(other), false, vouches);
    }

    public CopyRequest withoutLabel() {
        return new CopyRequest(original, reason, null, false, vouches);
    }

    /**
     * Records what the original's evaluators measured and attested as an assessment of the copier's own here, so that an environment's rules are met by it. Needs
     * the role of an evaluator here. Without it, it is cited as evidence all the same, and no rule counts it.
     */
    public CopyRequest vouching() {
        return new CopyRequest(original, reason, label, keepsLabel, true);
    }

    /** The label to have here instead of its own. */
    public Optional<Label> otherLabel() {
        return Optional.ofNullable(label);
    }
}
