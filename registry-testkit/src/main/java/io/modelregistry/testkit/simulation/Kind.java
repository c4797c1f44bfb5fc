package io.modelregistry.testkit.simulation;

/** What a process does; the quietest first. */
enum Kind {
    LATEST(false, false),
    CURRENT(false, false),
    STATE(false, false),
    RESOLVE_STRONG(false, false),
    RESOLVE_BOUNDED(false, false),
    HISTORY(false, false),
    AS_OF(false, false),
    /** Takes a loaded model, after loading what is served where that wasn't done yet. */
    LEASE(false, false),
    /** The process's other threads go on: the oldest piece of background work, and the timers that are due. */
    POLL(false, false),
    FEED(false, false),
    NOTES(false, false),
    INFO(false, false),
    REGISTER(true, true),
    EVALUATE(true, true),
    SUBMIT(true, false),
    APPROVE(true, false),
    REJECT(true, false),
    DEPRECATE(true, false),
    REINSTATE(true, false),
    RETIRE(true, false),
    PROMOTE(true, true),
    CANARY(true, true),
    SCHEDULE(true, true),
    EXPERIMENT(true, true),
    RAMP(true, true),
    COMPLETE(true, true),
    CONCLUDE(true, true),
    HALT(true, false),
    ROLL_BACK(true, false),
    WITHDRAW(true, false),
    SET_POLICY(true, false),
    ADD_NOTE(true, false),
    ERASE_NOTE(true, false),
    ARCHIVE(true, false),
    RESTORE(true, false),
    TRANSFER(true, false),
    /** Copies a version of another registry, with what was found out about it. */
    COPY(true, false);

    private final boolean writes;
    private final boolean takesRequest;

    Kind(boolean writes, boolean takesRequest) {
        this.writes = writes;
        this.takesRequest = takesRequest;
    }

    boolean writes() {
        return writes;
    }

    boolean isAboutEnvironment() {
        return switch (this) {
            case CURRENT, RESOLVE_STRONG, RESOLVE_BOUNDED, LEASE, HISTORY, AS_OF, ROLL_BACK, WITHDRAW, HALT -> true;
            default -> isPromotion();
        };
    }

    /** Whether it names a version. */
    boolean isAboutVersion() {
        return switch (this) {
            case PROMOTE, CANARY, SCHEDULE, EXPERIMENT, STATE, EVALUATE, RETIRE, NOTES, ADD_NOTE, ERASE_NOTE -> true;
            default -> isJudgement();
        };
    }

    /** Whether it changes who answers for a model, or whether it takes versions. */
    boolean isAboutModel() {
        return this == ARCHIVE || this == RESTORE || this == TRANSFER;
    }

    boolean isJudgement() {
        return switch (this) {
            case SUBMIT, APPROVE, REJECT, DEPRECATE, REINSTATE -> true;
            default -> false;
        };
    }

    /** Whether it gives a version more of an environment's traffic. */
    boolean isPromotion() {
        return switch (this) {
            case PROMOTE, CANARY, SCHEDULE, EXPERIMENT, RAMP, COMPLETE, CONCLUDE -> true;
            default -> false;
        };
    }

    /** Whether it changes nothing, and is acknowledged, when it is done already. */
    boolean mayBeSoAlready() {
        return this == ERASE_NOTE || this == COPY || isAboutModel();
    }

    /** Whether it can carry a request id, and may then be repeated. */
    boolean takesRequest() {
        return takesRequest;
    }
}
