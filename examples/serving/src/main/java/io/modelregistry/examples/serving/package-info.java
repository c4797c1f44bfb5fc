/** Serves a model over HTTP while another process rolls the next version out. Start at {@link io.modelregistry.examples.serving.RolloutDemo}. */
@NullMarked
package io.modelregistry.examples.serving;

import org.jspecify.annotations.NullMarked;
