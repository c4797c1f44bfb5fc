package io.modelregistry.access;

/** What may be done with an object of a store. */
public enum Action {
    /** Read it, and learn from a listing that it is there. */
    READ,
    /** Create it where nothing stands. */
    CREATE,
    /** Replace what stands. */
    OVERWRITE,
    /** Delete it, with all its versions on a versioned bucket. */
    DELETE
}
