package io.modelregistry.store.gcs;

import io.modelregistry.testkit.RealStoreContract;
import org.junit.jupiter.api.Nested;

/** Not part of the build: {@code bin/real-store-check} runs it. */
final class RealStoreCheck extends RealStoreContract {

    @Nested
    final class Backend extends OfBackends {
        @Override
        public boolean tellsBeforehandThatABlobStands() {
            return false;
        }
    }
}
