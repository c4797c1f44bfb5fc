package io.modelregistry.store.gcs;

import java.util.regex.Pattern;

/**
 * Where in which bucket a registry is.
 *
 * @param prefix empty, or ending in {@code /}
 */
record BucketPrefix(String bucket, String prefix) {
    /** The store decides what is a bucket; this only keeps out what would be another address. */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");

    private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z0-9_][A-Za-z0-9._=-]*/)*");

    /** A name has 1,024 bytes, a key up to 900: https://cloud.google.com/storage/docs/objects#naming */
    private static final int LONGEST_PREFIX = 120;

    static BucketPrefix of(String bucket, String prefix) {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException(
                    "Not a bucket's name: \"" + bucket + "\": 3 to 222 of a-z, 0-9, dot, underscore and hyphen");
        }
        String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        if (folder.length() > LONGEST_PREFIX || !PREFIX.matcher(folder).matches()) {
            throw new IllegalArgumentException("Not a registry's prefix in a bucket: \"" + prefix + "\": up to "
                    + LONGEST_PREFIX + " characters, names of letters, digits and . _ = - joined by /");
        }
        return new BucketPrefix(bucket, folder);
    }

    String location() {
        return "gs://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
