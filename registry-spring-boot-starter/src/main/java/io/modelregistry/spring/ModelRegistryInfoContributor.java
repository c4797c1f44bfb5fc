package io.modelregistry.spring;

import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServingStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** What this application serves, by whose decision. Asks no store. */
final class ModelRegistryInfoContributor implements InfoContributor {
    private final ModelRegistry registry;

    ModelRegistryInfoContributor(ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> serving = new LinkedHashMap<>();
        for (ServingStatus status : registry.serving()) {
            status.deployment()
                    .ifPresent(change -> serving.put(status.model() + ":" + status.environment(), detail(change)));
        }
        builder.withDetail("modelRegistry", Map.of("id", registry.id(), "serving", serving));
    }

    private static Map<String, Object> detail(Deployment change) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("serves", change.rollout().map(Rollout::describe).orElse("nothing"));
        detail.put("revision", change.revision().sequence());
        detail.put("by", change.actor().id());
        detail.put("at", change.at().toString());
        return detail;
    }
}
