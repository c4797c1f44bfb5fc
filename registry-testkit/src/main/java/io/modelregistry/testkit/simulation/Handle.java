package io.modelregistry.testkit.simulation;

import io.modelregistry.Environment;
import io.modelregistry.environment.Deployment;

/** An environment's handle, and the revision that it must remember by now. Not thread-safe. */
final class Handle {
    final Environment environment;
    /** -1 for none. */
    long remembered = -1;

    Handle(Environment environment) {
        this.environment = environment;
    }

    Deployment remember(Deployment deployment) {
        remembered = deployment.revision().sequence();
        return deployment;
    }
}
