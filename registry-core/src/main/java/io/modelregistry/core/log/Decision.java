package io.modelregistry.core.log;

import io.modelregistry.RegistryException;
import java.util.Optional;

/**
 * Applies an operation to a tip. Called again with the newer tip whenever another writer was faster, so everything is judged by the state it will
 * really follow.
 */
@FunctionalInterface
public interface Decision {

    /**
     * The entry's content; empty when the tip already says what was asked for, and nothing is to be written.
     *
     * @throws RegistryException when the operation isn't possible on this tip
     */
    Optional<Draft> on(Tip tip);
}
