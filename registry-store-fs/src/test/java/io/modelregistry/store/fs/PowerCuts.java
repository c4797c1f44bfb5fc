package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.RegistryException;
import io.modelregistry.environment.Promotion;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.version.Registration;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Rounds of writing, cutting the power, mounting again and looking: what was acknowledged is there, what was refused for certain
 * isn't, nothing is half.
 */
final class PowerCuts {
    private static final int WRITERS = 4;

    /** What goes on when the power is cut. */
    enum Round {
        /** Somebody was just told that an object stands. */
        AFTER_ACKNOWLEDGEMENT,
        /** Several write. */
        AMONG_WRITERS,
        /** Somebody was just shown an object whose writer was killed before it could flush its folder. */
        AFTER_READING,
        /** Several register and promote. */
        AMONG_REGISTRARS
    }

    private final Disk disk;
    private final Random random;
    private int rounds;
    private int acknowledged;

    PowerCuts(Disk disk, Random random) {
        this.disk = disk;
        this.random = random;
    }

    int rounds() {
        return rounds;
    }

    int acknowledged() {
        return acknowledged;
    }

    void run(Round round, Form form) {
        rounds++;
        Path root = disk.folder().resolve("registry-" + rounds);
        switch (round) {
            case AFTER_ACKNOWLEDGEMENT -> afterAcknowledgement(root, form);
            case AMONG_WRITERS -> amongWriters(root, form);
            case AFTER_READING -> afterReading(root, form);
            case AMONG_REGISTRARS -> amongRegistrars(root, form);
        }
        Command.run("rm", "-rf", root.toString());
    }

    private static StorageBackend open(Path root, Form form) {
        return new FileBackend(root, Host.system(), form.files());
    }

    /** How the creates of a round were answered. */
    private enum Answer {
        STANDS,
        REFUSED,
        UNKNOWN
    }

    private void afterAcknowledgement(Path root, Form form) {
        Map<String, Answer> answers = new ConcurrentHashMap<>();
        try (StorageBackend backend = open(root, form)) {
            int objects = 1 + random.nextInt(5);
            for (int i = 0; i < objects; i++) {
                String key = "models/m" + random.nextInt(3) + "/" + i;
                answers.put(key, create(backend, key));
            }
        }
        disk.cutPower();
        disk.restart();
        check(root, form, answers);
    }

    private void amongWriters(Path root, Form form) {
        Map<String, Answer> answers = new ConcurrentHashMap<>();
        CountDownLatch enough = new CountDownLatch(random.nextInt(40));
        whileOthers(enough, writer -> {
            try (StorageBackend backend = open(root, form)) {
                for (int i = 0; ; i++) {
                    String key = "models/m" + i % 3 + "/" + writer + "-" + i;
                    answers.put(key, create(backend, key));
                    if (answers.get(key) != Answer.STANDS) {
                        return;
                    }
                    enough.countDown();
                }
            }
        });
        check(root, form, answers);
    }

    private static Answer create(StorageBackend backend, String key) {
        try {
            CreateOutcome outcome = key.hashCode() % 2 == 0
                    ? backend.create(key, content(key))
                    : backend.upload(key, new TextBlob(new String(content(key), StandardCharsets.US_ASCII)));
            assertThat(outcome).isEqualTo(CreateOutcome.CREATED);
            return Answer.STANDS;
        } catch (StorageException e) {
            return e.kind() == StorageException.Kind.UNKNOWN ? Answer.UNKNOWN : Answer.REFUSED;
        }
    }

    private void check(Path root, Form form, Map<String, Answer> answers) {
        Map<String, byte[]> left = RegistryFolder.read(root).objects();
        left.forEach((key, content) -> assertThat(content).as(key).isEqualTo(content(key)));
        answers.forEach((key, answer) -> {
            if (answer == Answer.STANDS) {
                assertThat(left).as("acknowledged objects").containsKey(key);
                acknowledged++;
            } else if (answer == Answer.REFUSED) {
                assertThat(left).as("objects that were refused").doesNotContainKey(key);
            }
        });
        try (StorageBackend backend = open(root, form)) {
            answers.keySet().forEach(key -> {
                if (!left.containsKey(key)) {
                    assertThat(backend.create(key, content(key))).isEqualTo(CreateOutcome.CREATED);
                }
            });
        }
    }

