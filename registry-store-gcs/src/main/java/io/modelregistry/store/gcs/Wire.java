package io.modelregistry.store.gcs;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import io.modelregistry.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, each exactly once. The vendor's transport would repeat in three ways, and none is left:
 * <ul>
 *   <li>whatever retries an application has set on its client, and redirects: switched off for each request;
 *   <li>a 401, after which the credentials are refreshed: once instead of ten times. It was refused before it was looked at;
 *   <li>{@link java.net.HttpURLConnection} sends a request again, also a POST, when an idle connection turns out to be closed, unless its
 *       body is streamed. A body always is here, see {@code NetHttpRequest}; a request without a body changes nothing, or is a
 *       delete that names its generation.
 * </ul>
 * Thread-safe.
 */
final class Wire {
    private final HttpRequestFactory requests;
    private final GcsErrors errors;
    private final StoreClock clock;
    private final Host host;
    private final Duration timeout;

    Wire(HttpRequestFactory requests, GcsErrors errors, StoreClock clock, Host host, Duration timeout) {
        this.requests = requests;
        this.errors = errors;
        this.clock = clock;
        this.host = host;
        this.timeout = timeout;
    }

    Answer get(Call call, String url) {
        return send(call, "GET", url, null, headers -> {}, false);
    }

    /** Asks for content, which is given as it is stored. */
    Answer getMedia(Call call, String url, String range) {
        return send(call, "GET", url, null, headers -> headers.setRange(range), true);
    }

    Answer delete(Call call, String url) {
        return send(call, "DELETE", url, null, headers -> {}, false);
    }

    Answer post(Call call, String url, HttpContent content, Consumer<HttpHeaders> headers) {
        return send(call, "POST", url, content, headers, false);
    }

    Answer put(Call call, String url, HttpContent content, Consumer<HttpHeaders> headers) {
        return send(call, "PUT", url, content, headers, false);
    }

    private Answer send(
            Call call,
            String method,
            String url,
            @Nullable HttpContent content,
            Consumer<HttpHeaders> headers,
            boolean asStored) {
        Deadline deadline = Deadline.in(host, timeout);
        HttpRequest request = build(call, method, url, content);
        headers.accept(request.getHeaders());
        request.setResponseReturnRawInputStream(asStored);
        sendOnce(request);
        long before = host.nanoTime();
        try {
            Answer answer = new Answer(request.execute(), deadline);
            clock.observe(answer, before);
            return answer;
        } catch (IOException e) {
            throw errors.broken(call, e, content != null);
        }
    }

    /** Building a request asks the credentials for a token, which may fail in any way. */
    private HttpRequest build(Call call, String method, String url, @Nullable HttpContent content) {
        GenericUrl address;
        try {
            address = new GenericUrl(url, true);
        } catch (IllegalArgumentException e) {
            throw errors.unintelligible(call, "the store named an address that is none: " + url);
        }
        try {
            return requests.buildRequest(method, address, content);
        } catch (IOException | RuntimeException e) {
            throw errors.credentials(call, e);
        }
    }

    /** Whether credentials that were refused have been renewed; those that can't be say so by throwing. */
    private static boolean renewed(
            @Nullable HttpUnsuccessfulResponseHandler refreshes,
            HttpRequest asked,
            HttpResponse response,
            boolean supportsRetry)
            throws IOException {
        if (refreshes == null || response.getStatusCode() != HttpStatusCodes.STATUS_CODE_UNAUTHORIZED) {
            return false;
        }
        try {
            return refreshes.handleResponse(asked, response, supportsRetry);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static void sendOnce(HttpRequest request) {
        HttpUnsuccessfulResponseHandler refreshes = request.getUnsuccessfulResponseHandler();
        request.setNumberOfRetries(1);
        request.setUnsuccessfulResponseHandler((asked, response, supportsRetry) -> {
            boolean refreshed = renewed(refreshes, asked, response, supportsRetry);
            asked.setUnsuccessfulResponseHandler(null); // refreshing has put the vendor's own back
            return refreshed;
        });
        request.setIOExceptionHandler(null);
        request.setFollowRedirects(false);
        request.setThrowExceptionOnExecuteError(false);
        request.setLoggingEnabled(false);
        request.setCurlLoggingEnabled(false);
    }
}
