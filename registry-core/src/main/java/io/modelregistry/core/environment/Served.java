package io.modelregistry.core.environment;

import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Tip;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state that each entry of an environment's stream carries.
 *
 * @param current null when nothing is served
 * @param recent earlier rollouts, each once, the one served last first; at most {@value #MOST_RECENT}
 * @param json as stored, so that what a newer release added survives a rewrite
 */
public record Served(@Nullable Rollout current, List<Rollout> recent, Json.Obj json) {
    public Served {
        recent = List.copyOf(recent);
    }

    /** How many distinct rollouts a rollback can look back on, the current one included. */
    public static final int MOST_RECENT = 16;

    private static final String CURRENT = "current";
    private static final String RECENT = "recent";

    public static Served of(Json.Obj state) {
        Fields fields = Fields.of(state);
        Fields current = fields.objectOrNull(CURRENT);
        return new Served(
                current == null ? null : RolloutCodec.decode(current),
                fields.objects(RECENT, RolloutCodec::decode),
                state);
    }

    static Served of(Tip tip) {
        return tip.decode(Served::of);
    }

    Optional<Rollout> rollout() {
        return Optional.ofNullable(current);
    }

    /** The earlier rollouts that remain after serving something else; null for nothing. Of a canary's steps the last one counts. */
    public List<Rollout> after(@Nullable Rollout rollout) {
        List<Rollout> earlier = new ArrayList<>();
        if (current != null) {
            earlier.add(current);
        }
        recent.stream().filter(r -> current == null || !r.hasArmsOf(current)).forEach(earlier::add);
        earlier.removeIf(r -> rollout != null && r.hasArmsOf(rollout));
        return List.copyOf(earlier.subList(0, Math.min(earlier.size(), MOST_RECENT - 1)));
    }

    /** Whether what is served is a rollout's arms at whatever weights: then that rollout, once served, isn't among the earlier ones. */
    public boolean isStepOf(Rollout rollout) {
        return current != null && current.hasArmsOf(rollout);
    }

    /** The versions that are served beside a stable one; the one version where there is no other. */
    Set<Long> brought() {
        if (current == null) {
            return Set.of();
        }
        long stable = current.stable().version();
        Set<Long> others = new TreeSet<>();
        current.arms().stream().map(Arm::version).filter(v -> v != stable).forEach(others::add);
        return others.isEmpty() ? Set.of(stable) : others;
    }

    /** The state after serving something else; null for nothing. */
    Json.Obj next(@Nullable Rollout rollout) {
        return Json.object()
                .put(CURRENT, rollout == null ? new Json.Nil() : RolloutCodec.encode(rollout))
                .put(RECENT, Json.array(after(rollout), RolloutCodec::encode))
                .keep(json.fields())
                .build();
    }
}
