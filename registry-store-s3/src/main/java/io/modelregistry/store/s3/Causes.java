package io.modelregistry.store.s3;

import io.modelregistry.store.s3.S3Failure.Stage;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What a client's exception says about a request without an answer. */
final class Causes {
    private static final int MOST_CAUSES = 20;

    /** Of the HTTP clients below the SDKs, by name: these classes are the SDKs' own business. */
    private static final Set<String> BEFORE_SENDING = Set.of(
            "ConnectTimeoutException",
            "HttpHostConnectException",
            "ConnectionPoolTimeoutException",
            "ConnectionRequestTimeoutException");

    private Causes() {}

    static Stage stage(Throwable failure) {
        if (String.valueOf(failure.getMessage()).startsWith("Unable to load credentials")
                || String.valueOf(failure.getMessage()).startsWith("Unable to load AWS credentials")) {
            return Stage.NO_CREDENTIALS;
        }
        if (failure instanceof IllegalArgumentException) {
            return Stage.NOT_SENT; // the SDK refuses to make such a request
        }
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof InterruptedException
                    || cause.getClass().getSimpleName().equals("AbortedException")) {
                return Stage.INTERRUPTED;
            }
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException
                    || cause instanceof SSLPeerUnverifiedException
                    || BEFORE_SENDING.contains(cause.getClass().getSimpleName())) {
                return Stage.NOT_SENT;
            }
            cause = cause.getCause();
        }
        return Stage.NO_ANSWER;
    }

    /** The message, and that of the innermost cause where it says more. */
    static String said(Throwable failure) {
        String outer = String.valueOf(failure.getMessage());
        String inner = innermost(failure);
        return inner == null || outer.contains(inner) ? outer : outer + ": " + inner;
    }

    private static @Nullable String innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < MOST_CAUSES; depth++) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
