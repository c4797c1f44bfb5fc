/** The judgement of versions. Start at {@link io.modelregistry.lifecycle.LifecycleState}: the state machine is one switch. */
@NullMarked
package io.modelregistry.lifecycle;

import org.jspecify.annotations.NullMarked;
