/**
 * Deterministic simulation of several processes over one store. Start at {@link io.modelregistry.testkit.simulation.Simulation}; the rest is reached through it.
 *
 * <p>Inside: {@code World} is one schedule, {@code Tape} its chance, {@code Weather} its faults, {@code Workload} what its processes intend. {@code Ledger} is what really
 * stands, seen by {@code Witness} below the faults. {@code StreamLaws} judges each entry as it comes into being, {@code AnswerLaws} and {@code Refusals} what processes are
 * told, {@code Judgement} the end; {@code FeedLaws}, {@code NoteLaws}, {@code ModelLaws} and {@code CopyLaws} hold what is asked of these in all three.
 */
@NullMarked
package io.modelregistry.testkit.simulation;

import org.jspecify.annotations.NullMarked;
