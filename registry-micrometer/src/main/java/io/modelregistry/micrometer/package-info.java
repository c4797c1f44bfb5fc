/** What a registry does, as meters: {@link io.modelregistry.micrometer.RegistryMeters}. */
@NullMarked
package io.modelregistry.micrometer;

import org.jspecify.annotations.NullMarked;
