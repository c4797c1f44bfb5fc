package io.modelregistry.store.gcs;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.json.JsonFactory;
import com.google.api.client.json.gson.GsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one request. Used by one thread. Closing it gives the connection back where it was read to its end, and drops it otherwise. */
final class Answer implements AutoCloseable {
    static final JsonFactory JSON = GsonFactory.getDefaultInstance();
    private static final int LARGEST_JSON = 16 << 20;
    private static final int LARGEST_REFUSAL = 64 << 10;
    private static final int BUFFER = 16 << 10;

    private final HttpResponse response;
    private final Deadline deadline;
    private boolean finished;

    Answer(HttpResponse response, Deadline deadline) {
        this.response = response;
        this.deadline = deadline;
    }

    int status() {
        return response.getStatusCode();
    }

    boolean isSuccess() {
        return response.isSuccessStatusCode();
    }

    @Nullable
    String header(String name) {
        return response.getHeaders().getFirstHeaderStringValue(name);
    }

    List<String> headers(String name) {
        return response.getHeaders().getHeaderStringValues(name);
    }

    /** The body, or as much of a long one as an error message may need. Empty when it can't be read. */
    String refusal() {
        try {
            return new String(bytes(LARGEST_REFUSAL), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The body as a record of the API; fails with an {@code IOException} when it isn't one. */
    <T> T json(Class<T> type) throws IOException {
        return parse(new String(bytes(LARGEST_JSON), StandardCharsets.UTF_8), type);
    }

    /** The vendor's parser throws whatever it comes upon in a text that was cut, {@code NullPointerException} too. */
    static <T> T parse(String text, Class<T> type) throws IOException {
        T parsed;
        try {
            parsed = JSON.fromString(text, type);
        } catch (RuntimeException e) {
            throw new IOException("The answer is not what the API answers", e);
        }
        if (parsed == null) {
            throw new IOException("The answer is empty");
        }
        return parsed;
    }

    /** The body's first bytes, all of them if there are no more. */
    byte[] bytes(int limit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream in = stream();
        byte[] buffer = new byte[BUFFER];
        while (bytes.size() < limit) {
            int n = in.read(buffer, 0, Math.min(buffer.length, limit - bytes.size()));
            if (n < 0) {
                finished = true;
                return bytes.toByteArray();
            }
            bytes.write(buffer, 0, n);
            deadline.check();
        }
        finished = in.read() < 0;
        return bytes.toByteArray();
    }

    InputStream stream() throws IOException {
        InputStream in = response.getContent();
        return in == null ? InputStream.nullInputStream() : in;
    }

    /** Whoever reads the stream says that it has come to its end. */
    void finished() {
        finished = true;
    }

    @Override
    public void close() {
        try {
            if (finished) {
                response.ignore();
            } else {
                response.disconnect();
            }
        } catch (IOException e) {
            // what mattered has been read
        }
    }
}
