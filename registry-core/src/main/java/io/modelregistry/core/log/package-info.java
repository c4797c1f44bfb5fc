/**
 * Append-only streams over a store: the one place where correctness lives. Start at {@link io.modelregistry.core.log.EventLog}; its
 * {@code append} is the commit protocol. Knows entries and keys, but not what the entries mean.
 */
@NullMarked
package io.modelregistry.core.log;

import org.jspecify.annotations.NullMarked;
