package io.modelregistry;

/**
 * The label names another version for ever; choose another. If {@link #registered} is not 0, that version was registered all the same, and stands
 * without the label: two registrations asked for it at once.
 */
public final class LabelTakenException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final long registered;

    public LabelTakenException(ModelName model, Label label, long owner, long registered) {
        super("The label " + label + " of " + model + " names version " + owner + " for ever; choose another"
                + (registered == 0
                        ? ". Nothing was registered"
                        : ". Version " + registered + " was registered without a label"));
        this.registered = registered;
    }

    /** The number of the version that stands without the label; 0 when nothing was registered. */
    public long registered() {
        return registered;
    }
}
