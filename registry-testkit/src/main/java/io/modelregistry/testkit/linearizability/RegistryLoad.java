package io.modelregistry.testkit.linearizability;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.testkit.linearizability.History.Found;
import io.modelregistry.testkit.linearizability.StreamLinearizability.Violation;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Threads of several registries on one store that register versions of one model, promote them in one environment, and read both strongly, all at the
 * same time; and the histories of both streams. Thread-safe.
 *
 * <p>Where there is a request id, an unknown outcome is repeated once, half of the time. Nothing else may change the model while this runs.
 */
public final class RegistryLoad {
    private static final String MODEL = "tumor";
    private static final String ENVIRONMENT = "production";
    /** The parameter by which a version is known. */
    private static final String MARK = "mark";

    private final History registrations;
    private final History promotions;

    /** @param clock never goes back, and is the same for all clients */
    public RegistryLoad(LongSupplier clock) {
        registrations = new History(clock);
        promotions = new History(clock);
    }

    /** What was done to the stream of versions. */
    public History registrations() {
        return registrations;
    }

    /** What was done to the stream of the environment. */
    public History promotions() {
        return promotions;
    }

    /** How many operations were recorded. */
    public int size() {
        return registrations.operations().size() + promotions.operations().size();
    }

    /**
     * Lets them run until each thread has done its operations.
     *
     * @param name sets the clients of this run apart from those of others on the same store
     * @param registries one for each process that is to be imitated, or only this process's own
     * @param threadsEach of each registry
     * @param operationsEach of each thread
     * @param seed decides what each does, not when
     */
    public void run(String name, List<ModelRegistry> registries, int threadsEach, int operationsEach, long seed)
            throws InterruptedException {
        int threads = registries.size() * threadsEach;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            ModelRegistry registry = registries.get(i / threadsEach);
            Client client = new Client(name + "-" + i, registry.model(MODEL), new SplittableRandom(seed * threads + i));
            clients.add(() -> {
                start.await();
                for (int n = 0; n < operationsEach; n++) {
                    client.act(n);
                }
                return null;
            });
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> end : executor.invokeAll(clients)) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("A client ended: " + e.getCause(), e.getCause());
        } finally {
            executor.shutdown();
        }
    }

    /**
     * Checks both histories against what stands.
     *
     * @param afterwards opened when all had ended
     */
    public List<Violation> check(ModelRegistry afterwards) {
        Model model = afterwards.model(MODEL);
        List<Violation> violations = new ArrayList<>(StreamLinearizability.check(
                registrations.operations(),
                model.versions().map(RegistryLoad::mark).toList()));
        violations.addAll(StreamLinearizability.check(
                promotions.operations(),
                model.environment(ENVIRONMENT).history().stream()
                        .map(Deployment::reason)
                        .toList()));
        return violations;
    }

    private static String mark(ModelVersion version) {
        return Objects.requireNonNull(version.parameters().get(MARK), "a version that is none of these clients'");
    }

    private final class Client {
        private final String name;
        private final Model model;
        private final SplittableRandom random;

        Client(String name, Model model, SplittableRandom random) {
            this.name = name;
            this.model = model;
            this.random = random;
        }

        void act(int number) {
            String value = name + ":" + number;
            switch (random.nextInt(6)) {
                case 0 -> register(value);
                case 1, 2 -> promote(value);
                case 3 -> registrations.read(name, () -> model.latest().map(v -> new Found(v.number(), mark(v))));
                case 4 -> promotions.read(name, () -> environment().current().map(Client::found));
                default -> promotions.read(name, this::resolve);
            }
        }

        private void register(String value) {
            Registration registration = Registration.empty()
                    .file("model.bin", value.getBytes(StandardCharsets.UTF_8))
                    .parameter(MARK, value)
                    .request(value);
            registrations.write(
                    name,
                    value,
                    () -> persistently(() -> model.register(registration)).number());
        }

        /** Of version 1, which may not be there yet; then it is refused. Half of the time without a request id. */
        private void promote(String value) {
            Promotion promotion = Promotion.of(1, value);
            Supplier<Deployment> request = random.nextBoolean()
                    ? () -> environment().promote(promotion)
                    : () -> persistently(() -> environment().promote(promotion.request(value)));
            promotions.write(name, value, () -> request.get().revision().sequence());
        }

        private <T> T persistently(Supplier<T> request) {
            try {
                return request.get();
            } catch (OutcomeUnknownException e) {
                if (random.nextBoolean()) {
                    throw e;
                }
                try {
                    return request.get();
                } catch (RegistryException refused) {
                    // says nothing of the first try, whose create may still be under way
                    e.addSuppressed(refused);
                    throw e;
                }
            }
        }

        private Optional<Found> resolve() {
            try {
                return environment().resolve(Consistency.STRONG).servedBy().map(Client::found);
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        }

        /** A handle of its own each time, which remembers no revision: so it expects the newest at the start of the call. */
        private Environment environment() {
            return model.environment(ENVIRONMENT);
        }

        private static Found found(Deployment deployment) {
            return new Found(deployment.revision().sequence(), deployment.reason());
        }
    }
}
