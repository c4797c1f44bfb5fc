package io.modelregistry;

import java.util.Optional;

/** The one validator that objects to nothing, so that options without one are equal. */
enum NoValidator implements TextValidator {
    NONE;

    @Override
    public Optional<Objection> check(Kind kind, String text) {
        return Optional.empty();
    }
}
