package io.modelregistry.core.policy;

import io.modelregistry.Actor;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.VersionReference;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.ObjectBuilder;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.Waiver;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A policy as a document and as it is stored. Whatever this release doesn't know is an {@link UpgradeRequiredException} that names it: to leave a rule out
 * would let through what the policy forbids.
 */
final class PolicyCodec {
    private PolicyCodec() {}

    static Json.Obj encode(Policy policy) {
        Map<String, Collection<Actor>> roles = new TreeMap<>();
        policy.roles().forEach((role, actors) -> roles.put(role.toString(), actors));
        ObjectBuilder environments = Json.object();
        policy.environments().forEach((name, rules) -> environments.put(name.value(), encode(rules)));
        return Json.object()
                .optionalObject("roles", roles, actors -> texts(actors.stream().map(Actor::id)))
                .put("reviews", encode(policy.reviews()))
                .put("environments", environments.build())
                .optionalArray("waivers", policy.waivers(), PolicyCodec::encode)
                .build();
    }

    private static Json.Obj encode(ReviewRules rules) {
        ObjectBuilder fields = Json.object()
                .put("approvals", rules.approvals())
                .optionalArray("meanings", rules.meanings(), m -> Json.of(Constants.text(m)));
        if (rules.registrant() == ReviewRules.Registrant.MUST_NOT_APPROVE) {
            fields.put("registrant", Constants.text(rules.registrant()));
        }
        fields.optional("authenticatedWithin", rules.authenticatedWithin(), d -> Json.of(d.toString()));
        if (rules.printedName() == ReviewRules.PrintedName.REQUIRED) {
            fields.put("printedName", Constants.text(rules.printedName()));
        }
        return fields.build();
    }

    private static Json.Obj encode(EnvironmentRules rules) {
        return Json.object()
                .optionalArray("states", rules.states(), s -> Json.of(Constants.text(s)))
                .optionalArray(
                        "servedIn",
                        rules.servedIn(),
                        s -> Json.object()
                                .put("environment", s.environment().value())
                                .put("atLeast", s.atLeast().toString())
                                .build())
                .optionalArray("metrics", rules.metrics(), PolicyCodec::encode)
                .optionalArray("card", rules.card(), c -> Json.of(Constants.text(c)))
                .optionalArray("evaluatedOn", rules.evaluatedOn(), Json::of)
                .optionalArray("attestations", rules.attestations(), Json::of)
                .optionalArray("formats", rules.formats(), Json::of)
                .build();
    }

    private static Json.Obj encode(MetricRule rule) {
        ObjectBuilder fields = Json.object()
                .put("metric", rule.metric())
                .optional("dataset", rule.dataset())
                .optional("slice", rule.slice());
        if (rule.bound() instanceof MetricRule.AtLeast least) {
            fields.put("atLeast", least.value());
        } else if (rule.bound() instanceof MetricRule.AtMost most) {
            fields.put("atMost", most.value());
        } else if (rule.bound() instanceof MetricRule.NoWorseThan relative) {
            fields.put("noWorseThan", relative.environment().value()).put("tolerance", relative.tolerance());
        }
        if (rule.source() == MetricRule.Source.EVALUATORS) {
            fields.put("source", Constants.text(rule.source()));
        }
        return fields.build();
    }

    private static Json.Obj encode(Waiver waiver) {
        return Json.object()
                .put("version", waiver.version().toString())
                .put("environment", waiver.environment().value())
                .put("rule", waiver.rule().code())
                .put("reason", waiver.reason())
                .optional("until", waiver.until(), i -> Json.of(i.toString()))
                .build();
    }

    /** @throws UpgradeRequiredException for a rule or value that this release doesn't know */
    static Policy decode(Fields policy) {
        only(policy, "roles", "reviews", "environments", "waivers");
        Map<Role, Set<Actor>> roles = new TreeMap<>();
        policy.textsMap("roles")
                .forEach((role, actors) -> roles.put(
                        role(role),
                        actors.stream().map(Actor::of).collect(Collectors.toCollection(LinkedHashSet::new))));
        Map<EnvironmentName, EnvironmentRules> environments = new TreeMap<>();
        Fields named = policy.objectOrNull("environments");
        if (named != null) {
            for (String name : named.json().fields().keySet()) {
                environments.put(EnvironmentName.of(name), environment(named.object(name)));
            }
        }
        Fields reviews = policy.objectOrNull("reviews");
        return new Policy(
                roles,
                reviews == null ? ReviewRules.none() : reviews(reviews),
                environments,
                policy.objects("waivers", PolicyCodec::waiver));
    }

