package io.modelregistry.examples.serving;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Routing;
import io.modelregistry.examples.quickstart.ArtifactFiles;
import io.modelregistry.examples.quickstart.BreastCancerData;
import io.modelregistry.examples.quickstart.OnnxClassifier;
import io.modelregistry.examples.quickstart.Sample;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.version.LocalArtifact;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Predicts over HTTP with what production serves: {@code GET /predict?patient=ID&row=N}, N being a row of the data file, and {@code GET /health}. It writes nothing to the
 * registry, so it names no actor. Each answer carries the receipt of the version that gave it.
 *
 * <p>Arguments: the registry's location, the model's name, and a folder for the cache.
 */
final class PredictionService implements AutoCloseable {
    static final String LISTENING = "listening at ";

    private static final int THREADS = 8;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final List<Sample> samples = BreastCancerData.load().samples();
    private final ModelHandle<OnnxClassifier> model;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;

    PredictionService(ModelRegistry registry, String name) throws IOException {
        this.model = registry.model(name)
                .environment("production")
                .serve(Loader.of(PredictionService::open).warmUp(classifier -> smokeTest(classifier, samples)));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/predict", exchange -> answer(exchange, this::predict));
        server.createContext("/health", exchange -> answer(exchange, this::health));
        server.start();
    }

    public static void main(String[] args) throws IOException {
        RegistryOptions options =
                RegistryOptions.defaults().withCacheFolder(Path.of(args[2])).withPollInterval(POLL_INTERVAL);
        ModelRegistry registry = ModelRegistry.open(args[0], options);
        PredictionService service = new PredictionService(registry, args[1]);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            registry.close();
                        },
                        "shutdown"));
        System.out.println(LISTENING + "http://127.0.0.1:" + service.port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static OnnxClassifier open(LocalArtifact files) throws IOException {
        ArtifactFiles artifact = new ArtifactFiles(files.folder());
        return OnnxClassifier.open(artifact.model(), artifact.scaler());
    }

    /** Refuses a version that doesn't answer with probabilities. */
    private static void smokeTest(OnnxClassifier classifier, List<Sample> samples) {
        double[][] rows = {
            samples.get(0).features(), samples.get(samples.size() - 1).features()
        };
        classifier.predict(rows).forEach(prediction -> {
            if (!(prediction.malignancy() >= 0 && prediction.malignancy() <= 1)) {
                throw new IllegalStateException("Not a probability: " + prediction.malignancy());
            }
        });
    }

    private String predict(HttpExchange exchange) {
        Map<String, String> query = query(exchange);
        double[] row =
                samples.get(Integer.parseInt(query.getOrDefault("row", "0"))).features();
        Routing routing = Routing.of(query.getOrDefault("patient", "anybody"));
        return model.use(routing, served -> {
            double malignancy =
                    served.model().predict(new double[][] {row}).get(0).malignancy();
            stamp(exchange, served);
            return String.format(
                    Locale.ROOT,
                    "{\"malignancy\": %.6f, \"version\": \"%s\", \"receipt\": \"%s\"}%n",
                    malignancy,
                    served.version().id(),
                    served.receipt());
        });
    }

    private static void stamp(HttpExchange exchange, Lease<?> served) {
        exchange.getResponseHeaders()
                .set("X-Model-Version", Long.toString(served.version().number()));
        exchange.getResponseHeaders().set("X-Model-Receipt", served.receipt().toString());
    }

    private String health(HttpExchange exchange) {
        HandleStatus status = model.status();
        return String.format(
                Locale.ROOT,
                "{\"complete\": %b, \"confirmedSecondsAgo\": %d, \"failures\": %d}%n",
                status.isComplete(),
                status.age().toSeconds(),
                status.failures().size());
    }

    private interface Handler {
        String handle(HttpExchange exchange);
    }

    private static void answer(HttpExchange exchange, Handler handler) throws IOException {
        int status = 200;
        String text;
        try {
            text = handler.handle(exchange);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            status = 400;
            text = "{\"error\": \"row is a number from 0 to 568\"}\n";
        } catch (RuntimeException e) {
            status = 500;
            text = "{\"error\": \"no prediction\"}\n";
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> values = new HashMap<>();
        String query = exchange.getRequestURI().getQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return values;
    }

    /** Answers what is under way, then gives the model back. */
    @Override
    public void close() {
        server.stop(1);
        threads.shutdown();
        model.close();
    }
}
