/** How judgements of versions are kept. Start at {@link io.modelregistry.core.review.Reviews}. */
@NullMarked
package io.modelregistry.core.review;

import org.jspecify.annotations.NullMarked;
