package io.modelregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.version.Registration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Handles as beans of a real application, asked over HTTP. */
class ServesTest {
    @TempDir
    Path folder;

    /** What an application predicts with here. */
    record Weights(String text, AtomicInteger closes) implements AutoCloseable {
        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        @Serves("tumor:${stage:production}")
        Loader<Weights> tumor() {
            return Loader.of(files -> {
                String text = Files.readString(files.file("model.txt"));
                if (text.equals("broken")) {
                    throw new IllegalStateException("no such operator");
                }
                return new Weights(text, new AtomicInteger());
            });
        }

        @Bean
        @Serves("heart:production")
        Loader<String> heart() {
            return Loader.of(files -> "heart " + files.version().number());
        }

        @Bean
        Predictions predictions(ModelHandle<Weights> tumor, @Qualifier("heart:production") ModelHandle<?> heart) {
            return new Predictions(tumor, heart);
        }
    }

    @RestController
    static class Predictions {
        private final ModelHandle<Weights> tumor;
        private final ModelHandle<?> heart;

        Predictions(ModelHandle<Weights> tumor, ModelHandle<?> heart) {
            this.tumor = tumor;
            this.heart = heart;
        }

        @GetMapping("/predict")
        String predict() {
            return tumor.use(served -> served.model().text()) + ", "
                    + heart.use(served -> served.model().toString());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NoRoom {
        @Bean
        ServingOptions options() {
            return ServingOptions.defaults().withMemoryBytes(1).withListener(new ServingListener() {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NotALoader {
        @Bean
        @Serves("tumor:production")
        String loader() {
            return "no loader";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Twice {
        @Bean
        @Serves("heart:production")
        Loader<String> again() {
            return Loader.of(files -> "again");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NoEnvironment {
        @Bean
        @Serves("tumor@1")
        Loader<String> pinned() {
            return Loader.of(files -> "pinned");
        }
    }

    @BeforeEach
    void promote() {
        try (ModelRegistry registry = open()) {
            for (String text : List.of("first", "second", "broken")) {
                registry.model("tumor")
                        .register(Registration.empty()
                                .file("model.txt", text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            }
            registry.model("heart").register(Registration.empty().file("model.txt", new byte[] {1, 2}));
            registry.model("tumor").environment("production").promote(1, "start");
            registry.model("heart").environment("production").promote(1, "start");
        }
    }

    @Test
    void aLoaderThatServesIsAHandleThatFollowsItsEnvironment() throws Exception {
        try (ConfigurableApplicationContext application = start()) {
            assertThat(Http.get(application, "/predict")).isEqualTo("first, heart 1");
            promote(2);

            assertThat(Http.until(application, "/predict", "second")).isEqualTo("second, heart 1");
            assertThat(Http.get(application, "/actuator/health"))
                    .contains(
                            "\"handle of tumor:production\":{\"complete\":true,\"revision\":2",
                            "\"arms\":{\"main\":\"tumor@2 LOADED\"}");
        }
    }

    @Test
    void aVersionThatCannotBeLoadedIsToldByHealthAndTheLastKnownGoodAnswers() throws Exception {
        try (ConfigurableApplicationContext application = start()) {
            promote(3);

            String health = Http.until(application, "/actuator/health", "no such operator");

            assertThat(health)
                    .contains(
                            "\"status\":\"UP\"",
                            "\"complete\":false,\"revision\":1",
                            "tumor@3 can't be served: LOAD failed");
            assertThat(Http.get(application, "/predict")).isEqualTo("first, heart 1");
        }
    }

    @Test
    void whatTheRegistryDoesIsMeasured() throws Exception {
        try (ConfigurableApplicationContext application = start()) {
            Http.get(application, "/predict");

            assertThat(Http.get(application, "/actuator/metrics/model.registry.resolutions?tag=model:tumor"))
                    .contains("\"value\":1.0", "{\"tag\":\"version\",\"values\":[\"1\"]}");
            assertThat(Http.get(application, "/actuator/metrics/model.registry.handle.complete?tag=model:heart"))
                    .contains("\"value\":1.0");
        }
    }

    @Test
    void handlesAreClosedWithTheApplication() {
        ModelHandle<?> handle;
        try (ConfigurableApplicationContext application = start()) {
            handle = application.getBean("tumor:production", ModelHandle.class);
        }

        assertThatThrownBy(handle::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void anApplicationThatCannotServeDoesNotStartAndSaysWhy() {
        assertThatThrownBy(() -> start("--stage=staging"))
                .hasRootCauseInstanceOf(NotFoundException.class)
                .rootCause()
                .hasMessageContaining("tumor:staging serves nothing: nothing was ever promoted there");
    }

    @Test
    void theOptionsOfAllHandlesAreABean() {
        assertThatThrownBy(() -> start(NoRoom.class)).rootCause().hasMessageContaining("1 are allowed");
    }

    @Test
    void whatCannotBeServedIsRefusedByName() {
        assertThatThrownBy(() -> start(NotALoader.class))
                .hasMessageContaining(
                        "The bean loader has @Serves(\"tumor:production\") and is a class java.lang.String");
        assertThatThrownBy(() -> start(Twice.class)).hasMessageContaining("heart:production");
        assertThatThrownBy(() -> start(NoEnvironment.class))
                .rootCause()
                .hasMessageContaining("@Serves(\"tumor@1\") names no environment");
    }

    private void promote(long version) {
        try (ModelRegistry registry = open()) {
            registry.model("tumor").environment("production").promote(version, "next");
        }
    }

    private ModelRegistry open() {
        return ModelRegistry.initialise(folder.resolve("registry").toUri().toString())
                .as("ada");
    }

    private ConfigurableApplicationContext start(String... more) {
        return start(Application.class, more);
    }

    private ConfigurableApplicationContext start(Class<?> also, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--model-registry.location=" + folder.resolve("registry").toUri(),
                "--model-registry.cache-folder=" + folder.resolve("cache"),
                "--model-registry.poll-interval=20ms",
                "--management.endpoints.web.exposure.include=health,metrics",
                "--management.endpoint.health.show-details=always"));
        arguments.addAll(List.of(more));
        SpringApplication application = new SpringApplication(Application.class, also);
        return application.run(arguments.toArray(String[]::new));
    }
}
