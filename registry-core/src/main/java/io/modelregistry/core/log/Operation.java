package io.modelregistry.core.log;

import io.modelregistry.Actor;
import io.modelregistry.RequestId;
import io.modelregistry.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A change that somebody wants made, whatever place in the stream it gets.
 *
 * @param change says everything that was asked for and nothing that depends on the place: repeating a request compares its digest
 * @param request null when the caller gave none
 */
public record Operation(
        Json.Obj change,
        Actor actor,
        String reason,
        @Nullable RequestId request) {}
