/**
 * Models in memory. {@link io.modelregistry.core.serving.LeasedHandle} is what callers hold; {@link io.modelregistry.core.serving.Upkeep} decides what is
 * loaded and who answers.
 */
@NullMarked
package io.modelregistry.core.serving;

import org.jspecify.annotations.NullMarked;
