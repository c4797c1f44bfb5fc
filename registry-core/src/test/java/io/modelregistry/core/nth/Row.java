package io.modelregistry.core.nth;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One public operation of the registry, as {@link NthCallTest} tries it. What it gives when nothing goes wrong is found out by a trial without a
 * fault; all others are judged against that.
 *
 * @param name what is done, in words
 * @param covers the public methods that this stands for, as {@code Type.name(ParameterTypes)}
 * @param stage what has happened before
 * @param call the operation; what it returned, as text without what differs from run to run, such as ages and identities
 * @param target the stream, or the key, that the change goes to; null for what only reads
 * @param entries how many entries the change takes there
 * @param fromMemory whether the answer may be an old one
 * @param refused whether the right answer is an exception
 */
record Row(
        String name,
        List<String> covers,
        Consumer<Client> stage,
        Function<Client, String> call,
        @Nullable String target,
        int entries,
        Repetition repetition,
        boolean fromMemory,
        boolean refused) {

    /** What doing it twice does. */
    enum Repetition {
        /** The change may be applied twice: there is no request id. */
        SECOND_CHANGE,
        /** The first outcome is returned: there is a request id. */
        FIRST_OUTCOME,
        /** Nothing that matters, so that a failure need not say whether it was done. */
        HARMLESS
    }

    static Row read(String name, Consumer<Client> stage, Function<Client, String> call, String... covers) {
        return new Row(name, List.of(covers), stage, call, null, 0, Repetition.HARMLESS, false, false);
    }

    static Row write(
            String name, String target, Consumer<Client> stage, Function<Client, String> call, String... covers) {
        return new Row(name, List.of(covers), stage, call, target, 1, Repetition.SECOND_CHANGE, false, false);
    }

    Row repeated(Repetition itsRepetition) {
        return new Row(name, covers, stage, call, target, entries, itsRepetition, fromMemory, refused);
    }

    /** As a write that takes so many entries in its stream. */
    Row takes(int manyEntries) {
        return new Row(name, covers, stage, call, target, manyEntries, repetition, fromMemory, refused);
    }

    /** As a read that need not ask the store each time. */
    Row maybeFromMemory() {
        return new Row(name, covers, stage, call, target, entries, repetition, true, refused);
    }

    /** As an operation that is rightly refused. */
    Row isRefused() {
        return new Row(name, covers, stage, call, target, entries, repetition, fromMemory, true);
    }

    boolean isRead() {
        return target == null;
    }

    /** Whether a key is one that this creates. */
    boolean isTarget(String key) {
        return target != null && (key.equals(target) || key.startsWith(target + "/"));
    }

    @Override
    public String toString() {
        return name;
    }
}
