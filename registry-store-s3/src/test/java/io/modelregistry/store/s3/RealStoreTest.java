package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.RealStore;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code bin/real-store-check} does besides the contracts. */
@Timeout(120)
final class RealStoreTest {
    private static final byte[] CONTENT = {1, 2, 3};

    private static final String LONGEST_KEY = ("b".repeat(179) + "/").repeat(4) + "b".repeat(180);

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    private RealStore store;

    @BeforeEach
    void giveTheChainCredentials() {
        System.setProperty("aws.accessKeyId", S3Server.IDENTITY);
        System.setProperty("aws.secretAccessKey", S3Server.CREDENTIAL);
        store = RealStore.below("s3://" + wire.bucket + "/team?endpoint=" + wire.proxy.uri() + "&path-style=true");
    }

    @AfterEach
    void takeThemAway() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private void putSomethingInto(String location) {
        try (StorageBackend backend = RealStore.open(location, Host.system())) {
            backend.create("models/a", CONTENT);
            backend.overwrite("hints/a", CONTENT);
        }
    }

    @Test
    void everyTestHasAFolderOfItsOwnInANewFolderBelowTheLocation() {
        String first = store.freshFolder();
        String second = store.freshFolder();

        putSomethingInto(first);

        assertThat(first)
                .matches("s3://" + wire.bucket + "/team/check-[0-9a-f]{32}/1\\?endpoint=http:.*&path-style=true");
        try (StorageBackend elsewhere = RealStore.open(second, Host.system())) {
            assertThat(elsewhere.list("", Depth.ALL, "", 10).keys()).isEmpty();
        }
    }

    @Test
    void whatTheTestsWroteIsDeletedAndNothingElse() throws Exception {
        try (StorageBackend bystander = wire.undisturbed()) {
            bystander.create("models/mine", CONTENT);
            putSomethingInto(store.freshFolder());
            String second = store.freshFolder();
            putSomethingInto(second);
            try (StorageBackend backend = RealStore.open(second, Host.system())) {
                backend.create(LONGEST_KEY, CONTENT);
            }

            String report = store.clear();

            assertThat(report).matches("Deleted 5 objects below s3://.*/team/check-[0-9a-f]{32}");
            assertThat(bystander.list("", Depth.ALL, "", 10).keys()).containsExactly("models/mine");
        }
    }

    @Test
    void whatTheStoreKeepsIsTold() throws Exception {
        putSomethingInto(store.freshFolder());
        wire.proxy.plan(
                ProxyPlan.everyTimeOn("DELETE .*/models/a", ProxyFault.answer(FaultyWire.error(403, "AccessDenied"))));

        String report = store.clear();

        assertThat(report)
                .startsWith("Deleted 1 objects below s3://")
                .contains("; left 1: the first is models/a in s3://")
                .contains("s3:DeleteObject");
    }

    @Test
    void aSchemeThatNoBackendOpensIsRefused() {
        assertThatThrownBy(() -> RealStore.open("ftp://bucket/team", Host.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No backend on the class path opens ftp://bucket/team");
    }
}
