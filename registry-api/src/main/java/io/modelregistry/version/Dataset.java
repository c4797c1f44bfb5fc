package io.modelregistry.version;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that a version was trained or evaluated on.
 *
 * @param name 1 to 100 characters; metrics refer to it
 * @param uri where it lies; null when not stated. No credentials: entries can't be erased
 * @param digest of its bytes; null when not stated
 * @param rows null when not stated
 */
public record Dataset(
        String name,
        @Nullable String uri,
        @Nullable Digest digest,
        @Nullable Long rows) {
    public Dataset {
        if (name.isBlank()) {
            throw new InvalidRequestException("The name of a dataset is blank");
        }
        Texts.line("dataset name", name, 100);
        if (uri != null) {
            Texts.line("URI of dataset " + name, uri, 2_000);
        }
        if (rows != null && rows < 0) {
            throw new InvalidRequestException("Dataset " + name + " can't have " + rows + " rows");
        }
    }

    public static Dataset named(String name) {
        return new Dataset(name, null, null, null);
    }

    public Dataset at(String location) {
        return new Dataset(name, location, digest, rows);
    }

    public Dataset digest(Digest contentDigest) {
        return new Dataset(name, uri, contentDigest, rows);
    }

    public Dataset rows(long count) {
        return new Dataset(name, uri, digest, count);
    }
}
