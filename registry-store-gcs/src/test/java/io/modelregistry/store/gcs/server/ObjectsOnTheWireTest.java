package io.modelregistry.store.gcs.server;

import static io.modelregistry.store.gcs.server.RawClient.header;
import static io.modelregistry.store.gcs.server.RawClient.json;
import static io.modelregistry.store.gcs.server.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single requests for single objects, as they look on the wire. */
final class ObjectsOnTheWireTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private GcsServer server;
    private Bucket bucket;
    private RawClient client;

    @BeforeEach
    void start() {
        server = GcsServer.start(now::get);
        bucket = server.bucket("b");
        client = new RawClient(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anInsertAnswersWithTheObjectsResource() {
        JsonObject object = json(client.insert("b", "a/x", "123456789", ""));

        assertThat(object.get("name").getAsString()).isEqualTo("a/x");
        assertThat(object.get("size").getAsString()).isEqualTo("9");
        assertThat(object.get("generation").getAsString()).isEqualTo("1767225600123456");
        assertThat(object.get("metageneration").getAsString()).isEqualTo("1");
        assertThat(object.get("timeCreated").getAsString()).isEqualTo("2026-01-01T00:00:00.123Z");
        assertThat(object.get("crc32c").getAsString()).isEqualTo("4waSgw=="); // the check value of CRC-32C, e3069283
        assertThat(object.get("md5Hash").getAsString()).isEqualTo("JfnnlDI7RTiF9RgfG2JNCw==");
    }

    @Test
    void aDownloadTellsWhatTheStoreIsSeenToTell() {
        client.insert("b", "a/x", "123456789", "");

        HttpResponse<byte[]> answer = client.get("/storage/v1/b/b/o/a%2Fx?alt=media");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo("123456789");
        assertThat(header(answer, "x-goog-generation")).isEqualTo("1767225600123456");
        assertThat(header(answer, "x-goog-metageneration")).isEqualTo("1");
        assertThat(header(answer, "x-goog-stored-content-length")).isEqualTo("9");
        assertThat(header(answer, "x-goog-stored-content-encoding")).isEqualTo("identity");
        assertThat(header(answer, "x-goog-hash")).isEqualTo("crc32c=4waSgw==,md5=JfnnlDI7RTiF9RgfG2JNCw==");
        assertThat(header(answer, "Last-Modified")).isEqualTo("Thu, 1 Jan 2026 00:00:00 GMT");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 1234, bytes 0-3/9",
        "bytes=4-4, 206, 5, bytes 4-4/9",
        "bytes=7-, 206, 89, bytes 7-8/9",
        "bytes=7-100, 206, 89, bytes 7-8/9",
        "bytes=-2, 206, 89, bytes 7-8/9",
        "lines=1-2, 200, 123456789,"
    })
    void aRangeIsCutOut(String range, int status, String content, String contentRange) {
        client.insert("b", "x", "123456789", "");

        HttpResponse<byte[]> answer = client.get("/storage/v1/b/b/o/x?alt=media", "Range", range);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(text(answer)).isEqualTo(content);
        assertThat(header(answer, "Content-Range")).isEqualTo(contentRange);
    }

    @Test
    void aRangeBeyondTheEndIsNotSatisfiable() {
        client.insert("b", "x", "123456789", "");
        client.insert("b", "empty", "", "");

        assertThat(client.get("/storage/v1/b/b/o/x?alt=media", "Range", "bytes=9-")
                        .statusCode())
                .isEqualTo(416);
        assertThat(client.get("/storage/v1/b/b/o/empty?alt=media", "Range", "bytes=0-9")
                        .statusCode())
                .isEqualTo(416);
        assertThat(client.get("/storage/v1/b/b/o/empty?alt=media").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "ifGenerationMatch=0, 412, 200",
        "ifGenerationMatch=1, 412, 412",
        "ifGenerationMatch=1767225600123456, 200, 412",
        "ifGenerationNotMatch=0, 200, 412",
        "ifGenerationNotMatch=1767225600123456, 412, 200",
        "ifMetagenerationMatch=1, 200, 412",
        "ifMetagenerationMatch=2, 412, 412"
    })
    void aPreconditionHoldsOrTheInsertIsRefused(String precondition, int whereOneStands, int whereNoneStands) {
        client.insert("b", "x", "standing", "");

        HttpResponse<byte[]> onStanding = client.insert("b", "x", "new", "&" + precondition);
        HttpResponse<byte[]> onNothing = client.insert("b", "y", "new", "&" + precondition);

        assertThat(onStanding.statusCode()).isEqualTo(whereOneStands);
        assertThat(onNothing.statusCode()).isEqualTo(whereNoneStands);
        assertThat(text(client.get("/storage/v1/b/b/o/x?alt=media")))
                .isEqualTo(whereOneStands == 200 ? "new" : "standing");
    }

    @Test
    void aReadMayDependOnTheGeneration() {
        client.insert("b", "x", "content", "");

        assertThat(client.get("/storage/v1/b/b/o/x?alt=media&ifGenerationMatch=1767225600123456")
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.get("/storage/v1/b/b/o/x?alt=media&ifGenerationMatch=7")
                        .statusCode())
                .isEqualTo(412);
        assertThat(client.get("/storage/v1/b/b/o/x?generation=7").statusCode()).isEqualTo(404);
        assertThat(client.get("/storage/v1/b/b/o/x?generation=1767225600123456").statusCode())
                .isEqualTo(200);
    }

    @Test
    void errorsHaveGooglesFormatAndDownloadsFailInPlainText() {
        JsonObject error = json(client.get("/storage/v1/b/b/o/none")).getAsJsonObject("error");

        assertThat(error.get("code").getAsInt()).isEqualTo(404);
        assertThat(error.get("message").getAsString()).isEqualTo("No such object: b/none");
        assertThat(error.getAsJsonArray("errors")
                        .get(0)
                        .getAsJsonObject()
                        .get("reason")
                        .getAsString())
                .isEqualTo("notFound");
        assertThat(text(client.get("/storage/v1/b/b/o/none?alt=media"))).isEqualTo("No such object: b/none");
        assertThat(json(client.get("/storage/v1/b/nowhere/o/none")).toString())
                .contains("The specified bucket does not exist.");
        assertThat(client.get("/storage/v1/b/b/o/none?unheardOf=1").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aChecksumThatDoesNotFitIsRefused() {
        String body = "--b\r\n\r\n{\"name\":\"x\",\"crc32c\":\"AAAAAA==\"}\r\n--b\r\n\r\n123456789\r\n--b--";

        HttpResponse<byte[]> answer = client.send(
                "POST",
                "/upload/storage/v1/b/b/o?uploadType=multipart",
                body.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "multipart/related; boundary=\"b\"");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("Provided CRC32C \\\"AAAAAA==\\\" doesn't match calculated CRC32C");
        assertThat(bucket.live("x")).isNull();
    }

    @Test
    void aDeleteMayDependOnTheGenerationAndAnswersWithNothing() {
        client.insert("b", "x", "content", "");

        assertThat(client.send("DELETE", "/storage/v1/b/b/o/x?ifGenerationMatch=7", null)
                        .statusCode())
                .isEqualTo(412);
        assertThat(client.send("DELETE", "/storage/v1/b/b/o/x?generation=7", null)
                        .statusCode())
                .isEqualTo(404);
        assertThat(client.send("DELETE", "/storage/v1/b/b/o/x?generation=1767225600123456", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(client.send("DELETE", "/storage/v1/b/b/o/x", null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aVersionedBucketKeepsWhatIsReplacedOrDeletedUntilItIsDeletedByGeneration() {
        bucket.versioned();
        String first =
                json(client.insert("b", "x", "one", "")).get("generation").getAsString();
        client.insert("b", "x", "two", "");
        client.send("DELETE", "/storage/v1/b/b/o/x", null);

        assertThat(client.get("/storage/v1/b/b/o/x").statusCode()).isEqualTo(404);
        assertThat(text(client.get("/storage/v1/b/b/o/x?alt=media&generation=" + first)))
                .isEqualTo("one");
        assertThat(json(client.get("/storage/v1/b/b/o?versions=true")).getAsJsonArray("items"))
                .hasSize(2);
        assertThat(json(client.get("/storage/v1/b/b/o")).has("items")).isFalse();
        assertThat(client.insert("b", "x", "three", "&ifGenerationMatch=0").statusCode())
                .isEqualTo(200);
        assertThat(client.send("DELETE", "/storage/v1/b/b/o/x?generation=" + first, null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(client.get("/storage/v1/b/b/o/x?generation=" + first).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aSecondWriteWithinASecondMayBeTooMany() {
        bucket.oneWriteASecond();
        client.insert("b", "x", "one", "");

        HttpResponse<byte[]> tooSoon = client.insert("b", "x", "two", "");
        now.set(START.plusSeconds(1));
        HttpResponse<byte[]> later = client.insert("b", "x", "three", "");

        assertThat(tooSoon.statusCode()).isEqualTo(429);
        assertThat(text(tooSoon)).contains("rateLimitExceeded");
        assertThat(later.statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsRetainedIsNeitherReplacedNorDeleted() {
        bucket.retention(Duration.ofDays(1));
        client.insert("b", "x", "one", "");

        HttpResponse<byte[]> replaced = client.insert("b", "x", "two", "");
        HttpResponse<byte[]> deleted = client.send("DELETE", "/storage/v1/b/b/o/x", null);
        now.set(START.plus(Duration.ofDays(1)));

        assertThat(replaced.statusCode()).isEqualTo(403);
        assertThat(deleted.statusCode()).isEqualTo(403);
        assertThat(text(deleted)).contains("retentionPolicyNotMet");
        assertThat(client.send("DELETE", "/storage/v1/b/b/o/x", null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void changedMetadataMoveLastModifiedAndNotTheCreation() {
        client.insert("b", "x", "content", "");
        now.set(START.plusSeconds(100));
        bucket.changeMetadata("x", "contentType", "text/plain");

        HttpResponse<byte[]> download = client.get("/storage/v1/b/b/o/x?alt=media");
        JsonObject object = json(client.get("/storage/v1/b/b/o/x"));

        assertThat(header(download, "Last-Modified")).isEqualTo("Thu, 1 Jan 2026 00:01:40 GMT");
        assertThat(header(download, "x-goog-metageneration")).isEqualTo("2");
        assertThat(object.get("timeCreated").getAsString()).isEqualTo("2026-01-01T00:00:00.123Z");
        assertThat(object.get("updated").getAsString()).isEqualTo("2026-01-01T00:01:40.123Z");
    }

    @Test
    void callersMayDoWhatTheyWereGrantedAndLearnNothingElse() {
        client.insert("b", "open/x", "content", "");
        server.setPermissions(
                Permissions.of(Map.of("t", Caller.with("reader@p", "storage.objects.get", "b", "open/"))));

        assertThat(client.get("/storage/v1/b/b/o/open%2Fx", "Authorization", "Bearer t")
                        .statusCode())
                .isEqualTo(200);
        assertThat(text(client.get("/storage/v1/b/b/o/open%2Fnone", "Authorization", "Bearer t")))
                .contains("reader@p does not have storage.objects.list access");
        assertThat(client.get("/storage/v1/b/b/o/shut%2Fx", "Authorization", "Bearer t")
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.get("/storage/v1/b/b/o/open%2Fx", "Authorization", "Bearer old")
                        .statusCode())
                .isEqualTo(401);
        assertThat(client.get("/storage/v1/b/b/o/open%2Fx").statusCode()).isEqualTo(401);
    }

    @Test
    void aRequestersBucketWantsAPayer() {
        bucket.requesterPays();

        assertThat(client.get("/storage/v1/b/b/o").statusCode()).isEqualTo(400);
        assertThat(client.get("/storage/v1/b/b/o?userProject=p").statusCode()).isEqualTo(200);
    }

    @Test
    void whatWasStoredAsGzipIsUnpackedForWhoDoesNotTakeIt() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new byte[100]);
        }
        JsonObject metadata = new JsonObject();
        metadata.addProperty("contentEncoding", "gzip");
        bucket.plant("x", packed.toByteArray(), metadata);

        HttpResponse<byte[]> plain = client.get("/storage/v1/b/b/o/x?alt=media", "Range", "bytes=0-9");
        HttpResponse<byte[]> asStored = client.get("/storage/v1/b/b/o/x?alt=media", "Accept-Encoding", "gzip");

        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.body()).isEqualTo(new byte[100]);
        assertThat(header(plain, "Content-Encoding")).isNull();
        assertThat(asStored.body()).isEqualTo(packed.toByteArray());
        assertThat(header(asStored, "Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void aBucketTellsWhetherItIsVersioned() {
        bucket.versioned();

        assertThat(json(client.get("/storage/v1/b/b"))
                        .getAsJsonObject("versioning")
                        .get("enabled")
                        .getAsBoolean())
                .isTrue();
    }
}
