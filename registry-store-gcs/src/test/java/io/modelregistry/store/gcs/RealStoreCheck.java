package io.modelregistry.store.gcs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.RealStore;
import io.modelregistry.testkit.RegistryContract;
import io.modelregistry.testkit.StorageBackendContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Both contracts against a store that somebody names. Not part of the build: {@code bin/real-store-check} runs it. */
final class RealStoreCheck {
    private static final RealStore STORE = RealStore.below(System.getProperty("store.location"));

    @BeforeAll
    static void tellWhere() {
        System.out.println("Testing below " + STORE.location());
    }

    @AfterAll
    static void clear() throws InterruptedException {
        System.out.println(STORE.clear());
    }

    @Nested
    final class Backend extends StorageBackendContract {
        private String folder;

        @Override
        protected void freshStore() {
            folder = STORE.freshFolder();
        }

        @Override
        protected StorageBackend open(Host host) {
            return RealStore.open(folder, host);
        }

        @Override
        public boolean tellsBeforehandThatABlobStands() {
            return false;
        }
    }

    @Nested
    final class Registry extends RegistryContract {
        private final String folder = STORE.freshFolder();

        @Override
        protected StorageBackend open(Host host) {
            return RealStore.open(folder, host);
        }
    }
}
