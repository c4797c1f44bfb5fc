package io.modelregistry.spring;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.TextValidator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Opens the registry that {@code model-registry.location} names and closes it with the application. A {@link TextValidator} bean becomes the registry's. An
 * application with a {@link ModelRegistry} bean of its own keeps that.
 */
@AutoConfiguration
@ConditionalOnProperty("model-registry.location")
@EnableConfigurationProperties(ModelRegistryProperties.class)
public class ModelRegistryAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    ModelRegistry modelRegistry(ModelRegistryProperties properties, ObjectProvider<TextValidator> validators) {
        RegistryOptions options = properties.options();
        TextValidator validator = validators.getIfUnique();
        options = validator == null ? options : options.withTextValidator(validator);
        ModelRegistry registry = properties.initialise()
                ? ModelRegistry.initialise(properties.location(), options)
                : ModelRegistry.open(properties.location(), options);
        String actor = properties.actor();
        return actor == null ? registry : registry.as(actor);
    }
}
