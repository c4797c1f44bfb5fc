package io.modelregistry.store.gcs;

/**
 * What the backend was asked for, in the words of its error messages.
 *
 * @param what verb and key: {@code create versions/fraud/0000000001.json}
 * @param permission what the caller needs for it
 * @param on what it needs the permission on
 */
record Call(String what, String permission, String on, Effect effect) {

    /** What is certain when no good answer comes. */
    enum Effect {
        /** Nothing changes, whatever becomes of the request. */
        NONE,
        /** The request may have taken effect, or may still do so. */
        POSSIBLE
    }

    static Call reading(String what, String permission, String on) {
        return new Call(what, permission, on, Effect.NONE);
    }

    static Call writing(String what, String permission, String on) {
        return new Call(what, permission, on, Effect.POSSIBLE);
    }

    /** The same request at a moment when it cannot change anything yet. */
    Call withoutEffect() {
        return new Call(what, permission, on, Effect.NONE);
    }

    /** The same request where it is what settles the operation. */
    Call withEffect() {
        return new Call(what, permission, on, Effect.POSSIBLE);
    }
}
