package io.modelregistry.core.serving;

import io.modelregistry.VersionId;
import io.modelregistry.environment.Deployment;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a handle takes from its registry. Thread-safe. */
interface Source {

    /** Asks the store what is served, so that {@link #newest} knows. */
    void read();

    /** The newest change known, from memory. */
    @Nullable
    Deployment newest();

    /** How long ago the store confirmed it. */
    Duration age();

    /**
     * Looks for newer changes from here on.
     *
     * @param changed run when there is one; returns soon
     * @return ends it
     */
    Runnable follow(Runnable changed);

    /** A version's record; may ask the store. */
    ModelVersion version(VersionId id);

    /** Brings a version's files here, and verifies them. They stay until they are {@linkplain #release released} as often. */
    LocalArtifact download(ModelVersion version);

    /** The files of one {@link #download} aren't needed any more; asks no store. */
    void release(ModelVersion version);
}
