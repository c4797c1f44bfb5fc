package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several JVMs on one folder. */
@Timeout(120)
final class ProcessesTest {
    private static final int PROCESSES = 4;
    private static final int ROUNDS = 200;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Form.class)
    void exactlyOneOfFourProcessesWinsEachKey(Form form) throws Exception {
        List<WriterProcess> writers = new ArrayList<>();
        try (StorageBackend backend = FileBackend.at(folder, Host.system())) {
            for (int i = 0; i < PROCESSES; i++) {
                writers.add(WriterProcess.start(folder, "writer-" + i, form));
            }
            for (int round = 0; round < ROUNDS; round++) {
                String key = "race/" + round % 7 + "/" + round;
                writers.forEach(writer -> writer.order(key));

                List<String> winners = new ArrayList<>();
                for (int i = 0; i < PROCESSES; i++) {
                    String answer = writers.get(i).answer();
                    assertThat(answer).isIn("CREATED", "EXISTS");
                    if (answer.equals("CREATED")) {
                        winners.add("writer-" + i);
                    }
                }

                assertThat(winners).as("winners of " + key).hasSize(1);
                assertThat(backend.get(key, 1 << 20).orElseThrow().content())
                        .isEqualTo(WriterProcess.content(winners.get(0)));
            }
        } finally {
            writers.forEach(WriterProcess::close);
        }
    }

    @Test
    void aProcessKilledAtAnyMomentLeavesWholeObjectsOnlyAndKeepsNobodyFromGoingOn() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        int orders = 40;
        for (int victim = 0; victim < 6; victim++) {
            try (WriterProcess writer = WriterProcess.start(folder, "writer", Form.LINKS)) {
                for (int i = 0; i < orders; i++) {
                    writer.order("killed/" + victim + "/" + i);
                }
                for (int i = 0; i < 3 * victim; i++) {
                    assertThat(writer.answer()).isEqualTo("CREATED");
                }
                writer.kill();
                for (int i = 0; i < orders; i++) {
                    if (i < 3 * victim || writer.answer().equals("CREATED")) {
                        acknowledged.add("killed/" + victim + "/" + i);
                    }
                }
            }
        }

        try (StorageBackend backend = FileBackend.at(folder, Host.system())) {
            List<String> visible = backend.list("", Depth.ALL, "", 1_000).keys();
            assertThat(visible).containsAll(acknowledged);
            for (String key : visible) {
                assertThat(backend.get(key, 1 << 20).orElseThrow().content())
                        .isEqualTo(WriterProcess.content("writer"));
            }
            backend.create("killed/after", new byte[1]);
        }
    }
}
