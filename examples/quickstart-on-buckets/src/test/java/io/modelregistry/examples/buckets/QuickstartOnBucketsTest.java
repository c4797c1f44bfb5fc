package io.modelregistry.examples.buckets;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.store.gcs.server.GcsServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The quickstart as it is, on another store by nothing but its location. */
class QuickstartOnBucketsTest {

    @Test
    void itRunsOnS3() throws Exception {
        try (LocalS3Server server = new LocalS3Server()) {
            assertTellsItsStory(server.location("quickstart"), LocalS3Server.environment());
        }
    }

    @Test
    void itRunsOnCloudStorage() throws Exception {
        try (GcsServer server = GcsServer.start()) {
            server.bucket("models");
            String location = "gs://models/quickstart?endpoint=" + server.uri() + "&credentials=none";

            assertTellsItsStory(location, Map.of());

            assertThat(server.bucket("models").names())
                    .contains("quickstart/registry.json")
                    .contains("quickstart/versions/tumor-classifier/0000000003.json")
                    .contains("quickstart/environments/production/tumor-classifier/0000000003.json");
        }
    }

    /** It trains, promotes, serves in other JVMs, rolls back and verifies; those JVMs say whether they serve what was trained. */
    private static void assertTellsItsStory(String location, Map<String, String> environment) throws Exception {
        ChildJvm.Result result =
                ChildJvm.run(environment, List.of(), "io.modelregistry.examples.quickstart.Quickstart", location);

        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("registry  " + location.replaceFirst("\\?.*", ""));
        assertThat(result.output().lines().filter(line -> line.contains("Tribuo on 113 rows")))
                .as(result.output())
                .hasSize(3)
                .allMatch(line -> line.contains("agrees with Tribuo on 113 rows: 0 different diagnoses"));
    }
}