    private static ReviewRules reviews(Fields rules) {
        only(rules, "approvals", "meanings", "registrant", "authenticatedWithin", "printedName");
        return new ReviewRules(
                rules.has("approvals")
                        ? (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, rules.number("approvals")))
                        : 1,
                constants(rules, "meanings", Approval.Meaning.class),
                constant(rules, "registrant", ReviewRules.Registrant.class, ReviewRules.Registrant.MAY_APPROVE),
                duration(rules, "authenticatedWithin"),
                constant(rules, "printedName", ReviewRules.PrintedName.class, ReviewRules.PrintedName.OPTIONAL));
    }

    private static EnvironmentRules environment(Fields rules) {
        only(rules, "states", "servedIn", "metrics", "card", "evaluatedOn", "attestations", "formats");
        return new EnvironmentRules(
                constants(rules, "states", LifecycleState.class),
                rules.objects("servedIn", PolicyCodec::service),
                rules.objects("metrics", PolicyCodec::metric),
                constants(rules, "card", EnvironmentRules.CardPart.class),
                Set.copyOf(rules.texts("evaluatedOn")),
                Set.copyOf(rules.texts("attestations")),
                Set.copyOf(rules.texts("formats")));
    }

    private static EnvironmentRules.Service service(Fields service) {
        only(service, "environment", "atLeast");
        Duration atLeast = duration(service, "atLeast");
        return new EnvironmentRules.Service(
                EnvironmentName.of(service.text("environment")), atLeast == null ? Duration.ZERO : atLeast);
    }

    private static MetricRule metric(Fields rule) {
        only(rule, "metric", "dataset", "slice", "atLeast", "atMost", "noWorseThan", "tolerance", "source");
        List<String> bounds = List.of("atLeast", "atMost", "noWorseThan").stream()
                .filter(rule::has)
                .toList();
        if (bounds.size() != 1) {
            throw rule.wrong("atLeast", "the only one of atLeast, atMost and noWorseThan; a rule has exactly one");
        }
        if (rule.has("tolerance") && !rule.has("noWorseThan")) {
            throw rule.wrong("tolerance", "of use without noWorseThan");
        }
        MetricRule.Bound bound = switch (bounds.get(0)) {
            case "atLeast" -> new MetricRule.AtLeast(rule.decimal("atLeast"));
            case "atMost" -> new MetricRule.AtMost(rule.decimal("atMost"));
            default ->
                new MetricRule.NoWorseThan(
                        EnvironmentName.of(rule.text("noWorseThan")),
                        rule.has("tolerance") ? rule.decimal("tolerance") : 0);
        };
        return new MetricRule(
                rule.text("metric"),
                rule.textOrNull("dataset"),
                rule.textOrNull("slice"),
                bound,
                constant(rule, "source", MetricRule.Source.class, MetricRule.Source.ANYBODY));
    }

    private static Waiver waiver(Fields waiver) {
        only(waiver, "version", "environment", "rule", "reason", "until");
        String until = waiver.textOrNull("until");
        return new Waiver(
                version(waiver),
                EnvironmentName.of(waiver.text("environment")),
                rule(waiver),
                waiver.text("reason"),
                until == null ? null : instant(waiver, until));
    }

    private static Role role(String text) {
        try {
            return Role.parse(text);
        } catch (InvalidRequestException e) {
            throw unknown("role \"" + text + "\"");
        }
    }

    private static VersionId version(Fields waiver) {
        if (VersionReference.parse(waiver.text("version")) instanceof VersionReference.ByNumber number) {
            return number.id();
        }
        throw waiver.wrong("version", "a version by number, such as tumor@12");
    }

    private static Rule rule(Fields waiver) {
        String code = waiver.text("rule");
        for (Rule rule : Rule.values()) {
            if (rule.code().equals(code)) {
                return rule;
            }
        }
        throw unknown("rule \"" + code + "\"");
    }

    private static Instant instant(Fields fields, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw fields.wrong("until", "an instant such as 2027-01-31T00:00:00Z");
        }
    }

    private static @Nullable Duration duration(Fields fields, String name) {
        String text = fields.textOrNull(name);
        try {
            return text == null ? null : Duration.parse(text);
        } catch (DateTimeException e) {
            throw fields.wrong(name, "a duration such as P7D or PT15M");
        }
    }

    private static <E extends Enum<E>> Set<E> constants(Fields fields, String name, Class<E> type) {
        return fields.texts(name).stream()
                .map(text -> constant(name, text, type))
                .collect(Collectors.toSet());
    }

    private static <E extends Enum<E>> E constant(Fields fields, String name, Class<E> type, E absent) {
        String text = fields.textOrNull(name);
        return text == null ? absent : constant(name, text, type);
    }

    private static <E extends Enum<E>> E constant(String name, String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (Constants.text(constant).equals(text)) {
                return constant;
            }
        }
        throw unknown(name + " \"" + text + "\"");
    }

    private static void only(Fields fields, String... known) {
        for (String name : fields.json().fields().keySet()) {
            if (!List.of(known).contains(name)) {
                throw unknown("\"" + name + "\" beside " + List.of(known));
            }
        }
    }

    private static UpgradeRequiredException unknown(String what) {
        return new UpgradeRequiredException("This release knows no " + what
                + " in a policy. Upgrade the library, or look for a slip of the pen; nothing was written");
    }

    private static Json texts(java.util.stream.Stream<String> texts) {
        return Json.array(texts.sorted().toList(), Json::of);
    }
}
