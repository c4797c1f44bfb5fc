package io.modelregistry.store.gcs.server;

import java.util.List;

/**
 * Who sends a request.
 *
 * @param name as the store calls it in its refusals
 * @param grants null for somebody who may do everything
 */
public record Caller(String name, List<Grant> grants) {

    /**
     * A permission on the objects whose names begin so, as a condition on {@code resource.name} makes it. Listing is granted by the prefix
     * that is listed, as {@code storage.googleapis.com/objectListPrefix} does: https://cloud.google.com/iam/docs/conditions-attribute-reference
     */
    public record Grant(String permission, String prefix) {}

    void require(String permission, String bucket, String object) {
        boolean granted = grants == null
                || grants.stream()
                        .anyMatch(grant -> grant.permission().equals(permission) && object.startsWith(grant.prefix()));
        if (!granted) {
            throw Refusal.forbidden(name, permission, permission.startsWith("storage.buckets") ? "bucket" : "object");
        }
    }
}
