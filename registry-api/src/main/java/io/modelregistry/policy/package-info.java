/**
 * The rules that reviews and promotions must meet. Start at {@link io.modelregistry.policy.Policy}, which is one readable document; {@link
 * io.modelregistry.policy.Policies} keeps it.
 */
@NullMarked
package io.modelregistry.policy;

import org.jspecify.annotations.NullMarked;
