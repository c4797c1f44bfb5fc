package io.modelregistry.store.gcs.server;

import java.util.Map;

/** Who is who, by the access token of a request. */
@FunctionalInterface
public interface Permissions {
    Permissions EVERYTHING_FOR_EVERYBODY = authorization -> new Caller("anonymous", null);

    Caller caller(String authorization);

    /** Only these callers, each by its token; every other token has expired. */
    static Permissions of(Map<String, Caller> byToken) {
        return authorization -> {
            if (authorization == null) {
                throw Refusal.unauthenticated(
                        "Anonymous caller does not have storage.objects.get access to the Google Cloud Storage"
                                + " object. Permission 'storage.objects.get' denied on resource (or it may not exist).");
            }
            Caller caller = byToken.get(authorization.replaceFirst("^Bearer ", ""));
            if (caller == null) {
                throw Refusal.unauthenticated("Invalid Credentials");
            }
            return caller;
        };
    }
}
