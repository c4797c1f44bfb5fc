/** Who may do what. Start at {@link io.modelregistry.access.Role}; {@link io.modelregistry.access.AccessRules} says what each may write. */
@NullMarked
package io.modelregistry.access;

import org.jspecify.annotations.NullMarked;
