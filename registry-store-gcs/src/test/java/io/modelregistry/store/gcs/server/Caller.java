package io.modelregistry.store.gcs.server;

/**
 * Who sends a request.
 *
 * @param name as the store calls it in its refusals
 * @param access null for somebody who may do everything
 */
public record Caller(String name, Access access) {

    /** What IAM says: https://cloud.google.com/storage/docs/access-control/iam-permissions */
    @FunctionalInterface
    public interface Access {

        /**
         * @param resource {@code projects/_/buckets/b} or {@code projects/_/buckets/b/objects/o}
         * @param listed the prefix that is listed; null when the question is no listing
         */
        boolean allows(String permission, String resource, String listed);
    }

    /** Somebody with one permission on the objects whose names begin so. */
    public static Caller with(String name, String permission, String bucket, String prefix) {
        return new Caller(
                name,
                (asked, resource, listed) -> asked.equals(permission) && resource.startsWith(resource(bucket, prefix)));
    }

    void require(String permission, String bucket, String object) {
        require(permission, resource(bucket, object), null, "object");
    }

    void requireOnBucket(String permission, String bucket) {
        require(permission, bucket(bucket), null, "bucket");
    }

    void requireToList(String bucket, String prefix) {
        require("storage.objects.list", bucket(bucket), prefix, "bucket");
    }

    /** Who may not list may not learn what is missing: https://cloud.google.com/storage/docs/json_api/v1/status-codes#404-not-found */
    void requireToMiss(String bucket) {
        require("storage.objects.list", bucket(bucket), null, "object");
    }

    private void require(String permission, String resource, String listed, String kind) {
        if (access != null && !access.allows(permission, resource, listed)) {
            throw Refusal.forbidden(name, permission, kind);
        }
    }

    private static String bucket(String name) {
        return "projects/_/buckets/" + name;
    }

    private static String resource(String bucket, String object) {
        return bucket(bucket) + "/objects/" + object;
    }
}
