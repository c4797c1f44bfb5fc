package io.modelregistry.webhooks;

import java.time.Duration;

/** What an endpoint made of a request. */
sealed interface Answer {

    /** It has it. */
    record Taken() implements Answer {}

    /** It doesn't, or nobody knows. */
    record Failed(String reason, Duration retryAfter) implements Answer {
        static Failed of(String reason) {
            return new Failed(reason, Duration.ZERO);
        }
    }

    /** It wants nothing any more. */
    record Gone() implements Answer {}
}
