package io.modelregistry.examples.serving;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Asks a service for predictions at a steady rate, for one patient after the other, until it is closed. */
final class Traffic implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int PATIENTS = 400;

    private final URI service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicLong asked = new AtomicLong();
    private final long begun = System.nanoTime();

    private Traffic(URI service) {
        this.service = service;
    }

    static Traffic to(URI service, int requestsPerSecond) {
        Traffic traffic = new Traffic(service);
        long pause = TimeUnit.SECONDS.toMicros(CLIENTS) / requestsPerSecond;
        for (int i = 0; i < CLIENTS; i++) {
            traffic.running.add(traffic.clients.scheduleAtFixedRate(
                    traffic::ask, i * pause / CLIENTS, pause, TimeUnit.MICROSECONDS));
        }
        return traffic;
    }

    private void ask() {
        long number = asked.getAndIncrement();
        URI prediction = service.resolve("/predict?patient=patient-" + number % PATIENTS + "&row=" + number % 569);
        HttpRequest request = HttpRequest.newBuilder(prediction)
                .timeout(Duration.ofSeconds(20))
                .build();
        int status = 0;
        long version = 0;
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            status = response.statusCode();
            version = response.headers().firstValueAsLong("X-Model-Version").orElse(0);
        } catch (IOException e) {
            // counted as a request that nobody answered
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        answers.add(new Answer(millis(), status, version));
    }

    /** Since the traffic began. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    List<Answer> answers() {
        return new ArrayList<>(answers);
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        clients.shutdown();
        try {
            if (!clients.awaitTermination(30, TimeUnit.SECONDS)) {
                clients.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
