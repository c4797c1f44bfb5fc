package io.modelregistry.testkit.access;

import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Authority;
import io.modelregistry.access.Authority.Content;
import io.modelregistry.access.Role;
import io.modelregistry.access.Role.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every role, with every action, on keys of every authority: what a policy that was generated for a store is compared with {@link AccessRules} over.
 * Among the keys are those that a careless pattern lets in: models that are called as authorities, environments and authorities of which one's name begins
 * with another's.
 */
public final class AccessMatrix {
    private static final String FIRST = "/0000000001.json";
    private static final List<String> MODELS = List.of("tumor", "versions", "environments", "production");
    private static final List<String> ENVIRONMENTS =
            List.of("production", "production-eu", "prod", "staging", "versions", "hints");
    private static final List<String> ELSEWHERE = List.of(
            "other/tumor/0000000001.json",
            "models2/tumor/0000000001.json",
            "model/tumor/0000000001.json",
            "registry.json2",
            "registry.json/a",
            "hints2/models/tumor.json",
            "hints/other/tumor.json",
            "hints/blobs/tumor.json",
            "hints/policy.json2",
            "hints/environments2/production/tumor.json",
            "environments2/production/tumor/0000000001.json",
            "team/models/tumor/0000000001.json");

    private AccessMatrix() {}

    /** One question, and the answer that {@link AccessRules} gives. */
    public record Case(Role role, Action action, String key, boolean allowed) {
        @Override
        public String toString() {
            return role + (allowed ? " may " : " may not ") + action + " " + key;
        }
    }

    /** Every kind of role; of releasers those of every environment, of two whose names begin the same, and of a third. */
    public static List<Role> roles() {
        List<Role> roles = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            roles.add(new Role(kind, null));
        }
        Stream.of("production", "production-eu", "staging").map(Role::releaser).forEach(roles::add);
        return roles;
    }

    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        List<String> keys = keys();
        for (Role role : roles()) {
            for (Action action : Action.values()) {
                for (String key : keys) {
                    cases.add(new Case(role, action, key, AccessRules.allows(role, action, key)));
                }
            }
        }
        return cases;
    }

    /** Keys of every authority, hints of all their streams, and keys that are none of a registry's. */
    public static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Authority authority : Authority.values()) {
            keys.addAll(keys(authority));
        }
        keys.addAll(ELSEWHERE);
        return keys;
    }

    public static List<String> keys(Authority authority) {
        return switch (authority) {
            case REGISTRY -> List.of(authority.prefix());
            case POLICY -> List.of("policy" + FIRST);
            case MODELS, VERSIONS, GC -> ofModels(authority, FIRST);
            case LABELS -> ofModels(authority, "/1.4.0" + FIRST);
            case EVALUATIONS, ASSESSMENTS, SUBMISSIONS, REVIEWS -> ofModels(authority, "/0000000012" + FIRST);
            case ENVIRONMENTS ->
                ENVIRONMENTS.stream()
                        .flatMap(environment ->
                                MODELS.stream().map(model -> authority.prefix() + environment + "/" + model + FIRST))
                        .toList();
            case BLOBS -> ofModels(authority, "/sha256/" + "ab".repeat(32));
            case INTENTS -> ofModels(authority, "/" + "c1".repeat(16) + ".json");
            case NOTES -> ofModels(authority, "/" + "d2".repeat(16));
            case PROBE -> List.of("probe/" + "e3".repeat(16));
            case HINTS -> hints();
        };
    }

    private static List<String> ofModels(Authority authority, String rest) {
        return MODELS.stream().map(model -> authority.prefix() + model + rest).toList();
    }

    private static List<String> hints() {
        List<String> hints = new ArrayList<>();
        for (Authority authority : Authority.values()) {
            if (authority.content() == Content.STREAMS) {
                for (String entry : keys(authority)) {
                    hints.add("hints/" + entry.substring(0, entry.length() - FIRST.length()) + ".json");
                }
            }
        }
        return hints;
    }
}
