package io.modelregistry.core.log;

import io.modelregistry.core.json.Json;
import java.util.Map;

/**
 * What an operation makes of the tip it is applied to.
 *
 * @param state the whole state that results
 * @param seen positions of the other streams that were looked at
 */
public record Draft(Json.Obj state, Map<String, Long> seen) {}
