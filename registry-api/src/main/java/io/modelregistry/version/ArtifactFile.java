package io.modelregistry.version;

import io.modelregistry.Digest;

/** A file of an artifact. */
public record ArtifactFile(ArtifactPath path, long sizeBytes, Digest digest) {}
