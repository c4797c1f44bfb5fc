package io.modelregistry.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelregistry.ModelRegistry;
import io.modelregistry.micrometer.RegistryMeters;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Measures the registry where {@code registry-micrometer} is on the class path. */
@AutoConfiguration(after = ModelRegistryAutoConfiguration.class)
@ConditionalOnClass({RegistryMeters.class, MeterRegistry.class})
@ConditionalOnBean(ModelRegistry.class)
public class ModelRegistryMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RegistryMeters registryMeters(ModelRegistry registry) {
        return new RegistryMeters(registry);
    }
}
