package io.modelregistry.core.environment;

import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;

/** One model in one environment. Prints as {@code fraud-detector:production}. */
public record Place(EnvironmentName environment, ModelName model) {
    StreamName stream() {
        return KeyLayout.environment(environment, model);
    }

    @Override
    public String toString() {
        return model + ":" + environment;
    }
}
