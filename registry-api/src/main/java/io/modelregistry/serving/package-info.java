/**
 * Models in memory, kept up to date with what an environment serves. Start at {@link io.modelregistry.serving.ModelHandle}; most users need
 * {@link io.modelregistry.serving.Loader} and {@link io.modelregistry.serving.Lease} besides.
 */
@NullMarked
package io.modelregistry.serving;

import org.jspecify.annotations.NullMarked;
