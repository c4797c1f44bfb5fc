package io.modelregistry.core.environment;

import io.modelregistry.Actor;
import io.modelregistry.IntegrityException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks before a promotion whether it may be made. Thread-safe. */
public final class PromotionCheck {
    private final Streams streams;
    private final VersionStore versions;

    PromotionCheck(Streams streams, VersionStore versions) {
        this.streams = streams;
        this.versions = versions;
    }

    /**
     * The versions that a step gives more of the traffic: the rules are theirs to meet. Those of a whole rollout are all held against the rules again; of
     * a step on its way only those are that were not the stable one, so that a way back is always open.
     */
    public static Set<VersionId> gaining(Place place, Promotion.Step step, @Nullable Rollout before, Rollout next) {
        Rollout from = step instanceof Promotion.Serve ? null : before;
        return versionsOf(place, next).stream()
                .filter(version -> from == null || gains(version.number(), from, next))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean gains(long version, Rollout before, Rollout next) {
        return version != before.stable().version()
                && (!before.names(version) || next.share(version).compareTo(before.share(version)) > 0);
    }

    /**
     * Reads in parallel what a promotion rests on, and refuses versions that may not be given more of the traffic. Returns the positions read.
     *
     * @param gaining versions that are given more
     */
    Map<String, Long> check(
            Place place,
            Rollout rollout,
            Set<VersionId> gaining,
            Actor actor,
            Reading reading,
            Set<StreamName> alongside) {
        Rulebook expected = expectedPolicy();
        Set<StreamName> names = new LinkedHashSet<>(alongside);
        names.add(KeyLayout.POLICY);
        List<Runnable> tasks = new ArrayList<>(List.of(streams.log(place.stream())::pinTip));
        for (VersionId version : gaining) {
            names.addAll(PromotionRules.streams(expected, place, version));
            tasks.add(() -> versions.require(version));
        }
        reading.fetch(names, tasks);
        Rulebook book = Rulebook.of(reading.tip(KeyLayout.POLICY));
        PromotionRules rules = rules(place, reading, book);
        List<UnmetRule> unmet = new ArrayList<>(book.unmet(actor, Role.releaser(place.environment())));
        reading.fetch(gaining.stream()
                .flatMap(version -> PromotionRules.streams(book, place, version).stream())
                .toList());
        gaining.forEach(version -> unmet.addAll(rules.unmet(versions.require(version))));
        if (!unmet.isEmpty()) {
            throw new RulesUnmetException("Cannot promote to " + place, unmet);
        }
        return positions(place, rollout, reading);
    }

    /** If the policy is what it was, all that its rules ask for is read at once. */
    private Rulebook expectedPolicy() {
        try {
            return streams.log(KeyLayout.POLICY).cached().map(Rulebook::of).orElse(Rulebook.NONE);
        } catch (UpgradeRequiredException | IntegrityException e) {
            return Rulebook.NONE; // it may have been replaced since
        }
    }

    PromotionRules rules(Place place, Reading reading, Rulebook book) {
        // as precise as an entry's time, by which it will be judged again
        Instant now = streams.store().host().now().truncatedTo(ChronoUnit.MILLIS);
        return new PromotionRules(reading, versions::require, place, book, now, now);
    }

    /** What a decision about a rollout cites. */
    static Map<String, Long> positions(Place place, Rollout rollout, Reading reading) {
        Map<String, Long> seen = reading.positions();
        seen.remove(place.stream().path()); // the chain says what stood before
        rollout.arms()
                .forEach(arm -> seen.merge(KeyLayout.versions(place.model()).path(), arm.version(), Math::max));
        return seen;
    }

    /** The versions that a rollout names. */
    public static List<VersionId> versionsOf(Place place, Rollout rollout) {
        return rollout.arms().stream()
                .map(arm -> new VersionId(place.model(), arm.version()))
                .distinct()
                .toList();
    }
}
