package io.modelregistry.testkit.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The body of an HTTP/1.1 message, without its framing. Trailers are dropped. */
final class HttpBody extends InputStream {
    private static final long TO_THE_END = -1;

    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean ended;

    private HttpBody(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
        this.ended = !chunked && left == 0;
    }

    static HttpBody ofRequest(HttpHead head, InputStream in) {
        return new HttpBody(in, head.chunked(), head.chunked() ? 0 : Math.max(0, head.contentLength()));
    }

    static HttpBody ofAnswer(HttpHead head, String method, InputStream in) {
        int status = Integer.parseInt(head.part(1));
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return new HttpBody(in, false, 0);
        }
        return new HttpBody(in, head.chunked(), head.chunked() ? 0 : head.contentLength());
    }

    /** Whether the body ends with the connection. */
    boolean endsWithConnection() {
        return left == TO_THE_END;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int most = left == TO_THE_END ? length : (int) Math.min(length, left);
        int n = in.read(buffer, offset, most);
        if (left == TO_THE_END) {
            ended = n < 0;
            return n;
        }
        if (n < 0) {
            throw new EOFException("The connection ended within a body");
        }
        left -= n;
        if (left == 0 && chunked) {
            HttpHead.required(in);
        }
        ended = left == 0 && !chunked;
        return n;
    }

    private void nextChunk() throws IOException {
        String size = HttpHead.required(in);
        int extension = size.indexOf(';');
        left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
        if (left == 0) {
            ended = true;
            while (!HttpHead.required(in).isEmpty()) {
                // trailers
            }
        }
    }

    /** Writes bytes in the framing that the head announced. */
    static void write(OutputStream out, HttpHead head, byte[] bytes, int offset, int length) throws IOException {
        if (length > 0 && head.chunked()) {
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes, offset, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            out.write(bytes, offset, length);
        }
    }

    static void end(OutputStream out, HttpHead head) throws IOException {
        if (head.chunked()) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }
}
