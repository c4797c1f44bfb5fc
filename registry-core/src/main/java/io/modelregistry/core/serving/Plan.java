package io.modelregistry.core.serving;

import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which versions of a rollout are to be in memory together: in the order in which they come first, as far as there is room.
 *
 * @param fitting those that have room, or whose size isn't known yet
 * @param tooMuch those that have none
 */
record Plan(Set<Long> fitting, Set<Long> tooMuch) {

    /** The stable arm first, then those that answer, then shadows. */
    static Plan of(Rollout rollout, Map<Long, Long> sizes, long memoryBytes) {
        List<Arm> arms = new ArrayList<>(rollout.arms());
        arms.sort(Comparator.comparing(arm -> arm.mode() == Arm.Mode.SHADOW)); // stable: the first stays first
        Set<Long> fitting = new LinkedHashSet<>();
        Set<Long> tooMuch = new LinkedHashSet<>();
        long left = memoryBytes;
        for (Arm arm : arms) {
            long size = sizes.getOrDefault(arm.version(), 0L);
            if (fitting.contains(arm.version())) {
                continue;
            }
            if (size <= left) {
                fitting.add(arm.version());
                left -= size;
            } else {
                tooMuch.add(arm.version());
            }
        }
        return new Plan(fitting, tooMuch);
    }

    static Plan nothing() {
        return new Plan(Set.of(), Set.of());
    }

    Set<Long> all() {
        Set<Long> all = new LinkedHashSet<>(fitting);
        all.addAll(tooMuch);
        return all;
    }
}
