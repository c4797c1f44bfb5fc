package io.modelregistry.store.fs;

import io.modelregistry.storage.BlobSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A small blob. Its digest is nobody's concern here. */
record TextBlob(String text) implements BlobSource {

    @Override
    public long sizeBytes() {
        return text.length();
    }

    @Override
    public String sha256() {
        return "0".repeat(64);
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
