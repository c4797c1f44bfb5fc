/** Who may do what. Start at {@link io.modelregistry.access.Role}. */
@NullMarked
package io.modelregistry.access;

import org.jspecify.annotations.NullMarked;
