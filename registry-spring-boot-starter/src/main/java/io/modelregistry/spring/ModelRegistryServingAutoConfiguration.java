package io.modelregistry.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Serves the models that {@link Serves} names. */
@AutoConfiguration(after = ModelRegistryAutoConfiguration.class)
public class ModelRegistryServingAutoConfiguration {

    /** Static, so that no configuration is made before all definitions are known. */
    @Bean
    static ServedModels servedModels() {
        return new ServedModels();
    }
}
