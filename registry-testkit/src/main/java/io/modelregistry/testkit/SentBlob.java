package io.modelregistry.testkit;

import io.modelregistry.storage.BlobSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The body of a request that is on its way: the sender has nothing to do with it any more. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SentBlob(byte[] content, long sizeBytes, String sha256) implements BlobSource {

    static SentBlob copyOf(BlobSource source) {
        try (InputStream in = source.open()) {
            return new SentBlob(in.readAllBytes(), source.sizeBytes(), source.sha256());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(content);
    }
}
