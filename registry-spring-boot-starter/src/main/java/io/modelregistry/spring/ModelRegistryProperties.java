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
 * @param location where the registry is: file:/var/models, s3://bucket/prefix, gs://bucket/prefix
 * @param actor who this application writes for; null for an application that only reads
 * @param initialise whether to make a registry where none stands
 * @param pollInterval how often the store is asked what is served; 30 seconds when left out
 * @param maxStaleness how long what was last known may be served while the store doesn't answer; for any time when left out
 * @param operationTimeout how long an operation may take, transfers of files excepted; 60 seconds when left out
 * @param cacheFolder where files of versions are kept on this machine
 * @param cacheSize how large that folder may grow; 10 GiB when left out
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
