/** A registry as a bean of a Spring Boot application. Start at {@link io.modelregistry.spring.ModelRegistryAutoConfiguration}. */
@NullMarked
package io.modelregistry.spring;

import org.jspecify.annotations.NullMarked;
