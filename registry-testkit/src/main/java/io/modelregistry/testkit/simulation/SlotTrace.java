package io.modelregistry.testkit.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a process saw of the slots it wanted, a letter for each answer: of a create {@code C}reated, e{@code X}ists, {@code U}nknown, {@code R}efused, {@code N}ot sent; of
 * the read that follows {@code o}wn entry, an{@code a}nother's, {@code m}issing, {@code f}ailed. Repetitions of a letter count once. {@code UXo}: the answer was lost, the
 * repetition met its own entry. From these the {@linkplain Tally report} says which branches of the protocol were reached.
 */
final class SlotTrace {
    private final Map<String, StringBuilder> bySlot = new LinkedHashMap<>();

    void add(String key, char answer) {
        boolean create = Character.isUpperCase(answer);
        StringBuilder letters = create ? bySlot.computeIfAbsent(key, k -> new StringBuilder(8)) : bySlot.get(key);
        // a read of an entry that this attempt didn't try to create is no part of it
        if (letters != null && (letters.isEmpty() || letters.charAt(letters.length() - 1) != answer)) {
            letters.append(answer);
        }
    }

    void forEach(Consumer<String> consumer) {
        bySlot.values().forEach(letters -> consumer.accept(letters.toString()));
    }
}
