package io.modelregistry.core.environment;

import io.modelregistry.ConflictException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Revision;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Tip;
import io.modelregistry.environment.Deployment;
import org.jspecify.annotations.Nullable;

/** The comparing half of compare-and-set. */
final class Expectation {
    private Expectation() {}

    /** Refuses a revision that is none of the place's. */
    static void checkStream(Place place, @Nullable Revision expected) {
        if (expected != null && !expected.stream().equals(place.stream().path())) {
            throw new InvalidRequestException("The revision " + expected + " is not one of " + place
                    + ", whose revisions are " + place.stream() + "#1 and so on. Nothing was written");
        }
    }

    /** Refuses when somebody else's change came between. */
    static void check(Place place, long expected, Tip tip) {
        if (tip.sequence() == expected) {
            return;
        }
        StoredEntry newest = tip.newest();
        String what = "it has no revision yet";
        if (newest != null) {
            Deployment last = Deployments.of(newest);
            String serves = last.rollout().map(r -> "version " + r.describe()).orElse("nothing");
            what = "since then " + last.actor() + " made it serve " + serves + " (revision " + tip.sequence() + ", "
                    + last.at() + (last.reason().isEmpty() ? ")" : ", \"" + last.reason() + "\")");
        }
        throw new ConflictException(
                "Cannot change " + place + ": revision " + expected + " was expected, but " + what
                        + ". Nothing was written",
                tip.sequence() == 0 ? null : tip.revision());
    }
}
