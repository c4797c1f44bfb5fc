package io.modelregistry.store.s3;

import com.amazonaws.event.ProgressEvent;
import com.amazonaws.event.ProgressEventType;
import com.amazonaws.event.SyncProgressListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of a request that the first SDK must not repeat. Its retry policy belongs to the client, which belongs to the application; but
 * it tells the request's listener when it begins to send, and asks the content to begin anew before it sends again. This content then refuses.
 */
final class OneAttempt extends InputStream {
    private final ByteArrayInputStream content;
    private volatile boolean sent;

    OneAttempt(byte[] bytes) {
        content = new ByteArrayInputStream(bytes);
    }

    SyncProgressListener listener() {
        return new SyncProgressListener() {
            @Override
            public void progressChanged(ProgressEvent event) {
                if (event.getEventType() == ProgressEventType.HTTP_REQUEST_STARTED_EVENT) {
                    sent = true;
                }
            }
        };
    }

    @Override
    public int read() {
        return content.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        return content.read(buffer, offset, length);
    }

    @Override
    public int available() {
        return content.available();
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int limit) {
        content.mark(limit);
    }

    /** Before it sends, the SDK may read the content once to sign it. */
    @Override
    public void reset() throws IOException {
        if (sent) {
            throw new IOException("A create is sent once: its answer was lost, or the store could not take it");
        }
        content.reset();
    }
}
