/**
 * Policies and what they ask of a change. Start at {@link io.modelregistry.core.policy.Rulebook}: the present policy, and what of it isn't met. Everything
 * here judges facts that were read before, so that {@code verify()} can judge the same facts again.
 */
@NullMarked
package io.modelregistry.core.policy;

import org.jspecify.annotations.NullMarked;
