/**
 * The files of versions: found on disk, hashed, sent to the store, brought back and kept in a cache. Start at
 * {@link io.modelregistry.core.artifact.Artifacts}. Knows blobs and manifests, but neither entries nor streams.
 */
@NullMarked
package io.modelregistry.core.artifact;

import org.jspecify.annotations.NullMarked;
