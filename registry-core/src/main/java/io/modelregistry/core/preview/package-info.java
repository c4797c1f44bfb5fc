/** Changes that are tried without being made. Start at {@link io.modelregistry.core.preview.OverlayBackend}. */
@NullMarked
package io.modelregistry.core.preview;

import org.jspecify.annotations.NullMarked;
