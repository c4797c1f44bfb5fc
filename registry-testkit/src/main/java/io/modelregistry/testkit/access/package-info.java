/** What store policies are tested with. Start at {@link io.modelregistry.testkit.access.AccessMatrix}. */
@NullMarked
package io.modelregistry.testkit.access;

import org.jspecify.annotations.NullMarked;