    /** As a writer leaves it that is killed between its link and its flush. */
    private static void linkWithoutFlush(Path root, String key, Form form) {
        Path place = root.resolve(key);
        try {
            Path staged = place.resolveSibling(".00000000000000000000000000000000.tmp");
            Path file = staged;
            if (form == Form.FOLDERS) {
                Files.createDirectory(staged);
                file = staged.resolve(ObjectTree.ENTRY);
            }
            try (FileOutputStream out = new FileOutputStream(file.toFile())) {
                out.write(content(key));
                out.getChannel().force(true);
            }
            if (form == Form.FOLDERS) {
                Files.move(staged, place);
            } else {
                Files.createLink(place, staged);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void afterReading(Path root, Form form) {
        String key = "models/m/1";
        try (StorageBackend other = open(root, form)) {
            other.create("models/m/0", content("models/m/0"));
        }
        linkWithoutFlush(root, key, form);
        try (StorageBackend backend = open(root, form)) {
            switch (random.nextInt(4)) {
                case 0 -> assertThat(backend.get(key, 1 << 20)).isPresent();
                case 1 -> assertThat(backend.stat(key)).isPresent();
                case 2 -> assertThat(backend.create(key, new byte[1])).isEqualTo(CreateOutcome.EXISTS);
                default ->
                    assertThat(backend.upload(key, new TextBlob("other"))).isEqualTo(CreateOutcome.EXISTS);
            }
        }
        disk.cutPower();
        disk.restart();
        check(root, form, Map.of("models/m/0", Answer.STANDS, key, Answer.STANDS));
    }

    private void amongRegistrars(Path root, Form form) {
        try (Client first = Client.of(root, form)) {
            WriteOperation.EVALUATE.prepare(first, "shared");
        }
        Map<String, Answer> answers = new ConcurrentHashMap<>();
        CountDownLatch enough = new CountDownLatch(random.nextInt(12));
        whileOthers(enough, writer -> {
            try (Client client = Client.of(root, form)) {
                for (int i = 0; ; i++) {
                    String request = writer + "/" + i;
                    try {
                        change(client, writer, request);
                        answers.put(request, Answer.STANDS);
                        enough.countDown();
                    } catch (RegistryException e) {
                        answers.put(request, Answer.UNKNOWN);
                        return;
                    }
                }
            }
        });
        RegistryFolder left = RegistryFolder.read(root);
        left.assertSound(form);
        try (Client next = Client.of(root, form)) {
            answers.forEach((request, answer) -> {
                assertThat(left.carriedOut(request)).isBetween(answer == Answer.STANDS ? 1L : 0L, 1L);
                acknowledged += answer == Answer.STANDS ? 1 : 0;
                if (answer == Answer.UNKNOWN) {
                    change(next, Integer.parseInt(request.substring(0, request.indexOf('/'))), request);
                }
            });
        }
        RegistryFolder mended = RegistryFolder.read(root);
        mended.assertSound(form);
        answers.keySet()
                .forEach(request ->
                        assertThat(mended.carriedOut(request)).as(request).isEqualTo(1));
    }

    private static void change(Client client, int writer, String request) {
        if (writer == 0) {
            client.registry()
                    .model("shared")
                    .environment("place-" + writer)
                    .promote(Promotion.of(1, "because").request(request));
        } else {
            client.registry()
                    .model(writer == 1 ? "own" : "shared")
                    .register(Registration.empty()
                            .file("weights.bin", content(request))
                            .request(request));
        }
    }

    /** What one of several writers does until it can't any more. */
    private interface Work {
        void run(int writer);
    }

    private void whileOthers(CountDownLatch enough, Work work) {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            Thread thread = new Thread(() -> work.run(writer), "writer-" + i);
            thread.setUncaughtExceptionHandler((t, e) -> {
                synchronized (failures) {
                    failures.add(e);
                }
                while (enough.getCount() > 0) {
                    enough.countDown();
                }
            });
            threads.add(thread);
            thread.start();
        }
        try {
            enough.await();
            disk.cutPower();
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        disk.restart();
        Optional<Throwable> failure = failures.stream().findFirst();
        failure.ifPresent(e -> {
            throw new AssertionError("A writer failed with " + e, e);
        });
    }

    private static byte[] content(String key) {
        return (key + " ").repeat(2_000).getBytes(StandardCharsets.US_ASCII);
    }
}
