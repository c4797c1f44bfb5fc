package io.modelregistry.store.gcs.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;

/**
 * A request that is refused, with the status, reason and message that the store gives:
 * https://cloud.google.com/storage/docs/json_api/v1/status-codes.
 */
final class Refusal extends RuntimeException {
    private final int status;
    private final String reason;

    private Refusal(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    static Refusal badRequest(String message) {
        return new Refusal(400, "invalid", message);
    }

    static Refusal noPayer() {
        return new Refusal(400, "required", "Bucket is a requester pays bucket but no user project provided.");
    }

    static Refusal unauthenticated(String message) {
        return new Refusal(401, "authError", message);
    }

    static Refusal forbidden(String who, String permission, String kind) {
        return new Refusal(
                403,
                "forbidden",
                who + " does not have " + permission + " access to the Google Cloud Storage " + kind + ". Permission '"
                        + permission + "' denied on resource (or it may not exist).");
    }

    /** https://cloud.google.com/storage/docs/bucket-lock */
    static Refusal retained(String object, Instant until) {
        return new Refusal(
                403,
                "retentionPolicyNotMet",
                "Object '" + object
                        + "' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until "
                        + until);
    }

    static Refusal notFound(String message) {
        return new Refusal(404, "notFound", message);
    }

    static Refusal noSuchObject(String object) {
        return notFound("No such object: " + object);
    }

    static Refusal preconditionFailed() {
        return new Refusal(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
    }

    static Refusal rangeNotSatisfiable() {
        return new Refusal(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
    }

    /** https://cloud.google.com/storage/docs/objects#immutability */
    static Refusal tooManyWrites(String object) {
        return new Refusal(
                429,
                "rateLimitExceeded",
                "The object " + object
                        + " exceeded the rate limit for object mutation operations (create, update, and delete). Please reduce your request rate.");
    }

    /** Downloads are refused in plain text, everything else in JSON. */
    Answer answer(boolean isMedia) {
        Answer answer = isMedia ? Answer.text(status, getMessage()) : Answer.json(status, body(), null);
        return status == 401
                ? answer.with(
                        "WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"")
                : answer;
    }

    private JsonObject body() {
        JsonObject each = new JsonObject();
        each.addProperty("message", getMessage());
        each.addProperty("domain", "global");
        each.addProperty("reason", reason);
        JsonArray all = new JsonArray();
        all.add(each);
        JsonObject error = new JsonObject();
        error.addProperty("code", status);
        error.addProperty("message", getMessage());
        error.add("errors", all);
        JsonObject body = new JsonObject();
        body.add("error", error);
        return body;
    }
}
