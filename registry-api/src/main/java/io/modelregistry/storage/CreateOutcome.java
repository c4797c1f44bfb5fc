package io.modelregistry.storage;

/** What a conditional create found. */
public enum CreateOutcome {
    /** This attempt wrote the object. */
    CREATED,
    /** An object stands already, and this attempt did not write it. */
    EXISTS
}
