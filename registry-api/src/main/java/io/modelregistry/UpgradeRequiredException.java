package io.modelregistry;

/** A newer release of this library wrote something that this one may not interpret. Upgrade this library; nothing was written. */
public final class UpgradeRequiredException extends RegistryException {
    private static final long serialVersionUID = 1L;

    public UpgradeRequiredException(String message) {
        super(message, null);
    }
}
