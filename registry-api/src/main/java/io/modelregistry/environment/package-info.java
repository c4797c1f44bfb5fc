/**
 * What environments serve. Start at {@link io.modelregistry.environment.Rollout}, what is served, and
 * {@link io.modelregistry.environment.Deployment}, one change of it.
 */
@NullMarked
package io.modelregistry.environment;

import org.jspecify.annotations.NullMarked;
