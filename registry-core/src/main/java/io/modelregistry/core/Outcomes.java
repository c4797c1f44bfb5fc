package io.modelregistry.core;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeToken;
import io.modelregistry.Texts;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import java.util.Optional;

/** Finds out what became of operations that ended without knowing. */
final class Outcomes {
    private final Streams streams;

    Outcomes(Streams streams) {
        this.streams = streams;
    }

    /**
     * The operation's last create went to one slot. While that is empty the create may still arrive; once it holds another's entry it never will, and
     * only a repetition of the request, further on, can have carried the change out.
     */
    Outcome of(OutcomeToken token) {
        requireToken(token);
        EventLog log = streams.log(new StreamName(token.stream()));
        Optional<StoredEntry> slot = log.entry(token.slot());
        if (slot.isEmpty()) {
            return Outcome.STILL_UNKNOWN;
        }
        if (isOf(token, slot.get().entry())) {
            return Outcome.COMMITTED;
        }
        if (token.request() == null) {
            return Outcome.NOT_COMMITTED;
        }
        Tip tip = log.read();
        boolean repeated = log.entries(token.slot(), tip.sequence()).stream().anyMatch(e -> isOf(token, e.entry()));
        return repeated ? Outcome.COMMITTED : Outcome.NOT_COMMITTED;
    }

    /** It comes from the caller, who may have kept it anywhere. */
    private static void requireToken(OutcomeToken token) {
        boolean isSlot = token.slot() >= 1 && token.slot() <= KeyLayout.MAX_SEQUENCE;
        if (!isSlot || KeyLayout.stream(token.stream() + "/0000000001.json").isEmpty()) {
            throw new InvalidRequestException("Not the token of an operation: it names entry " + token.slot() + " of \""
                    + Texts.printable(token.stream())
                    + "\", which is no place in a registry. Use the token of the OutcomeUnknownException as it is");
        }
    }

    private static boolean isOf(OutcomeToken token, Entry entry) {
        return entry.commit().equals(token.commit())
                || (token.request() != null && token.request().equals(entry.request()));
    }
}
