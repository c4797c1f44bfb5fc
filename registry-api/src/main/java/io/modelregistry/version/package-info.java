/**
 * What a version is: immutable records. Start at {@link io.modelregistry.version.ModelVersion}, what the registry answers, and
 * {@link io.modelregistry.version.Registration}, what a caller hands in.
 */
@NullMarked
package io.modelregistry.version;

import org.jspecify.annotations.NullMarked;
