/** The {@code mem:} scheme. */
@NullMarked
package io.modelregistry.core.memory;

import org.jspecify.annotations.NullMarked;
