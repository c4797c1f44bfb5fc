package io.modelregistry.core.environment;

import io.modelregistry.VersionId;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.core.review.Standing;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds versions against what an environment asks of them. What that rests on is read through a {@link Reading}: the present to decide, and what a
 * decision cites to judge it again.
 */
public final class PromotionRules {
    private final Reading reading;
    private final Function<VersionId, ModelVersion> versions;
    private final Place place;
    private final Rulebook book;
    private final Instant earliest;
    private final Instant now;

    /**
     * @param versions finds a version that stands
     * @param earliest when the decision may have been made: a waiver that held then holds
     * @param now when it was made, or a little later
     */
    public PromotionRules(
            Reading reading,
            Function<VersionId, ModelVersion> versions,
            Place place,
            Rulebook book,
            Instant earliest,
            Instant now) {
        this.reading = reading;
        this.versions = versions;
        this.place = place;
        this.book = book;
        this.earliest = earliest;
        this.now = now;
    }

    /** The streams that a promotion of a version rests on, as far as they are known beforehand. */
    public static Set<StreamName> streams(Rulebook book, Place place, VersionId version) {
        Set<StreamName> names = new LinkedHashSet<>();
        names.add(KeyLayout.submissions(version));
        names.add(KeyLayout.reviews(version));
        EnvironmentRules rules = book.policy().rulesOf(place.environment());
        names.addAll(MetricRules.streams(rules, version));
        if (!rules.attestations().isEmpty()) {
            names.add(KeyLayout.assessments(version));
        }
        rules.servedIn().forEach(service -> names.add(KeyLayout.environment(service.environment(), version.model())));
        return names;
    }

    /** Every rule that a version doesn't meet to be promoted. */
    public List<UnmetRule> unmet(ModelVersion version) {
        List<UnmetRule> unmet = new ArrayList<>(unmetToRestore(version));
        EnvironmentRules rules = rules();
        if (rules != null) {
            List<UnmetRule> more = new ArrayList<>();
            card(rules, version, more);
            servedIn(rules, version, more);
            attestations(rules, version.id(), more);
            more.addAll(new MetricRules(reading, versions, version).unmet(rules));
            unmet.addAll(notWaived(version.id(), more));
        }
        return unmet;
    }

    /**
     * Every rule that a version doesn't meet to be restored: its state and its format. What was measured and attested was enough when it was promoted,
     * and a way back is needed most when numbers are in doubt.
     */
    public List<UnmetRule> unmetToRestore(ModelVersion version) {
        LifecycleState state = Standing.of(reading, version.id()).state();
        List<UnmetRule> unmet = new ArrayList<>();
        if (!state.isPromotable()) {
            unmet.add(new UnmetRule(Rule.LIFECYCLE, version.id() + " is " + state, "Promote another version."));
        }
        EnvironmentRules rules = rules();
        if (rules != null) {
            List<UnmetRule> more = new ArrayList<>();
            if (state.isPromotable()
                    && !rules.states().isEmpty()
                    && !rules.states().contains(state)) {
                more.add(new UnmetRule(
                        Rule.STATE,
                        version.id() + " is " + state + ", but " + place.environment() + " serves only what is "
                                + rules.states(),
                        "Submit it, and have it reviewed."));
            }
            format(rules, version, more);
            unmet.addAll(notWaived(version.id(), more));
        }
        return unmet;
    }

    private @Nullable EnvironmentRules rules() {
        return book.policy().environments().get(place.environment());
    }

    private List<UnmetRule> notWaived(VersionId version, List<UnmetRule> unmet) {
        return unmet.stream()
                .filter(rule -> book.policy().waivers().stream()
                        .noneMatch(waiver -> waiver.rule() == rule.rule()
                                && waiver.version().equals(version)
                                && waiver.environment().equals(place.environment())
                                && waiver.holdsAt(earliest)))
                .toList();
    }

    private void format(EnvironmentRules rules, ModelVersion version, List<UnmetRule> unmet) {
        String format = version.artifact().format().id();
        if (EnvironmentRules.CODE_CARRYING_FORMATS.contains(format)) {
            unmet.add(new UnmetRule(
                    Rule.FORMAT,
                    version.id() + " is in the format " + format + ", which can carry code that runs when it is loaded",
                    "Export it in another format, or have the rule \"format\" waived for it."));
        } else if (!rules.formats().isEmpty() && !rules.formats().contains(format)) {
            unmet.add(new UnmetRule(
                    Rule.FORMAT,
                    version.id() + " is in the format " + format + ", but " + place.environment() + " serves only "
                            + rules.formats(),
                    "Export it in another format, or have the rule \"format\" waived for it."));
        }
    }

    private void card(EnvironmentRules rules, ModelVersion version, List<UnmetRule> unmet) {
        ModelCard card = version.card();
        for (EnvironmentRules.CardPart part : rules.card()) {
            String text = card == null
                    ? null
                    : switch (part) {
                        case INTENDED_USE -> card.intendedUse();
                        case LIMITS -> card.limits();
                    };
            if (text == null || text.isBlank()) {
                unmet.add(new UnmetRule(
                        Rule.CARD,
                        "the model card of " + version.id() + " says nothing about "
                                + (part == EnvironmentRules.CardPart.LIMITS ? "its limits" : "its intended use"),
                        "Register a version with a fuller card; files that stand are not uploaded again."));
            }
        }
    }

    private void servedIn(EnvironmentRules rules, ModelVersion version, List<UnmetRule> unmet) {
        for (EnvironmentRules.Service service : rules.servedIn()) {
            StreamName stream =
                    KeyLayout.environment(service.environment(), version.id().model());
            Optional<Duration> served =
                    ServingTime.of(reading.log(stream), reading.tip(stream), version, service.atLeast(), now);
            if (served.isEmpty() || served.get().compareTo(service.atLeast()) < 0) {
                String how = served.isEmpty()
                        ? " was never served in " + service.environment()
                        : " was served in " + service.environment() + " for "
                                + served.get().truncatedTo(ChronoUnit.SECONDS)
                                + ", which is less than " + service.atLeast();
                unmet.add(new UnmetRule(
                        Rule.SERVED_IN, version.id() + how, "Promote it to " + service.environment() + " first."));
            }
        }
    }

    private void attestations(EnvironmentRules rules, VersionId version, List<UnmetRule> unmet) {
        if (rules.attestations().isEmpty()) {
            return;
        }
        Set<String> attested = reading.tip(KeyLayout.assessments(version)).decode(Evaluations::attested).stream()
                .map(Attestation::name)
                .collect(Collectors.toSet());
        for (String name : rules.attestations()) {
            if (!attested.contains(name)) {
                unmet.add(new UnmetRule(
                        Rule.ATTESTATION,
                        "nobody has attested \"" + name + "\" of " + version,
                        "Have an evaluator attest it with assess()."));
            }
        }
    }
}
