package io.modelregistry.policy;

import io.modelregistry.Actor;
import io.modelregistry.Revision;
import java.time.Instant;

/**
 * A policy as it was set.
 *
 * @param at the store's time where it is known, else the writer's
 */
public record PolicyRevision(Revision revision, Policy policy, Actor actor, String reason, Instant at) {}
