/** Real code with one thing wrong, to show that tests notice. Start at {@link io.modelregistry.testkit.mutant.Mutant}. */
@NullMarked
package io.modelregistry.testkit.mutant;

import org.jspecify.annotations.NullMarked;
