/** Reads streams for people: the audit trail and the verification. Start at {@link io.modelregistry.core.audit.Trail}. */
@NullMarked
package io.modelregistry.core.audit;

import org.jspecify.annotations.NullMarked;
