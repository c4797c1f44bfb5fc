/** What a registry does, as metrics, and which version answered, as attributes of a span: {@link io.modelregistry.opentelemetry.RegistryTelemetry}. */
@NullMarked
package io.modelregistry.opentelemetry;

import org.jspecify.annotations.NullMarked;
