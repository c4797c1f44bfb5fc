package io.modelregistry.store.gcs.server;

import static io.modelregistry.store.gcs.server.RawClient.header;
import static io.modelregistry.store.gcs.server.RawClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resumable uploads as they look on the wire. */
final class ResumableOnTheWireTest {
    private static final int UNIT = 256 << 10;
    private static final int SIZE = 2 * UNIT + 100;

    private final GcsServer server = GcsServer.start();
    private final Bucket bucket = server.bucket("b");
    private final RawClient client = new RawClient(server.uri());
    private final byte[] content = new byte[SIZE];

    ResumableOnTheWireTest() {
        new Random(1).nextBytes(content);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String begin(String query) {
        HttpResponse<byte[]> answer = client.send(
                "POST",
                "/upload/storage/v1/b/b/o?uploadType=resumable" + query,
                "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        return header(answer, "Location");
    }

    private HttpResponse<byte[]> put(String session, int from, int to, String total) {
        return client.send(
                "PUT",
                session,
                Arrays.copyOfRange(content, from, to),
                "Content-Range",
                "bytes " + from + "-" + (to - 1) + "/" + total);
    }

    private HttpResponse<byte[]> ask(String session) {
        return client.send("PUT", session, new byte[0], "Content-Range", "bytes */" + SIZE);
    }

    @Test
    void theObjectComesToBeWithTheLastChunk() {
        String session = begin("&ifGenerationMatch=0");

        HttpResponse<byte[]> first = put(session, 0, UNIT, "*");
        HttpResponse<byte[]> second = put(session, UNIT, 2 * UNIT, Integer.toString(SIZE));
        ObjectVersion before = bucket.live("x");
        HttpResponse<byte[]> last = put(session, 2 * UNIT, SIZE, Integer.toString(SIZE));

        assertThat(first.statusCode()).isEqualTo(308);
        assertThat(header(first, "Range")).isEqualTo("bytes=0-262143");
        assertThat(header(second, "Range")).isEqualTo("bytes=0-524287");
        assertThat(before).isNull();
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(json(last).get("size").getAsInt()).isEqualTo(SIZE);
        assertThat(bucket.live("x").content()).isEqualTo(content);
    }

    @Test
    void whoAsksIsToldHowFarItIs() {
        String session = begin("");

        HttpResponse<byte[]> atFirst = ask(session);
        put(session, 0, UNIT, "*");
        HttpResponse<byte[]> halfWay = ask(session);
        put(session, UNIT, SIZE, Integer.toString(SIZE));
        HttpResponse<byte[]> atLast = ask(session);

        assertThat(atFirst.statusCode()).isEqualTo(308);
        assertThat(header(atFirst, "Range")).isNull();
        assertThat(header(halfWay, "Range")).isEqualTo("bytes=0-262143");
        assertThat(atLast.statusCode()).isEqualTo(200);
    }

    @Test
    void bytesThatAreThereAreNotTakenTwiceAndAGapIsRefused() {
        String session = begin("");
        put(session, 0, UNIT, "*");

        HttpResponse<byte[]> gap = put(session, 2 * UNIT, SIZE, Integer.toString(SIZE));
        HttpResponse<byte[]> again = put(session, 0, SIZE, Integer.toString(SIZE));

        assertThat(gap.statusCode()).isEqualTo(400);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(bucket.live("x").content()).isEqualTo(content);
    }

    @Test
    void thePreconditionIsThatOfTheBeginningAndDecidesAtTheEnd() {
        String session = begin("&ifGenerationMatch=0");
        client.insert("b", "x", "faster", "");

        HttpResponse<byte[]> last = put(session, 0, SIZE, Integer.toString(SIZE));

        assertThat(last.statusCode()).isEqualTo(412);
        assertThat(bucket.live("x").content()).hasSize(6);
    }

    @Test
    void aChunkThatIsNotAMultipleOf256KibIsRefusedUnlessItIsTheLast() {
        String session = begin("");

        assertThat(put(session, 0, 100, "*").statusCode()).isEqualTo(400);
    }

    @Test
    void aHashOfTheLastRequestMustFit() {
        String session = begin("");

        HttpResponse<byte[]> answer = client.send(
                "PUT",
                session,
                content,
                "Content-Range",
                "bytes 0-" + (SIZE - 1) + "/" + SIZE,
                "X-Goog-Hash",
                "crc32c=AAAAAA==");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(bucket.live("x")).isNull();
    }

    @Test
    void aCancelledUploadIsGone() {
        String session = begin("");

        assertThat(client.send("DELETE", session, null).statusCode()).isEqualTo(499);
        assertThat(ask(session).statusCode()).isEqualTo(404);
    }
}
