package io.modelregistry.access;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.access.Authority.Content;
import io.modelregistry.access.Role.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a role may read, create, overwrite and delete, from {@link Authority}. What a store is told to enforce is generated from it, and what a
 * refusal says is missing comes from it.
 *
 * <p>Everybody reads everything. Entries are created and nothing else. A hint may be overwritten by whoever may append to its stream.
 */
public final class AccessRules {
    private static final Set<Action> ON_HINTS = EnumSet.of(Action.CREATE, Action.OVERWRITE);
    private static final String SUFFIX_OF_HINTS = ".json";

    private AccessRules() {}

    /** What a role may do, in the order of the authorities; no two grants are on the same keys. */
    public static List<Grant> grants(Role role) {
        List<Grant> grants = new ArrayList<>();
        grants.add(new Grant("", EnumSet.of(Action.READ)));
        for (Authority authority : Authority.values()) {
            Set<Action> actions = EnumSet.noneOf(Action.class);
            for (Action action : Action.values()) {
                if (action != Action.READ && authority.writer(action) == role.kind()) {
                    actions.add(action);
                }
            }
            if (!actions.isEmpty()) {
                grants.add(new Grant(keys(authority, role), actions));
            }
        }
        for (Authority authority : Authority.values()) {
            if (authority.content() == Content.STREAMS && authority.writer(Action.CREATE) == role.kind()) {
                grants.add(new Grant(hints(authority, role), ON_HINTS));
            }
        }
        return List.copyOf(grants);
    }

    public static boolean allows(Role role, Action action, String key) {
        return grants(role).stream().anyMatch(grant -> grant.allows(action) && grant.covers(key));
    }

    /** The least role that may do it; empty when nobody may. */
    public static Optional<Role> needed(Action action, String key) {
        if (action == Action.READ) {
            return Optional.of(Role.READER);
        }
        if (!key.startsWith(Authority.HINTS.prefix())) {
            return authority(key).flatMap(authority -> role(authority.writer(action), key));
        }
        if (!ON_HINTS.contains(action) || !key.endsWith(SUFFIX_OF_HINTS)) {
            return Optional.empty();
        }
        String stream = key.substring(Authority.HINTS.prefix().length(), key.length() - SUFFIX_OF_HINTS.length()) + "/";
        return authority(stream)
                .filter(authority -> authority.content() == Content.STREAMS)
                .flatMap(authority -> role(authority.writer(Action.CREATE), stream));
    }

    private static Optional<Authority> authority(String key) {
        for (Authority authority : Authority.values()) {
            boolean isFolder = authority.prefix().endsWith("/");
            if (isFolder ? key.startsWith(authority.prefix()) : key.equals(authority.prefix())) {
                return Optional.of(authority);
            }
        }
        return Optional.empty();
    }

    private static Optional<Role> role(@Nullable Kind kind, String key) {
        if (kind != Kind.RELEASER) {
            return Optional.ofNullable(kind).map(each -> new Role(each, null));
        }
        String[] segments = key.split("/", 3);
        try {
            return Optional.of(segments.length < 3 ? Role.RELEASER : Role.releaser(EnvironmentName.of(segments[1])));
        } catch (InvalidRequestException e) {
            return Optional.of(Role.RELEASER); // no environment's name, so only who may write them all may write here
        }
    }

    private static String keys(Authority authority, Role role) {
        return role.environment() == null ? authority.prefix() : authority.prefix() + role.environment() + "/";
    }

    /** A stream of one segment has its hint beside the folders of the others. */
    private static String hints(Authority authority, Role role) {
        String keys = keys(authority, role);
        return Authority.HINTS.prefix()
                + (authority == Authority.POLICY ? keys.substring(0, keys.length() - 1) + SUFFIX_OF_HINTS : keys);
    }
}
