package io.modelregistry.storage;

import java.io.IOException;
import java.io.InputStream;

/** The content of a blob before it is in the store. Can be opened again, so that an upload can be repeated. */
public interface BlobSource {

    /** Exact length of the content. */
    long sizeBytes();

    /** The content's SHA-256 as 64 lower-case hexadecimal digits, known before the upload. */
    String sha256();

    /**
     * The content from its beginning. Throws at its end when the content was not the one announced, so that a backend must read to the
     * end of the stream, and see {@code -1}, before it makes an object of what it read.
     */
    InputStream open() throws IOException;
}
