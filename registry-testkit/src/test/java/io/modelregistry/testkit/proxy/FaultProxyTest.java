package io.modelregistry.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FaultProxyTest {
    private final List<String> applied = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private FaultProxy proxy;
    private Wire wire;

    /** A connection to the proxy that hides nothing and repeats nothing. */
    private static final class Wire implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Wire(FaultProxy proxy) throws IOException {
            socket = new Socket(proxy.uri().getHost(), proxy.uri().getPort());
            in = socket.getInputStream();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        void put(String target, String body) throws IOException {
            send("PUT " + target + " HTTP/1.1\r\nHost: store\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }

        void get(String target) throws IOException {
            send("GET " + target + " HTTP/1.1\r\nHost: store\r\n\r\n");
        }

        HttpHead head() throws IOException {
            HttpHead head = HttpHead.read(in);
            assertThat(head).isNotNull();
            return head;
        }

        /** {@code 200 body}. */
        String answer() throws IOException {
            HttpHead head = head();
            byte[] body = HttpBody.ofAnswer(head, "GET", in).readAllBytes();
            return head.part(1) + " " + new String(body, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        proxy = FaultProxy.to(server.getAddress().getPort());
        wire = new Wire(proxy);
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        proxy.close();
        server.stop(0);
    }

    /** Answers with the number of the request and its body; in chunks where the path says so. */
    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
        applied.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        byte[] answer = (applied.size() + ":" + body + "0123456789").getBytes(StandardCharsets.ISO_8859_1);
        exchange.getResponseHeaders()
                .add("Seen-Host", exchange.getRequestHeaders().getFirst("Host"));
        boolean chunked = exchange.getRequestURI().getPath().startsWith("/chunked");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : chunked ? 0 : answer.length);
        if (!head) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    @Test
    void requestsPassOverOneConnectionAndAreRecordedInOrder() throws Exception {
        wire.put("/bucket/a%20b?x=1", "content");
        String first = wire.answer();
        wire.get("/chunked");
        String second = wire.answer();

        assertThat(first).isEqualTo("200 1:content0123456789");
        assertThat(second).isEqualTo("200 2:0123456789");
        assertThat(proxy.requests())
                .extracting(ProxiedRequest::toString)
                .containsExactly("PUT /bucket/a%20b?x=1", "GET /chunked");
        assertThat(proxy.requests()).extracting(ProxiedRequest::number).containsExactly(1L, 2L);
        assertThat(proxy.requests().get(0).path()).isEqualTo("/bucket/a%20b");
        assertThat(proxy.requests().get(0).header("content-LENGTH")).contains("7");
        assertThat(proxy.faults()).isEmpty();
    }

    @Test
    void theServerSeesTheHostThatTheClientAskedFor() throws Exception {
        wire.get("/a");

        assertThat(wire.head().header("seen-host")).isEqualTo("store");
    }

    @Test
    void aBodyInChunksPasses() throws Exception {
        wire.send("PUT /a HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n");
        wire.send("3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n");

        assertThat(wire.answer()).isEqualTo("200 1:abcde0123456789");
        assertThat(applied).containsExactly("PUT /a abcde");
    }

    @Test
    void aClientThatWaitsToBeToldToContinueIsTold() throws Exception {
        wire.send("PUT /a HTTP/1.1\r\nHost: s\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        String interim = wire.head().startLine();
        wire.send("ab");

        assertThat(interim).isEqualTo("HTTP/1.1 100 Continue");
        assertThat(wire.answer()).isEqualTo("200 1:ab0123456789");
    }

    @Test
    void anAnswerToHeadHasNoBodyAndTheConnectionGoesOn() throws Exception {
        wire.send("HEAD /a HTTP/1.1\r\nHost: s\r\n\r\n");
        String first = wire.head().part(1);
        wire.get("/b");

        assertThat(first).isEqualTo("200");
        assertThat(wire.answer()).isEqualTo("200 2:0123456789");
    }

    @Test
    void aResetBeforeKeepsTheRequestFromTheServer() throws Exception {
        proxy.plan(ProxyPlan.onceOn("PUT /a", 1, ProxyFault.RESET_BEFORE));

        wire.put("/a", "x");

        assertThatThrownBy(wire::answer).isInstanceOf(SocketException.class);
        assertThat(applied).isEmpty();
        assertThat(proxy.faults()).hasSize(1);
    }

    @Test
    void aResetAfterLosesTheAnswerOfWhatTheServerDid() throws Exception {
        proxy.plan(ProxyPlan.everyTimeOn("PUT .*", ProxyFault.RESET_AFTER));

        wire.put("/a", "x");

        assertThatThrownBy(wire::answer).isInstanceOf(SocketException.class);
        assertThat(applied).containsExactly("PUT /a x");
    }

    @Test
    void aRequestSentTwiceIsAnsweredWithTheSecondAnswer() throws Exception {
        proxy.plan(ProxyPlan.onceOn("PUT /a", 1, ProxyFault.SENT_TWICE));

        wire.put("/a", "x");

        assertThat(wire.answer()).isEqualTo("200 2:x0123456789");
        assertThat(applied).containsExactly("PUT /a x", "PUT /a x");
        assertThat(proxy.requests()).hasSize(1);
    }

    @Test
    void aLateRequestLandsWhenTheTestSaysSo() throws Exception {
        proxy.plan(ProxyPlan.onceOn("PUT /a", 1, ProxyFault.LATE_AFTER_RESET));

        wire.put("/a", "x");

        assertThatThrownBy(wire::answer).isInstanceOf(SocketException.class);
        assertThat(applied).isEmpty();
        assertThat(proxy.landLate(1)).containsExactly(200);
        assertThat(applied).containsExactly("PUT /a x");
    }

    @Test
    void aClientThatGaveUpMayStillHaveItsRequestLand() throws Exception {
        proxy.plan(ProxyPlan.onceOn("PUT /a", 1, ProxyFault.LATE_AFTER_SILENCE));

        wire.put("/a", "x");
        wire.close();

        assertThat(proxy.landLate(1)).containsExactly(200);
        assertThat(applied).containsExactly("PUT /a x");
    }

    @Test
    void aCannedAnswerComesInsteadOfTheServersOrAfterIt() throws Exception {
        CannedAnswer full = CannedAnswer.of(503, "application/xml", "<Error/>").withHeader("Retry-After", "1");
        proxy.plan(ProxyPlan.onceOn("PUT /a", 1, ProxyFault.answer(full))
                .then(ProxyPlan.onceOn("PUT /b", 1, ProxyFault.answerAfter(CannedAnswer.of(500)))));

        wire.put("/a", "x");
        HttpHead head = wire.head();
        String body = new String(HttpBody.ofAnswer(head, "PUT", wire.in).readAllBytes(), StandardCharsets.UTF_8);
        wire.put("/b", "y");
        String second = wire.answer();

        assertThat(head.part(1)).isEqualTo("503");
        assertThat(head.header("retry-after")).isEqualTo("1");
        assertThat(body).isEqualTo("<Error/>");
        assertThat(second).isEqualTo("500 ");
        assertThat(applied).containsExactly("PUT /b y");
    }

    @Test
    void aTruncatedAnswerAnnouncesItsWholeLengthAndEndsEarly() throws Exception {
        proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.truncatedAt(4)));

        wire.get("/a");
        HttpHead head = wire.head();

        assertThat(head.contentLength()).isEqualTo(12);
        assertThat(new String(wire.in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("1:01");
    }

    @Test
    void aTruncatedAnswerInChunksLacksItsEnd() throws Exception {
        proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.truncatedAt(4)));

        wire.get("/chunked");

        assertThatThrownBy(wire::answer).isInstanceOf(EOFException.class);
    }

    @Test
    void oneFlippedBitKeepsTheLength() throws Exception {
        proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.bitFlippedAt(2)));

        wire.get("/a");

        assertThat(wire.answer()).isEqualTo("200 1:1123456789");
    }

    @Test
    void aDrippingAnswerComesByteByByteAsTheGateOpens() throws Exception {
        DripGate gate = new DripGate();
        proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.dripping(gate)));

        wire.get("/a");
        wire.head();
        gate.letThrough(1);
        int first = wire.in.read();
        int waiting = wire.in.available();
        gate.letThrough(11);

        assertThat(first).isEqualTo('1');
        assertThat(waiting).isZero();
        assertThat(new String(wire.in.readNBytes(11), StandardCharsets.UTF_8)).isEqualTo(":0123456789");
    }

    @Test
    void anUploadThatIsCutIsAppliedByNobody() throws Exception {
        proxy.plan(ProxyPlan.onceOn("PUT /a", 1, ProxyFault.uploadCutAt(3)));

        wire.put("/a", "abcdefgh");

        assertThatThrownBy(wire::answer).isInstanceOf(SocketException.class);
        assertThat(applied).isEmpty();
        assertThat(proxy.faults()).hasSize(1);
    }

    @Test
    void closingEndsConnectionsThatStillWait() throws Exception {
        proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.LATE_AFTER_SILENCE));

        wire.get("/a");
        proxy.close();

        assertThatThrownBy(wire::answer).isInstanceOfAny(SocketException.class, AssertionError.class);
        assertThat(applied).isEmpty();
    }
}
