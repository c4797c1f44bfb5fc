package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * Both contracts against the store that the system property {@code store.location} names. A backend's module extends this for {@code bin/real-store-check}, in
 * a class that its build doesn't run, with registry-core on the class path.
 */
public abstract class RealStoreContract {
    private static final RealStore STORE =
            RealStore.below(Objects.requireNonNull(System.getProperty("store.location"), "store.location"));

    /** For subclasses. */
    protected RealStoreContract() {}

    @BeforeAll
    static void tellWhere() {
        System.out.println("Testing below " + STORE.location());
    }

    @AfterAll
    static void clear() throws InterruptedException {
        System.out.println(STORE.clear());
    }

    /** The contract of backends; a subclass says what it allows the store, and carries JUnit's {@link Nested}. */
    public abstract static class OfBackends extends StorageBackendContract {
        private String folder = "";

        /** For subclasses. */
        protected OfBackends() {}

        @Override
        protected final void freshStore() {
            folder = STORE.freshFolder();
        }

        @Override
        protected final StorageBackend open(Host host) {
            return RealStore.open(folder, host);
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
