package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A contract that finds nothing proves nothing: each wrong backend must fail the very test that is there to find it. */
final class BrokenBackendTest {
    private static final String BROKEN = "broken";

    @ParameterizedTest
    @EnumSource
    void theContractFindsEachBrokenBackend(BrokenBackend broken) {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Contract.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isNamed(test, broken.foundBy())))
                .configurationParameter(BROKEN, broken.name())
                .execute()
                .testEvents();

        assertThat(tests.started().count()).as("runs of %s", broken.foundBy()).isPositive();
        assertThat(tests.failed().count())
                .as("failures of %s", broken.foundBy())
                .isPositive();
    }

    private static boolean isNamed(TestDescriptor test, String name) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName().equals(name))
                .orElse(false);
    }

    /** Not found by a build, only by the test above. */
    @ExtendWith(BrokenBackendResolver.class)
    static final class Contract extends StorageBackendContract {
        private final BrokenBackend broken;
        private MemoryStore store = new MemoryStore(new ManualHost());

        Contract(BrokenBackend broken) {
            this.broken = broken;
        }

        @Override
        protected void freshStore() {
            store = new MemoryStore(new ManualHost());
        }

        @Override
        protected StorageBackend open(Host host) {
            return broken.open(store, host);
        }
    }

    static final class BrokenBackendResolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == BrokenBackend.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return BrokenBackend.valueOf(
                    context.getConfigurationParameter(BROKEN).orElseThrow());
        }
    }
}
