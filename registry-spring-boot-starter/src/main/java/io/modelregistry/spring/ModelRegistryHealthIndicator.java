package io.modelregistry.spring;

import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.environment.ServingStatus.Freshness;
import io.modelregistry.serving.HandleStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Down when something that this application serves may not be served any more, because the store hasn't answered for longer than
 * {@code model-registry.max-staleness}. A store that doesn't answer, or a newer version that can't be loaded, is told, and is no reason to take the application
 * out of service: it serves on what it has. Asks no store.
 */
final class ModelRegistryHealthIndicator extends AbstractHealthIndicator {
    private final ModelRegistry registry;

    ModelRegistryHealthIndicator(ModelRegistry registry) {
        super("The registry's status could not be read");
        this.registry = registry;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up().withDetail("location", registry.location());
        for (ServingStatus status : registry.serving()) {
            if (status.freshness() == Freshness.STALE) {
                builder.down();
            }
            builder.withDetail(status.model() + ":" + status.environment(), detail(status));
        }
        for (HandleStatus handle : registry.handles()) {
            builder.withDetail("handle of " + handle.model() + ":" + handle.environment(), detail(handle));
        }
    }

    private static Map<String, Object> detail(ServingStatus status) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("freshness", status.freshness());
        status.sinceConfirmed().ifPresent(age -> detail.put("confirmedSecondsAgo", age.toSeconds()));
        String problem = status.problem();
        if (problem != null) {
            detail.put("problem", problem);
        }
        return detail;
    }

    private static Map<String, Object> detail(HandleStatus handle) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("complete", handle.isComplete());
        handle.deployment().ifPresent(change -> {
            detail.put("revision", change.revision().sequence());
            detail.put("since", handle.since().toString());
        });
        Map<String, String> arms = new LinkedHashMap<>();
        handle.arms().forEach(arm -> arms.put(arm.id(), arm.version() + " " + arm.state()));
        detail.put("arms", arms);
        handle.lastFailure().ifPresent(failure -> detail.put("problem", failure.toString()));
        return detail;
    }
}
