package io.modelregistry.access;

import io.modelregistry.storage.KeyGrammar;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Some keys, and what may be done with them.
 *
 * @param keys empty for every key, all keys that begin so if it ends with {@code /}, otherwise that one key
 */
public record Grant(String keys, Set<Action> actions) {
    public Grant {
        if (!keys.isEmpty() && !keys.endsWith("/")) {
            KeyGrammar.requireKey(keys);
        } else {
            KeyGrammar.requirePrefix(keys);
        }
        if (actions.isEmpty()) {
            throw new IllegalArgumentException("A grant of nothing on " + keys);
        }
        actions = Collections.unmodifiableSet(EnumSet.copyOf(actions));
    }

    public boolean covers(String key) {
        return isPrefix() ? key.startsWith(keys) : key.equals(keys);
    }

    /** Whether it covers what begins with its keys, rather than one key. */
    public boolean isPrefix() {
        return keys.isEmpty() || keys.endsWith("/");
    }

    public boolean allows(Action action) {
        return actions.contains(action);
    }
}
