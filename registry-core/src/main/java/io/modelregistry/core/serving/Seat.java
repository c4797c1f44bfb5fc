package io.modelregistry.core.serving;

import io.modelregistry.environment.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What whoever belongs to an arm is given.
 *
 * @param assigned id of the arm
 * @param loaded what answers: the stable arm's while this arm's isn't loaded
 * @param receipt of what answers
 * @param shadows that are asked as well
 * @param experiment id of the experiment that is under way
 */
record Seat<T>(
        String assigned,
        Loaded<T> loaded,
        Receipt receipt,
        List<Seat<T>> shadows,
        @Nullable String experiment) {}
