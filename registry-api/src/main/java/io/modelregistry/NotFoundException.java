package io.modelregistry;

/** What was asked for doesn't exist. Look elsewhere; the message says what does exist. */
public final class NotFoundException extends RegistryException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super(message, null);
    }

    /** No such version, and what the newest is. */
    public static NotFoundException version(VersionId id, long latest) {
        return new NotFoundException(
                latest == 0
                        ? "No version " + id + ": " + id.model() + " has no versions"
                        : "No version " + id + ": the latest version of " + id.model() + " is " + latest);
    }
}
