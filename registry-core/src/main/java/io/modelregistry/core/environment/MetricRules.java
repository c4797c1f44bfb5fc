package io.modelregistry.core.environment;

import io.modelregistry.EnvironmentName;
import io.modelregistry.VersionId;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.version.Direction;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Holds the metrics of one version against those rules of an environment that are about metrics. */
final class MetricRules {
    private final Reading reading;
    private final Function<VersionId, ModelVersion> versions;
    private final ModelVersion version;

    MetricRules(Reading reading, Function<VersionId, ModelVersion> versions, ModelVersion version) {
        this.reading = reading;
        this.versions = versions;
        this.version = version;
    }

    /** The streams that these rules rest on, as far as they are known beforehand. */
    static Set<StreamName> streams(EnvironmentRules rules, VersionId version) {
        Set<StreamName> names = new LinkedHashSet<>();
        if (rules.metrics().isEmpty() && rules.evaluatedOn().isEmpty()) {
            return names;
        }
        names.add(KeyLayout.assessments(version));
        if (!rules.evaluatedOn().isEmpty()
                || rules.metrics().stream().anyMatch(rule -> rule.source() == MetricRule.Source.ANYBODY)) {
            names.add(KeyLayout.evaluations(version));
        }
        for (MetricRule rule : rules.metrics()) {
            if (rule.bound() instanceof MetricRule.NoWorseThan relative) {
                names.add(KeyLayout.environment(relative.environment(), version.model()));
            }
        }
        return names;
    }

    List<UnmetRule> unmet(EnvironmentRules rules) {
        List<UnmetRule> unmet = new ArrayList<>();
        for (MetricRule rule : rules.metrics()) {
            if (rule.bound() instanceof MetricRule.NoWorseThan relative) {
                relative(rule, relative, unmet);
            } else {
                absolute(rule, unmet);
            }
        }
        for (String dataset : rules.evaluatedOn()) {
            boolean measured = measured(version, MetricRule.Source.ANYBODY).keySet().stream()
                    .anyMatch(key -> dataset.equals(key.dataset()));
            if (!measured) {
                unmet.add(new UnmetRule(
                        Rule.EVALUATED_ON,
                        version.id() + " was not evaluated on " + dataset,
                        "Measure it there, and record that with evaluate() or assess()."));
            }
        }
        return unmet;
    }

    private void absolute(MetricRule rule, List<UnmetRule> unmet) {
        Metric.Key key = new Metric.Key(rule.metric(), rule.dataset(), rule.slice());
        Metric metric = measured(version, rule.source()).get(key);
        if (metric == null) {
            unmet.add(
                    new UnmetRule(Rule.METRIC, "there is no " + key + " of " + version.id() + by(rule), remedy(rule)));
        } else if (rule.bound() instanceof MetricRule.AtLeast least && metric.value() < least.value()) {
            unmet.add(outOfBounds(metric, "below " + least.value()));
        } else if (rule.bound() instanceof MetricRule.AtMost most && metric.value() > most.value()) {
            unmet.add(outOfBounds(metric, "above " + most.value()));
        }
    }

    private UnmetRule outOfBounds(Metric metric, String how) {
        return new UnmetRule(
                Rule.METRIC,
                metric.key() + " of " + version.id() + " is " + metric.value() + ", " + how,
                "Promote a better version, or have the rule \"metric\" waived for it.");
    }

    /** Every dataset and slice on which what is served was measured counts, unless the rule names one. */
    private void relative(MetricRule rule, MetricRule.NoWorseThan bound, List<UnmetRule> unmet) {
        Map<Metric.Key, Metric> mine = measured(version, rule.source());
        for (ModelVersion baseline : served(bound.environment())) {
            measured(baseline, rule.source()).forEach((key, theirs) -> {
                boolean asked = key.name().equals(rule.metric())
                        && (rule.dataset() == null || rule.dataset().equals(key.dataset()))
                        && (rule.slice() == null || rule.slice().equals(key.slice()));
                if (asked) {
                    compare(rule, bound, mine.get(key), theirs, baseline.id(), unmet);
                }
            });
        }
    }

    private void compare(
            MetricRule rule,
            MetricRule.NoWorseThan bound,
            @Nullable Metric mine,
            Metric theirs,
            VersionId baseline,
            List<UnmetRule> unmet) {
        String than = baseline + ", which " + bound.environment() + " serves";
        if (mine == null) {
            unmet.add(new UnmetRule(
                    Rule.NO_WORSE_THAN,
                    "there is no " + theirs.key() + " of " + version.id() + by(rule) + " to compare with that of "
                            + than,
                    remedy(rule)));
        } else if (isWorse(mine.value(), theirs, bound.tolerance())) {
            unmet.add(new UnmetRule(
                    Rule.NO_WORSE_THAN,
                    mine.key() + " of " + version.id() + " is " + mine.value() + ", worse than the " + theirs.value()
                            + " of " + than + (bound.tolerance() == 0 ? "" : ", by more than " + bound.tolerance()),
                    "Promote a better version, or have the rule \"no-worse-than\" waived for it."));
        }
    }

    private static boolean isWorse(double mine, Metric theirs, double tolerance) {
        // in decimals, as people write them: in binary 0.8 - 0.1 is more than 0.7
        BigDecimal worse = theirs.direction() == Direction.HIGHER_IS_BETTER
                ? BigDecimal.valueOf(theirs.value()).subtract(BigDecimal.valueOf(mine))
                : BigDecimal.valueOf(mine).subtract(BigDecimal.valueOf(theirs.value()));
        return worse.compareTo(BigDecimal.valueOf(tolerance)) > 0;
    }

    private List<ModelVersion> served(EnvironmentName environment) {
        Rollout rollout = reading.tip(
                        KeyLayout.environment(environment, version.id().model()))
                .decode(Served::of)
                .current();
        List<Arm> arms = rollout == null ? List.of() : rollout.arms();
        return arms.stream()
                .filter(arm -> arm.mode() != Arm.Mode.SHADOW)
                .map(arm -> versions.apply(new VersionId(version.id().model(), arm.version())))
                .distinct()
                .toList();
    }

    /** The latest value of each metric; what evaluators measured counts before what others did. */
    private Map<Metric.Key, Metric> measured(ModelVersion of, MetricRule.Source source) {
        List<List<Metric>> measurements = new ArrayList<>();
        if (source == MetricRule.Source.ANYBODY) {
            reading.fetch(List.of(KeyLayout.evaluations(of.id()), KeyLayout.assessments(of.id())));
            measurements.add(of.metrics());
            measurements.add(reading.tip(KeyLayout.evaluations(of.id())).decode(Evaluations::measured));
        }
        measurements.add(reading.tip(KeyLayout.assessments(of.id())).decode(Evaluations::measured));
        return Evaluations.latest(measurements);
    }

    private static String by(MetricRule rule) {
        return rule.source() == MetricRule.Source.EVALUATORS ? " that an evaluator measured" : "";
    }

    private static String remedy(MetricRule rule) {
        return rule.source() == MetricRule.Source.EVALUATORS
                ? "Have an evaluator measure it, and record that with assess()."
                : "Measure it, and record that with evaluate() or assess().";
    }
}
