package io.modelregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A real application, asked over HTTP. */
class StarterTest {
    @TempDir
    Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Predictions predictions(ModelRegistry registry) {
            return new Predictions(registry.model("tumor").environment("production"));
        }
    }

    @RestController
    static class Predictions {
        private final Environment production;

        Predictions(Environment production) {
            this.production = production;
        }

        @GetMapping("/version")
        String version() {
            return production.resolve().version().id().toString();
        }
    }

    @BeforeEach
    void promoteAVersion() {
        try (ModelRegistry registry = ModelRegistry.initialise(location()).as("ada")) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
            registry.model("tumor").environment("production").promote(1, "start");
        }
    }

    @Test
    void theRegistryIsABeanAndTheActuatorTellsWhatIsServed() throws Exception {
        try (ConfigurableApplicationContext application = start()) {
            String before = Http.get(application, "/actuator/health");

            assertThat(Http.get(application, "/version")).isEqualTo("tumor@1");
            assertThat(before).contains("\"status\":\"UP\"", "modelRegistry").doesNotContain("tumor:production");
            assertThat(Http.get(application, "/actuator/health"))
                    .contains("\"tumor:production\":{\"freshness\":\"CONFIRMED\"");
            assertThat(Http.get(application, "/actuator/info"))
                    .contains("\"tumor:production\":{\"serves\":\"1\",\"revision\":1,\"by\":\"ada\"");
        }
    }

    @Test
    void aStoreThatIsGoneIsToldAndTheApplicationServesOnUntilItMayNoLonger() throws Exception {
        try (ConfigurableApplicationContext application =
                start("--model-registry.poll-interval=50ms", "--model-registry.max-staleness=300ms")) {
            Http.get(application, "/version");
            Path registry = folder.resolve("registry");
            Files.move(registry, folder.resolve("away"));

            String down = "";
            for (int i = 0; i < 2_000 && !down.contains("DOWN"); i++) {
                Http.get(application, "/version");
                down = Http.get(application, "/actuator/health");
            }

            assertThat(down).contains("\"status\":\"DOWN\"", "\"freshness\":\"STALE\"", "\"problem\":");
            Files.move(folder.resolve("away"), registry);
            String up = "";
            for (int i = 0; i < 2_000 && !up.contains("CONFIRMED"); i++) {
                Http.get(application, "/version");
                up = Http.get(application, "/actuator/health");
            }
            assertThat(up).contains("\"status\":\"UP\"");
            assertThat(Http.get(application, "/version")).isEqualTo("tumor@1");
        }
    }

    @Test
    void theRegistryIsClosedWithTheApplicationAndWritesForTheActorNamed() {
        ModelRegistry registry;
        try (ConfigurableApplicationContext application = start("--model-registry.actor=service-7")) {
            registry = application.getBean(ModelRegistry.class);
            registry.model("tumor").environment("production").withdraw("done");
            assertThat(registry.model("tumor")
                            .environment("production")
                            .current()
                            .orElseThrow()
                            .actor()
                            .id())
                    .isEqualTo("service-7");
        }

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> registry.model("tumor").latest())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void editorsKnowThePropertiesAndWhatTheyMean() throws IOException {
        StringBuilder known = new StringBuilder();
        for (URL metadata : Collections.list(
                getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream content = metadata.openStream()) {
                known.append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        assertThat(known)
                .contains("model-registry.location", "model-registry.max-staleness", "where the registry is: file:");
    }

    @Test
    void withoutALocationThereIsNoRegistry() {
        try (ConfigurableApplicationContext application =
                new SpringApplication(Empty.class).run("--server.port=0", "--spring.main.banner-mode=off")) {
            assertThat(application.getBeanNamesForType(ModelRegistry.class)).isEmpty();
            assertThat(application.containsBean("modelRegistryHealthIndicator")).isFalse();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Empty {}

    private ConfigurableApplicationContext start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--model-registry.location=" + location(),
                "--model-registry.cache-folder=" + folder.resolve("cache"),
                "--management.endpoints.web.exposure.include=health,info,metrics",
                "--management.endpoint.health.show-details=always"));
        arguments.addAll(List.of(more));
        return new SpringApplication(Application.class).run(arguments.toArray(String[]::new));
    }

    private String location() {
        return folder.resolve("registry").toUri().toString();
    }
}
