package io.modelregistry.spring;

import io.modelregistry.RegistryOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties that begin with {@code model-registry}. What is left out has the default of {@link RegistryOptions}.
 *
 * @param location where the registry is: {@code file:/var/models}, {@code s3://bucket/prefix}, {@code gs://bucket/prefix}
 * @param actor who this application writes for; null for an application that only reads
 * @param initialise whether to make a registry where none stands
 */
@ConfigurationProperties("model-registry")
public record ModelRegistryProperties(
        String location,
        @Nullable String actor,
        @DefaultValue("false") boolean initialise,
        @Nullable Duration pollInterval,
        @Nullable Duration maxStaleness,
        @Nullable Duration operationTimeout,
        @Nullable Path cacheFolder,
        @Nullable DataSize cacheSize) {

    RegistryOptions options() {
        RegistryOptions options = RegistryOptions.defaults();
        options = pollInterval == null ? options : options.withPollInterval(pollInterval);
        options = maxStaleness == null ? options : options.withMaxStaleness(maxStaleness);
        options = operationTimeout == null ? options : options.withOperationTimeout(operationTimeout);
        options = cacheFolder == null ? options : options.withCacheFolder(cacheFolder);
        return cacheSize == null ? options : options.withCacheBytes(cacheSize.toBytes());
    }
}
