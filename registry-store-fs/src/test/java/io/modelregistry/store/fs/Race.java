package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that create one key at the same moment, round after round: exactly one is told that it did, and its content stands. */
final class Race {
    private static final int CLIENTS = 4;

    private Race() {}

    static void run(Path root, Form form, int rounds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<StorageBackend> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new FileBackend(root, Host.system(), form.files()));
        }
        try {
            for (int round = 0; round < rounds; round++) {
                runOnce(threads, clients, "race/" + round);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void runOnce(ExecutorService threads, List<StorageBackend> clients, String key) throws Exception {
        CyclicBarrier start = new CyclicBarrier(CLIENTS);
        List<Future<CreateOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int me = i;
            outcomes.add(threads.submit(() -> {
                start.await();
                return clients.get(me).create(key, content(me));
            }));
        }
        List<Integer> winners = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            if (outcomes.get(i).get() == CreateOutcome.CREATED) {
                winners.add(i);
            }
        }
        assertThat(winners)
                .as("clients that were told that they created " + key)
                .hasSize(1);
        assertThat(clients.get(0).get(key, 100).orElseThrow().content()).isEqualTo(content(winners.get(0)));
    }

    private static byte[] content(int client) {
        return ("by client " + client).getBytes(StandardCharsets.US_ASCII);
    }
}
