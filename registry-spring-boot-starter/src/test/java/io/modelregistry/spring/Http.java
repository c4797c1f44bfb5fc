package io.modelregistry.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Asks an application. */
final class Http {
    private static final int MOST_TRIES = 5_000;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Http() {}

    static String get(ConfigurableApplicationContext application, String path)
            throws IOException, InterruptedException {
        int port = ((WebServerApplicationContext) application).getWebServer().getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Asks again and again until the answer has something in it. */
    static String until(ConfigurableApplicationContext application, String path, String part)
            throws IOException, InterruptedException {
        String answer = "";
        for (int i = 0; i < MOST_TRIES && !answer.contains(part); i++) {
            answer = get(application, path);
        }
        return answer;
    }
}
