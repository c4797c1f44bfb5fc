package io.modelregistry.core.environment;

import io.modelregistry.environment.ServingStatus;

/**
 * Hears what becomes of a place: the first answer or failure, then each newer change and each time the store falls silent, is heard again, or has been
 * silent for longer than is allowed. Called on the thread that polls, one call at a time for all places of a registry: return soon. What it throws is
 * logged.
 */
@FunctionalInterface
public interface PlaceListener {
    void changed(ServingStatus status);
}
