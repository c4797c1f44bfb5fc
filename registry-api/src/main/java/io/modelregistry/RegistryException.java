package io.modelregistry;

import org.jspecify.annotations.Nullable;

/**
 * Anything that went wrong in a registry. There is one subclass for each next step of the caller:
 *
 * <table>
 * <caption>What to do next</caption>
 * <tr><th>subclass</th><th>next step</th></tr>
 * <tr><td>{@link NotFoundException}</td><td>look elsewhere</td></tr>
 * <tr><td>{@link InvalidRequestException}</td><td>fix the request; nothing was written</td></tr>
 * <tr><td>{@link ConflictException}</td><td>look at what changed, decide again; this change is not in force</td></tr>
 * <tr><td>{@link AccessDeniedException}</td><td>ask for the permission; nothing was written</td></tr>
 * <tr><td>{@link StoreUnavailableException}</td><td>try again; nothing was written</td></tr>
 * <tr><td>{@link OutcomeUnknownException}</td><td>ask {@link ModelRegistry#outcome} before anything else</td></tr>
 * <tr><td>{@link StaleException}</td><td>decide whether to serve what was last known</td></tr>
 * <tr><td>{@link io.modelregistry.serving.LoadException}</td><td>mend the loader, or promote another version</td></tr>
 * <tr><td>{@link IntegrityException}</td><td>stop and investigate</td></tr>
 * <tr><td>{@link UpgradeRequiredException}</td><td>upgrade this library</td></tr>
 * </table>
 */
public abstract class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
