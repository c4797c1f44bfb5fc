/** How rollouts of environments are kept. Start at {@link io.modelregistry.core.environment.Environments}. */
@NullMarked
package io.modelregistry.core.environment;

import org.jspecify.annotations.NullMarked;
