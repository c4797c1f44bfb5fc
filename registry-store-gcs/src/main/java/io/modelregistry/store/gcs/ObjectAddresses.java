package io.modelregistry.store.gcs;

import com.google.api.client.util.escape.PercentEscaper;
import org.jspecify.annotations.Nullable;

/**
 * Where objects are in the JSON API, https://cloud.google.com/storage/docs/json_api/v1. The one place that spells names of objects
 * and addresses.
 *
 * @param root of the API, ending in {@code /}
 * @param prefix of every name, empty or ending in {@code /}
 * @param userProject who pays for requests, else null
 */
record ObjectAddresses(
        String root, String bucket, String prefix, @Nullable String userProject) {
    private static final PercentEscaper ESCAPER = new PercentEscaper("-_.~");

    /** The name of the object at a key. */
    String name(String key) {
        return prefix + key;
    }

    /** An object as people write it, for messages. */
    String printed(String key) {
        return "gs://" + bucket + "/" + name(key);
    }

    Address object(String key) {
        return new Address(root + "storage/v1/b/" + escape(bucket) + "/o/" + escape(name(key))).payer(userProject);
    }

    Address objects() {
        return new Address(root + "storage/v1/b/" + escape(bucket) + "/o").payer(userProject);
    }

    Address upload(String uploadType) {
        return new Address(root + "upload/storage/v1/b/" + escape(bucket) + "/o")
                .with("uploadType", uploadType)
                .payer(userProject);
    }

    private static String escape(String text) {
        return ESCAPER.escape(text);
    }

    /** An address whose query grows. */
    record Address(String url) {

        Address with(String name, String value) {
            return new Address(url + (url.indexOf('?') < 0 ? "?" : "&") + name + "=" + escape(value));
        }

        private Address payer(@Nullable String project) {
            return project == null ? this : with("userProject", project);
        }
    }
}
