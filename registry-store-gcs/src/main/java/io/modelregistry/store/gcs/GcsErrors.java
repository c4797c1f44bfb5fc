package io.modelregistry.store.gcs;

import com.google.auth.Retryable;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.gcs.Call.Effect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;

/**
 * The one place where what the store says, and what becomes of a connection, becomes a {@link StorageException}. What the answers mean:
 * https://cloud.google.com/storage/docs/json_api/v1/status-codes.
 *
 * @param location for messages
 * @param withCredentials whether requests carry any
 */
record GcsErrors(String location, String bucket, boolean withCredentials) {
    private static final Pattern PERMISSION =
            Pattern.compile("\\b(?:storage|cloudkms|serviceusage)\\.[A-Za-z]+\\.[A-Za-z]+\\b");
    private static final Set<String> THROTTLED =
            Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded");
    private static final Set<String> RETAINED = Set.of("retentionPolicyNotMet", "objectUnderActiveHold");
    private static final Set<String> BILLING =
            Set.of("accountDisabled", "billingDisabled", "userAccountBillingDisabled", "userProjectAccountProblem");

    /** The store answered, and it isn't an answer that the operation knows. */
    StorageException refused(Call call, Answer answer) {
        return refused(call, Refusal.of(answer));
    }

    StorageException refused(Call call, Refusal refusal) {
        return switch (refusal.status()) {
            case 401 -> certain(Kind.DENIED, call, refusal, unauthenticated());
            case 403 -> forbidden(call, refusal);
            case 404 -> notFound(call, refusal);
            case 400 -> badRequest(call, refusal);
            case 408, 409, 410, 412, 429 -> passing(call, said(refusal), null);
            default ->
                refusal.status() >= 400 && refusal.status() < 500
                        ? certain(
                                Kind.UNSUITABLE,
                                call,
                                refusal,
                                "that is not an answer of Cloud Storage to this request")
                        : passing(call, said(refusal), null);
        };
    }

    private StorageException forbidden(Call call, Refusal refusal) {
        if (THROTTLED.contains(refusal.reason())) {
            return passing(call, said(refusal), null);
        }
        if (RETAINED.contains(refusal.reason()) || refusal.says("retention policy") || refusal.says("active hold")) {
            return certain(
                    Kind.DENIED,
                    call,
                    refusal,
                    "the object is retained: no one can delete or replace it before that time");
        }
        if (BILLING.contains(refusal.reason())) {
            return certain(
                    Kind.DENIED,
                    call,
                    refusal,
                    "the project that pays for the bucket " + bucket + " can't; see its billing");
        }
        Matcher named = PERMISSION.matcher(refusal.message());
        String permission = named.find() ? named.group() : call.permission();
        String on = call.permission().contains(permission) ? call.on() : "what the message names";
        return certain(
                Kind.DENIED,
                call,
                refusal,
                "the caller needs " + (call.permission().contains(permission) ? call.permission() : permission) + " on "
                        + on);
    }

    private StorageException notFound(Call call, Refusal refusal) {
        return refusal.missesTheBucket() || call.effect() == Effect.POSSIBLE
                ? certain(
                        Kind.UNSUITABLE,
                        call,
                        refusal,
                        "there is no bucket " + bucket
                                + ", or this is not where it is: create it, or mend the location")
                : passing(call, said(refusal), null);
    }

    private StorageException badRequest(Call call, Refusal refusal) {
        if (refusal.says("requester pays")) {
            return certain(
                    Kind.UNSUITABLE,
                    call,
                    refusal,
                    "name the project that pays, as in " + location + "?user-project=my-project");
        }
        if (refusal.says("doesn't match") || refusal.says("does not match")) {
            return certain(Kind.UNAVAILABLE, call, refusal, "the content was damaged on its way; send it again");
        }
        return certain(
                Kind.UNSUITABLE, call, refusal, "the store doesn't take the request as it is set up; see the settings");
    }

    private String unauthenticated() {
        return withCredentials
                ? "the store doesn't know these credentials, or they have expired and could not be refreshed"
                : "no credentials were found. The client looks for Application Default Credentials: GOOGLE_APPLICATION_CREDENTIALS,"
                        + " then those of gcloud auth application-default login, then those of the machine";
    }

    /**
     * No answer came, or only part of one.
     *
     * @param bodyWasSent whether the request had a body, and therefore was sent once at most, see {@link Wire}
     */
    StorageException broken(Call call, IOException e, boolean bodyWasSent) {
        if (bodyWasSent && neverConnected(e)) {
            return new StorageException(
                    Kind.UNAVAILABLE,
                    "Could not " + call.what() + " in " + location + ": no connection: " + e + ". Nothing was changed",
                    e);
        }
        return passing(call, e.toString(), e);
    }

    /** The store's answer was cut, or is no answer to this request. */
    StorageException unintelligible(Call call, String why) {
        return passing(call, why, null);
    }

    /** Certain only where it is known that not one byte of the request left. */
    private static boolean neverConnected(IOException e) {
        return e instanceof ConnectException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException
                || (e instanceof SocketTimeoutException
                        && String.valueOf(e.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .startsWith("connect timed out"));
    }

    /** There are no credentials to send the request with. Nothing was sent. */
    StorageException credentials(Call call, Exception e) {
        boolean passing = e instanceof Retryable retryable && retryable.isRetryable();
        return new StorageException(
                passing ? Kind.UNAVAILABLE : Kind.DENIED,
                "Could not " + call.what() + " in " + location + ": the credentials give no access token: " + e
                        + ". Nothing was sent",
                e);
    }

    /** An answer that is wrong in a way that only the bucket's or a proxy's setup explains. */
    StorageException unsuitable(Call call, String why) {
        return new StorageException(Kind.UNSUITABLE, "Could not " + call.what() + " in " + location + ": " + why);
    }

    StorageException missing(Call call, String object) {
        return new StorageException(
                Kind.MISSING, "Could not " + call.what() + " in " + location + ": there is no object " + object);
    }

    /** A reader may try again, which the registry says, or does. A writer has to find out first. */
    private StorageException passing(
            Call call, String why, java.lang.@org.jspecify.annotations.Nullable Throwable cause) {
        return call.effect() == Effect.NONE
                ? new StorageException(
                        Kind.UNAVAILABLE, "Could not " + call.what() + " in " + location + ": " + why, cause)
                : new StorageException(
                        Kind.UNKNOWN,
                        "It is not known whether this took effect: " + call.what() + " in " + location + ": " + why
                                + ". Repeat it with the same content, or read the key",
                        cause);
    }

    private StorageException certain(Kind kind, Call call, Refusal refusal, String advice) {
        return new StorageException(
                kind,
                "Could not " + call.what() + " in " + location + ": " + said(refusal) + "; " + advice
                        + ". Nothing was changed");
    }

    private static String said(Refusal refusal) {
        return "the store answered " + refusal;
    }
}
