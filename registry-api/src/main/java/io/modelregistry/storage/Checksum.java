package io.modelregistry.storage;

/**
 * A checksum that the store itself computed or checked when the object was written.
 *
 * @param hex lower-case hexadecimal: 64 digits for SHA-256, 8 for CRC32C (big-endian)
 */
public record Checksum(Algorithm algorithm, String hex) {

    /** The algorithms a store may answer with. */
    public enum Algorithm {
        SHA256,
        CRC32C
    }
}
