package io.modelregistry.store.gcs;

import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.store.gcs.GcsSettings.CredentialSource;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bucket and a prefix, from {@code gs://bucket/prefix?user-project=my-project}.
 *
 * @param prefix without slashes at its ends; empty for the whole bucket
 */
record GcsLocation(String bucket, String prefix, GcsSettings settings) {
    /** The store decides what is a bucket; this only keeps out what would be another address. */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");

    /** A name has up to 1,024 bytes, a key up to 900: https://cloud.google.com/storage/docs/objects#naming */
    private static final int LONGEST_PREFIX = 120;

    private static final String EXAMPLE = ": it looks like gs://bucket/prefix";

    GcsLocation {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("Not a bucket's name: \"" + bucket + "\"" + EXAMPLE);
        }
        if (!prefix.isEmpty() && (!KeyGrammar.isKey(prefix) || prefix.length() > LONGEST_PREFIX)) {
            throw new IllegalArgumentException(
                    "Not a prefix for a registry: \"" + prefix + "\": up to " + LONGEST_PREFIX
                            + " characters, segments of [a-z0-9._-] that start with a letter or digit, joined by /");
        }
    }

    static GcsLocation parse(URI location) {
        String scheme = location.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).equals("gs") || location.getRawAuthority() == null) {
            throw new IllegalArgumentException("Not a location in Cloud Storage: " + withoutUser(location) + EXAMPLE);
        }
        if (location.getRawAuthority().indexOf('@') >= 0) {
            throw new IllegalArgumentException("No credentials belong into a location such as " + withoutUser(location)
                    + ": they come from Google's own chain, Application Default Credentials");
        }
        if (location.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "Not a location in Cloud Storage: " + location + ": it has no fragment" + EXAMPLE);
        }
        return new GcsLocation(
                location.getRawAuthority(), trimmed(location.getRawPath()), settings(location.getRawQuery()));
    }

    /** {@code gs://bucket/prefix}. */
    String uri() {
        return "gs://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    /** What the name of every object begins with. */
    String root() {
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    private static String trimmed(String path) {
        String start = path.startsWith("/") ? path.substring(1) : path;
        return start.endsWith("/") ? start.substring(0, start.length() - 1) : start;
    }

    private static String withoutUser(URI location) {
        return location.toString().replaceFirst("//[^/]*@", "//…@");
    }

    private static GcsSettings settings(@Nullable String query) {
        GcsSettings settings = GcsSettings.defaults();
        if (query == null) {
            return settings;
        }
        Set<String> seen = new HashSet<>();
        for (String each : query.split("&", -1)) {
            int equals = each.indexOf('=');
            if (equals <= 0 || equals == each.length() - 1) {
                throw new IllegalArgumentException(
                        "Not a setting of a location: \"" + each + "\": name=value, joined by &");
            }
            String name = each.substring(0, equals);
            if (!seen.add(name)) {
                throw new IllegalArgumentException("A location has the setting " + name + " twice");
            }
            settings = with(settings, name, URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return settings;
    }

    private static GcsSettings with(GcsSettings settings, String name, String value) {
        return switch (name) {
            case "endpoint" -> settings.withEndpoint(URI.create(value));
            case "credentials" -> {
                if (!value.equals("none")) {
                    throw new IllegalArgumentException(
                            "credentials is " + value
                                    + ", and can only be none: otherwise Google's own chain finds them, Application Default Credentials");
                }
                yield settings.withCredentials(CredentialSource.NONE);
            }
            case "user-project" -> settings.withUserProject(value);
            case "kms-key" -> settings.withKmsKey(value);
            case "blob-storage-class" -> settings.withBlobStorageClass(value);
            case "chunk-mib" -> settings.withChunkBytes(Math.multiplyExact(number(name, value), 1 << 20));
            case "parallelism" -> settings.withParallelism(number(name, value));
            case "timeout-seconds" -> settings.withTimeout(Duration.ofSeconds(number(name, value)));
            default ->
                throw new IllegalArgumentException(
                        "No setting of a location in Cloud Storage is called " + name
                                + ". There are endpoint, credentials, user-project, kms-key, blob-storage-class, chunk-mib, parallelism, timeout-seconds");
        };
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is " + value + ", and must be a number", e);
        }
    }
}
