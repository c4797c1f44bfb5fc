package io.modelregistry.core.log;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;

/** What must hold between two entries of one stream. */
public final class Chain {
    private Chain() {}

    /**
     * Checks that the later entry continues the earlier one: the same origin and, if they are neighbours, the digest of the earlier one's bytes.
     *
     * @throws IntegrityException naming both digests and who recorded which
     */
    public static void check(StoredEntry earlier, StoredEntry later) {
        String key = KeyLayout.entry(earlier.entry().stream(), earlier.sequence());
        if (!earlier.entry().origin().equals(later.entry().origin())) {
            throw new IntegrityException(
                    Damage.FORK,
                    key,
                    "Two histories meet in " + earlier.entry().stream() + ": entry " + earlier.sequence()
                            + " belongs to the one begun by commit "
                            + earlier.entry().origin() + ", entry " + later.sequence() + " to the one begun by "
                            + later.entry().origin() + ". Find out which is true before anything is written",
                    null);
        }
        Entry.Previous previous = later.entry().previous();
        if (later.sequence() == earlier.sequence() + 1
                && previous != null
                && !previous.digest().equals(earlier.digest())) {
            throw new IntegrityException(
                    Damage.FORK,
                    key,
                    "Two different entries claim " + key + ": the one read is " + earlier.digest() + " by "
                            + earlier.entry().actor() + ", and entry " + later.sequence() + " by "
                            + later.entry().actor()
                            + " follows " + previous.digest() + ". Find out which is true before anything is written",
                    null);
        }
    }

    /** Checks that an entry read twice is the same. */
    static void checkSame(StoredEntry before, StoredEntry now) {
        if (!before.digest().equals(now.digest())) {
            String key = KeyLayout.entry(now.entry().stream(), now.sequence());
            throw new IntegrityException(
                    Damage.TAMPERED,
                    key,
                    "The entry " + key + " was " + before.digest() + " when this process first read it and is "
                            + now.digest()
                            + " now: it was replaced. Restore it from a backup or replica; nothing is written on top of it",
                    null);
        }
    }
}
