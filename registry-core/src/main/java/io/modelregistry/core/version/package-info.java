/** How versions, labels and evaluations are kept in streams. Start at {@link io.modelregistry.core.version.VersionStore}. */
@NullMarked
package io.modelregistry.core.version;

import org.jspecify.annotations.NullMarked;
