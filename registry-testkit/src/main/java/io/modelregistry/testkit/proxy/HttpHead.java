package io.modelregistry.testkit.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Start line and headers of an HTTP/1.1 message, as they were sent. */
record HttpHead(String startLine, List<String> headerLines) {
    private static final int MAX_LINE = 64 << 10;

    /** The next message's head; null when the connection ends before it. */
    static @Nullable HttpHead read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        List<String> headers = new ArrayList<>();
        for (String line = required(in); !line.isEmpty(); line = required(in)) {
            headers.add(line);
        }
        return new HttpHead(start, headers);
    }

    static String required(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new EOFException("The connection ended within a head");
        }
        return line;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > MAX_LINE) {
                throw new EOFException("Not a line of a head: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** A part of the start line, from 0: method and target, or protocol and status. */
    String part(int index) {
        return startLine.split(" ", 3)[index];
    }

    Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : headerLines) {
            headers.computeIfAbsent(name(line), name -> new ArrayList<>())
                    .add(line.substring(line.indexOf(':') + 1).strip());
        }
        return headers;
    }

    /** The first value of a header, by lower-case name; empty when there is none. */
    String header(String name) {
        return headers().getOrDefault(name, List.of("")).get(0);
    }

    HttpHead without(String name) {
        return new HttpHead(
                startLine,
                headerLines.stream().filter(line -> !name(line).equals(name)).toList());
    }

    boolean chunked() {
        return header("transfer-encoding").toLowerCase(Locale.ROOT).endsWith("chunked");
    }

    /** -1 when the head doesn't say. */
    long contentLength() {
        String length = header("content-length");
        return length.isEmpty() ? -1 : Long.parseLong(length);
    }

    byte[] encoded() {
        StringBuilder text = new StringBuilder(startLine).append("\r\n");
        headerLines.forEach(line -> text.append(line).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String name(String line) {
        return line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
    }
}
