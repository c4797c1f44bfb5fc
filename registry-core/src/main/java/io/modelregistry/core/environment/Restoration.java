package io.modelregistry.core.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.core.review.Standing;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds what a rollback goes back to. Thread-safe. */
final class Restoration {
    private final Streams streams;
    private final VersionStore versions;
    private final PromotionCheck check;

    Restoration(Streams streams, VersionStore versions, PromotionCheck check) {
        this.streams = streams;
        this.versions = versions;
        this.check = check;
    }

    /**
     * The newest earlier rollout that has none of the versions the present one brought, and that may be served.
     *
     * @param seen gains what this rests on
     */
    Rollout target(Place place, Tip tip, Rulebook book, Map<String, Long> seen) {
        List<UnmetRule> skipped = new ArrayList<>();
        Served served = Served.of(tip);
        for (Rollout earlier : served.recent()) {
            if (served.brought().stream().anyMatch(earlier::names)) {
                continue;
            }
            Reading reading = Reading.ofThePresent(streams);
            PromotionRules rules = check.rules(place, reading, book);
            List<UnmetRule> obstacles = new ArrayList<>();
            for (VersionId version : PromotionCheck.versionsOf(place, earlier)) {
                reading.fetch(PromotionRules.streams(Rulebook.NONE, place, version));
                obstacles.addAll(rules.unmetToRestore(versions.require(version)));
                if (Standing.of(reading, version).state() == LifecycleState.DEPRECATED) {
                    obstacles.add(new UnmetRule(
                            Rule.STATE, version + " is DEPRECATED", "Reinstate it, or promote another version."));
                }
            }
            if (obstacles.isEmpty()) {
                seen.putAll(PromotionCheck.positions(place, earlier, reading));
                book.cite(seen);
                return earlier;
            }
            skipped.addAll(obstacles);
        }
        if (skipped.isEmpty()) {
            throw new InvalidRequestException("Cannot roll back " + place
                    + ": "
                    + (served.recent().isEmpty()
                            ? "it has served nothing else"
                            : "all that it served before has version " + served.brought())
                    + ". Promote a version instead; nothing was written");
        }
        throw new RulesUnmetException(
                "Cannot roll back " + place + ": of the last " + Served.MOST_RECENT
                        + " distinct rollouts none can be restored",
                skipped.stream().distinct().toList());
    }
}
