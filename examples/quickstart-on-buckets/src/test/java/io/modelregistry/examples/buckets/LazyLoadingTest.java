package io.modelregistry.examples.buckets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody pays for a backend that only lies on the class path. */
class LazyLoadingTest {
    /** The vendors' clients and what they bring. */
    private static final Pattern OF_AN_SDK = Pattern.compile(
            "(software\\.amazon|com\\.amazonaws|com\\.google|org\\.apache|io\\.grpc|io\\.opentelemetry|io\\.opencensus)\\..*");

    @TempDir
    Path folder;

    @Test
    void aRegistryInAFolderLoadsNoClassOfAnSdk() throws Exception {
        ChildJvm.Result session = session(folder.resolve("registry").toUri().toString(), LocalS3Server.environment());

        assertThat(session.status()).as(session.output()).isZero();
        assertThat(loaded())
                .contains("io.modelregistry.store.fs.FileBackend")
                .contains(
                        "io.modelregistry.store.s3.S3BackendProvider", "io.modelregistry.store.gcs.GcsBackendProvider")
                .noneMatch(name -> OF_AN_SDK.matcher(name).matches());
    }

    @Test
    void aRegistryInABucketLoadsThoseOfItsOwn() throws Exception {
        try (LocalS3Server server = new LocalS3Server()) {
            ChildJvm.Result session = session(server.location("lazy"), LocalS3Server.environment());

            assertThat(session.status()).as(session.output()).isZero();
            assertThat(loaded())
                    .anyMatch(name -> name.startsWith("software.amazon.awssdk."))
                    .noneMatch(name -> name.startsWith("com.google.cloud.") || name.startsWith("com.amazonaws."));
        }
    }

    private ChildJvm.Result session(String location, Map<String, String> environment)
            throws IOException, InterruptedException {
        return ChildJvm.run(
                environment,
                List.of("-Xlog:class+load:file=" + folder.resolve("loaded.txt") + "::filecount=0"),
                Session.class.getName(),
                location,
                folder.resolve("cache").toString());
    }

    /** Names of classes; those of lambdas come with a number. */
    private List<String> loaded() throws IOException {
        return Files.readAllLines(folder.resolve("loaded.txt")).stream()
                .map(line -> line.replaceFirst("^(\\[[^]]*] ?)+", "").replaceFirst(" .*", ""))
                .toList();
    }
}
