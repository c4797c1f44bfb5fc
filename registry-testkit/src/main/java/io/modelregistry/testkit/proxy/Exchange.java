package io.modelregistry.testkit.proxy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way. It is read in full before any of it is passed on, so that it can be sent later or twice; answers are
 * passed on as they come. Each sending has a connection of its own: a kept one that turned out to be dead would leave open whether the
 * server had seen the request.
 */
final class Exchange {
    private static final int BUFFER = 64 << 10;

    private final FaultProxy proxy;
    private final HttpHead head;
    private final Socket client;
    private final InputStream in;
    private final OutputStream out;
    private byte @Nullable [] body;
    private boolean over;

    Exchange(FaultProxy proxy, HttpHead head, Socket client, InputStream in, OutputStream out) {
        this.proxy = proxy;
        this.head = head;
        this.client = client;
        this.in = in;
        this.out = out;
    }

    /** Whether the client's connection is to be closed. */
    boolean over() {
        return over || head.header("connection").equalsIgnoreCase("close");
    }

    byte[] readBody() throws IOException {
        if (body == null) {
            body = openBody().readAllBytes();
        }
        return body;
    }

    private InputStream openBody() throws IOException {
        if (!head.header("expect").isEmpty()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return HttpBody.ofRequest(head, in);
    }

    /** Sends the request and drops the answer; its status. */
    int forward() throws IOException {
        byte[] content = readBody();
        try (Socket server = proxy.connectToServer()) {
            InputStream answers = send(server, content, content.length);
            HttpHead answer = answerHead(answers);
            HttpBody.ofAnswer(answer, head.part(0), answers).transferTo(OutputStream.nullOutputStream());
            return Integer.parseInt(answer.part(1));
        }
    }

    /** Sends the request and passes the answer on. */
    void relay(Distortion distortion) throws IOException, InterruptedException {
        byte[] content = readBody();
        try (Socket server = proxy.connectToServer()) {
            InputStream answers = send(server, content, content.length);
            HttpHead answer = answerHead(answers);
            HttpBody from = HttpBody.ofAnswer(answer, head.part(0), answers);
            over = from.endsWithConnection() || answer.header("connection").equalsIgnoreCase("close");
            out.write(answer.encoded());
            byte[] buffer = new byte[BUFFER];
            long position = 0;
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                if (!distortion.pass(out, answer, buffer, n, position)) {
                    out.flush();
                    over = true;
                    return;
                }
                position += n;
            }
            boolean hasBody = !head.part(0).equals("HEAD");
            HttpBody.end(out, hasBody ? answer : answer.without("transfer-encoding"));
        }
    }

    void forwardCut(long bytes) throws IOException {
        byte[] content = openBody().readNBytes((int) bytes);
        try (Socket server = proxy.connectToServer()) {
            send(server, content, content.length);
        }
    }

    void answer(CannedAnswer answer) throws IOException {
        out.write(answer.encoded(head.part(0)));
        out.flush();
    }

    void holdForLater() throws IOException {
        readBody();
        proxy.hold(this);
    }

    void awaitClientGone() throws IOException {
        while (in.read() >= 0) {
            // nothing more is expected
        }
        over = true;
    }

    void reset() throws IOException {
        over = true;
        client.setSoLinger(true, 0);
        client.close();
    }

    private InputStream send(Socket server, byte[] content, int length) throws IOException {
        server.setSoLinger(true, 0);
        OutputStream to = new BufferedOutputStream(server.getOutputStream(), BUFFER);
        to.write(head.without("expect").encoded());
        HttpBody.write(to, head, content, 0, length);
        if (body != null) {
            HttpBody.end(to, head);
        }
        to.flush();
        return new BufferedInputStream(server.getInputStream(), BUFFER);
    }

    private static HttpHead answerHead(InputStream answers) throws IOException {
        HttpHead answer = HttpHead.read(answers);
        while (answer != null && answer.part(1).startsWith("1")) {
            answer = HttpHead.read(answers);
        }
        if (answer == null) {
            throw new EOFException("The server closed the connection without an answer");
        }
        return answer;
    }
}
