package io.modelregistry.spring;

import io.modelregistry.ModelRegistry;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells Spring Boot's actuator what is served and whether the store answers, where the actuator is there. */
@AutoConfiguration(after = ModelRegistryAutoConfiguration.class)
@ConditionalOnBean(ModelRegistry.class)
public class ModelRegistryActuatorAutoConfiguration {

    /** {@code /actuator/health}; switched off by {@code management.health.model-registry.enabled=false}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class HealthConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "modelRegistryHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("model-registry")
        HealthIndicator modelRegistryHealthIndicator(ModelRegistry registry) {
            return new ModelRegistryHealthIndicator(registry);
        }
    }

    /** {@code /actuator/info}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(InfoContributor.class)
    static class InfoConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "modelRegistryInfoContributor")
        InfoContributor modelRegistryInfoContributor(ModelRegistry registry) {
            return new ModelRegistryInfoContributor(registry);
        }
    }
}
