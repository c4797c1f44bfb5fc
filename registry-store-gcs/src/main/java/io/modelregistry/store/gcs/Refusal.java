package io.modelregistry.store.gcs;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonErrorContainer;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the store said instead of doing what it was asked.
 *
 * @param reason the API's word for it, see https://cloud.google.com/storage/docs/json_api/v1/status-codes; empty where it gave none
 */
record Refusal(int status, String reason, String message) {
    private static final int LONGEST_MESSAGE = 500;

    static Refusal of(Answer answer) {
        return parse(answer.status(), answer.refusal());
    }

    /** Downloads are refused in plain text, everything else in JSON; a proxy in between may say anything. */
    static Refusal parse(int status, String body) {
        GoogleJsonError error = error(body);
        if (error == null) {
            return new Refusal(status, "", shortened(body.strip()));
        }
        String reason = error.getErrors() == null || error.getErrors().isEmpty()
                ? null
                : error.getErrors().get(0).getReason();
        String message = error.getMessage();
        return new Refusal(status, reason == null ? "" : reason, message == null ? "" : shortened(message.strip()));
    }

    private static @Nullable GoogleJsonError error(String body) {
        if (!body.startsWith("{")) {
            return null;
        }
        try {
            return Answer.parse(body, GoogleJsonErrorContainer.class).getError();
        } catch (IOException e) {
            return null;
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
    }

    boolean says(String part) {
        return message.toLowerCase(Locale.ROOT).contains(part);
    }

    /** An object that isn't there and a bucket that isn't there are both a 404. */
    boolean missesTheBucket() {
        return status == 404 && says("bucket does not exist");
    }

    @Override
    public String toString() {
        return status + (reason.isEmpty() ? "" : " " + reason) + (message.isEmpty() ? "" : ": " + message);
    }
}
