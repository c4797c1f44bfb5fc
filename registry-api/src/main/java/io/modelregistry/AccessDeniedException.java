package io.modelregistry;

import io.modelregistry.access.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The store refuses this caller. Nothing was written. The message names the key, and the permission and the role that are missing. */
public final class AccessDeniedException extends RegistryException {
    private static final long serialVersionUID = 1L;

    /** As text, because exceptions are serialised. */
    private final @Nullable String role;

    public AccessDeniedException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.role = null;
    }

    /** @param needed the role that may do what was refused */
    public AccessDeniedException(String message, Role needed, @Nullable Throwable cause) {
        super(message + " needs role " + needed, cause);
        this.role = needed.toString();
    }

    /** The role that may do what was refused. */
    public Optional<Role> neededRole() {
        return Optional.ofNullable(role).map(Role::parse);
    }
}
