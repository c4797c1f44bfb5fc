package io.modelregistry.access;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is to a registry. A key's first segment says which role it takes to write it; a role says nothing about what a person may do besides.
 *
 * @param environment the one environment a releaser changes; null for every one, and for other kinds
 */
public record Role(Kind kind, @Nullable EnvironmentName environment) implements Comparable<Role> {

    /** The kinds of roles. */
    public enum Kind {
        /** Reads everything, writes nothing: serving processes, auditors. */
        READER,
        /** Registers versions, adds evaluations, asks for review: training code. */
        CONTRIBUTOR,
        /** Measures and attests independently of those who trained. */
        EVALUATOR,
        /** Judges versions. */
        REVIEWER,
        /** Changes what an environment serves. */
        RELEASER,
        /** Sets the policy, makes registries, proves stores. */
        ADMINISTRATOR,
        /** Deletes blobs that nothing names. */
        COLLECTOR
    }

    public static final Role READER = new Role(Kind.READER, null);
    public static final Role CONTRIBUTOR = new Role(Kind.CONTRIBUTOR, null);
    public static final Role EVALUATOR = new Role(Kind.EVALUATOR, null);
    public static final Role REVIEWER = new Role(Kind.REVIEWER, null);
    /** Of every environment. */
    public static final Role RELEASER = new Role(Kind.RELEASER, null);

    public static final Role ADMINISTRATOR = new Role(Kind.ADMINISTRATOR, null);
    public static final Role COLLECTOR = new Role(Kind.COLLECTOR, null);

    public Role {
        if (environment != null && kind != Kind.RELEASER) {
            throw new InvalidRequestException("Only a releaser's role names an environment, not a "
                    + kind.name().toLowerCase(Locale.ROOT) + "'s: " + environment);
        }
    }

    public static Role releaser(EnvironmentName environment) {
        return new Role(Kind.RELEASER, environment);
    }

    public static Role releaser(String environment) {
        return releaser(EnvironmentName.of(environment));
    }

    /** Reads what {@link #toString} writes: {@code reviewer}, {@code releaser}, {@code releaser:production}. */
    public static Role parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        for (Kind candidate : Kind.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(kind)) {
                return new Role(candidate, colon < 0 ? null : EnvironmentName.of(text.substring(colon + 1)));
            }
        }
        throw new InvalidRequestException(
                "Not a role: \"" + Texts.printable(text) + "\". Roles are reader, contributor,"
                        + " evaluator, reviewer, releaser, releaser:<environment>, administrator and collector");
    }

    /** Whether who has this role may do what takes the other: it is the same, or a releaser of every environment for that of one. */
    public boolean includes(Role other) {
        return kind == other.kind && (environment == null || environment.equals(other.environment));
    }

    @Override
    public int compareTo(Role other) {
        return Comparator.comparing(Role::kind).thenComparing(Role::toString).compare(this, other);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + (environment == null ? "" : ":" + environment);
    }
}
