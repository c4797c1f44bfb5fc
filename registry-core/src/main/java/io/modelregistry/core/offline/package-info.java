/**
 * What this machine keeps of a registry so that a process can start while the store is away. Start at {@link io.modelregistry.core.offline.LastKnown}.
 */
@NullMarked
package io.modelregistry.core.offline;

import org.jspecify.annotations.NullMarked;
