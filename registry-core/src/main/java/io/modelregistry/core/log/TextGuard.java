package io.modelregistry.core.log;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.TextValidator;
import io.modelregistry.TextValidator.Kind;

/** Keeps out of entries what the registry's validator of texts objects to. Thread-safe. */
public final class TextGuard {
    private final TextValidator validator;

    public TextGuard(TextValidator validator) {
        this.validator = validator;
    }

    /** Looks at a text whose kind says enough about it. */
    public void check(Kind kind, String text) {
        check(kind, kind.words(), text);
    }

    /**
     * @param field for the message, which doesn't repeat the text: it may be logged
     * @throws InvalidRequestException when the validator objects
     */
    public void check(Kind kind, String field, String text) {
        validator.check(kind, text).ifPresent(objection -> {
            throw new InvalidRequestException("The " + field + " can't be recorded: " + objection.why()
                    + " begins at position " + objection.position()
                    + ". Entries are kept for ever; leave it out, or put it into a note, which can be erased"
                    + " (Version.addNote). Nothing was written");
        });
    }

    /** Looks at who does something, why, and under which request id. */
    public void check(Operation operation) {
        check(Kind.ACTOR, operation.actor().id());
        check(Kind.REASON, operation.reason());
        if (operation.request() != null) {
            check(Kind.REQUEST, operation.request().value());
        }
    }
}
