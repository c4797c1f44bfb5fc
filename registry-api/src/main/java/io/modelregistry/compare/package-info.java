/** What differs between two versions. Start at {@link io.modelregistry.compare.Comparison}. */
@NullMarked
package io.modelregistry.compare;

import org.jspecify.annotations.NullMarked;
