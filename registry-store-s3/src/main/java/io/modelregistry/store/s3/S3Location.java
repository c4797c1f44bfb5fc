package io.modelregistry.store.s3;

import io.modelregistry.storage.KeyGrammar;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bucket and a prefix, from {@code s3://bucket/prefix?region=eu-west-1}.
 *
 * @param prefix without slashes at its ends; empty for the whole bucket
 */
record S3Location(String bucket, String prefix, S3Settings settings) {
    private static final Pattern BUCKET =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]|arn:[A-Za-z0-9:/_-]+");
    private static final String EXAMPLE = ": it looks like s3://bucket/prefix or s3://bucket/prefix?region=eu-west-1";

    S3Location {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("Not a bucket's name: \"" + bucket + "\"" + EXAMPLE);
        }
        if (bucket.endsWith("--x-s3")) {
            throw new IllegalArgumentException(
                    "Unsuitable for a registry: " + bucket
                            + " is a directory bucket (S3 Express One Zone), whose listings are in no order. Use a general purpose bucket");
        }
        if (!prefix.isEmpty() && !KeyGrammar.isKey(prefix)) {
            throw new IllegalArgumentException("Not a prefix for a registry: \"" + prefix
                    + "\": segments of [a-z0-9._-] that start with a letter or digit, joined by /");
        }
    }

    static S3Location parse(URI location) {
        String scheme = location.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).equals("s3") || location.getRawAuthority() == null) {
            throw new IllegalArgumentException("Not an S3 location: " + withoutUser(location) + EXAMPLE);
        }
        if (location.getRawAuthority().indexOf('@') >= 0) {
            throw new IllegalArgumentException("No credentials belong into a location such as " + withoutUser(location)
                    + ": they come from the AWS SDK's own chain");
        }
        if (location.getRawFragment() != null) {
            throw new IllegalArgumentException("Not an S3 location: " + location + ": it has no fragment" + EXAMPLE);
        }
        return new S3Location(
                location.getRawAuthority(), trimmed(location.getPath()), settings(location.getRawQuery()));
    }

    /** {@code s3://bucket/prefix}. */
    String uri() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    /** What every key begins with. */
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

    private static S3Settings settings(@Nullable String query) {
        S3Settings settings = S3Settings.defaults();
        if (query == null) {
            return settings;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : query.split("&", -1)) {
            int equals = each.indexOf('=');
            if (equals <= 0 || equals == each.length() - 1) {
                throw new IllegalArgumentException(
                        "Not a setting of an S3 location: \"" + each + "\": name=value, joined by &");
            }
            String value = URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8);
            if (parameters.put(each.substring(0, equals), value) != null) {
                throw new IllegalArgumentException(
                        "An S3 location has the setting " + each.substring(0, equals) + " twice");
            }
        }
        for (Map.Entry<String, String> each : parameters.entrySet()) {
            settings = with(settings, each.getKey(), each.getValue());
        }
        return settings;
    }

    private static S3Settings with(S3Settings settings, String name, String value) {
        return switch (name) {
            case "region" -> settings.withRegion(value);
            case "endpoint" -> settings.withEndpoint(URI.create(value));
            case "path-style" ->
                settings.withAddressing(
                        isTrue(name, value) ? S3Settings.Addressing.PATH : S3Settings.Addressing.VIRTUAL_HOST);
            case "profile" -> settings.withProfile(value);
            case "encryption" ->
                settings.withEncryption(
                        switch (value) {
                            case "sse-s3" -> S3Settings.Encryption.SSE_S3;
                            case "sse-kms" -> S3Settings.Encryption.SSE_KMS;
                            default -> throw unknownValue(name, value, "sse-s3, sse-kms");
                        });
            case "kms-key" -> settings.withKmsKey(value);
            case "blob-storage-class" -> settings.withBlobStorageClass(value);
            case "requester-pays" ->
                settings.withPayer(isTrue(name, value) ? S3Settings.Payer.REQUESTER : S3Settings.Payer.BUCKET_OWNER);
            case "checksums" ->
                settings.withChecksums(
                        switch (value) {
                            case "sent" -> S3Settings.Checksums.SENT;
                            case "none" -> S3Settings.Checksums.NONE;
                            default -> throw unknownValue(name, value, "sent, none");
                        });
            case "part-mib" -> settings.withPartBytes(Math.multiplyExact(number(name, value), 1 << 20));
            case "parallelism" -> settings.withParallelism(number(name, value));
            case "timeout-seconds" -> settings.withTimeout(Duration.ofSeconds(number(name, value)));
            default ->
                throw new IllegalArgumentException("No setting of an S3 location is called " + name
                        + ". There are region, endpoint, path-style, profile, encryption, kms-key, blob-storage-class, requester-pays, checksums,"
                        + " part-mib, parallelism, timeout-seconds");
        };
    }

    private static boolean isTrue(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unknownValue(name, value, "true, false");
        };
    }

    private static int number(String name, String value) {
        if (!value.matches("[0-9]{1,4}")) {
            throw unknownValue(name, value, "whole numbers");
        }
        return Integer.parseInt(value);
    }

    private static IllegalArgumentException unknownValue(String name, String value, String known) {
        return new IllegalArgumentException(
                "The setting " + name + " of an S3 location can't be \"" + value + "\": it takes " + known);
    }
}
