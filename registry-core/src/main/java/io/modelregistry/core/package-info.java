/**
 * The registry over a storage backend. Start at {@link io.modelregistry.core.LogBackedRegistry}, which ties the parts together; the heart is
 * {@link io.modelregistry.core.log.EventLog}.
 */
@NullMarked
package io.modelregistry.core;

import org.jspecify.annotations.NullMarked;
