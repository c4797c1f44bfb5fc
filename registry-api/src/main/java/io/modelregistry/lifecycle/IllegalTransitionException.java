package io.modelregistry.lifecycle;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;

/** A version can't make this move from the state it is in. The message names the state, the move and the legal ones. */
public final class IllegalTransitionException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final LifecycleState state;
    private final LifecycleMove move;

    public IllegalTransitionException(VersionId version, LifecycleState state, LifecycleMove move) {
        super("Cannot " + move + " " + version + ": it is " + state + ", from where it may "
                + (state.moves().isEmpty() ? "make no move" : "only " + state.moves()));
        this.state = state;
        this.move = move;
    }

    public LifecycleState state() {
        return state;
    }

    public LifecycleMove move() {
        return move;
    }
}
