package io.modelregistry.core.serving;

import io.modelregistry.EnvironmentName;
import io.modelregistry.Host;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.environment.Routing;
import io.modelregistry.serving.Exposure;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A handle over a {@link FakeSource}, a loader that fails when a test says so, and everything that was loaded. */
final class ServingRig implements ServingListener {
    static final Place PLACE = new Place(EnvironmentName.of("production"), FakeSource.MODEL);
    private static final String REGISTRY = "0123456789abcdef0123456789abcdef";

    final FakeSource source = new FakeSource();
    final List<FakeModel> loaded = new CopyOnWriteArrayList<>();
    /** What loading a version throws. */
    final Map<Long, Throwable> unloadable = new ConcurrentHashMap<>();

    final Set<Long> sick = ConcurrentHashMap.newKeySet();
    final List<Exposure> exposures = new CopyOnWriteArrayList<>();
    final List<HandleStatus> swaps = new CopyOnWriteArrayList<>();
    final List<LoadFailure> failures = new CopyOnWriteArrayList<>();

    private final Host host;
    final Listeners listeners = new Listeners("a test");
    ServingOptions options = ServingOptions.defaults().withListener(this);
    RegistryOptions limits = RegistryOptions.defaults();
    Loader<FakeModel> loader =
            Loader.<FakeModel>of(files -> load(files.version().number())).warmUp(this::warmUp);

    ServingRig(Host host) {
        this.host = host;
    }

    LeasedHandle<FakeModel> start() {
        return LeasedHandle.start(REGISTRY, PLACE, source, loader, options, limits, host, listeners, closed -> {});
    }

    LeasedHandle<FakeModel> start(long version) {
        source.serve(version);
        return start();
    }

    /** The version that answers. */
    static long ask(LeasedHandle<FakeModel> handle, Routing routing) {
        return handle.use(routing, served -> served.model().predict());
    }

    static long ask(LeasedHandle<FakeModel> handle) {
        return ask(handle, Routing.anybody());
    }

    /** The versions that are loaded and not closed. */
    List<Long> alive() {
        return loaded.stream()
                .filter(m -> m.closes() == 0)
                .map(FakeModel::predict)
                .sorted()
                .toList();
    }

    private FakeModel load(long version) throws Exception {
        Throwable reason = unloadable.get(version);
        if (reason instanceof Error error) {
            throw error;
        }
        if (reason != null) {
            throw (Exception) reason;
        }
        FakeModel model = new FakeModel(version);
        loaded.add(model);
        return model;
    }

    private void warmUp(FakeModel model) {
        if (sick.contains(model.predict())) {
            throw new IllegalStateException("answers 0.5 instead of 0.9");
        }
    }

    @Override
    public void exposed(Exposure exposure) {
        exposures.add(exposure);
    }

    @Override
    public void swapped(HandleStatus status) {
        swaps.add(status);
    }

    @Override
    public void failed(LoadFailure failure) {
        failures.add(failure);
    }

    /** A key that the canary gets at half of the traffic, or the stable arm. */
    static String key(LeasedHandle<FakeModel> handle, long version) {
        for (int i = 0; i < 1_000; i++) {
            String key = "patient-" + i;
            if (ask(handle, Routing.of(key)) == version) {
                return key;
            }
        }
        throw new AssertionError("Of 1,000 keys none gets version " + version);
    }

    static @Nullable String arm(HandleStatus.Arm arm) {
        return arm.receipt() == null
                ? null
                : arm.receipt().servedBy().orElseThrow().arm();
    }
}
