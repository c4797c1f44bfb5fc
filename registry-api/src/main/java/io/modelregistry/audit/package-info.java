/**
 * The audit trail. Start at {@link io.modelregistry.audit.AuditEvent}, one thing that happened, and
 * {@link io.modelregistry.audit.Verification}, whether the stored history is whole.
 */
@NullMarked
package io.modelregistry.audit;

import org.jspecify.annotations.NullMarked;
