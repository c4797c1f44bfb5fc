package io.modelregistry.core.log;

import io.modelregistry.environment.ServedAt.Certainty;

/**
 * What a stream had come to at an instant of the store's clock.
 *
 * @param tip the last entry stored at or before the instant; an empty tip when there was none yet
 * @param certainty {@code PINNED} and {@code SETTLED} answers never change
 */
public record Past(Tip tip, Certainty certainty) {}
