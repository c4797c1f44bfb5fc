package io.modelregistry.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Verification;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Deployment.Change;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the whole story once, second JVMs included, and looks at what it leaves behind. */
class QuickstartTest {

    @TempDir
    private static Path workspace;

    private static ModelRegistry registry;
    private static String model;
    private static String output;

    @BeforeAll
    static void tellTheStory() throws IOException, InterruptedException {
        String location = location(workspace);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        model = Quickstart.run(location, workspace, new PrintStream(printed, true, StandardCharsets.UTF_8));
        output = printed.toString(StandardCharsets.UTF_8);
        registry = ModelRegistry.open(location);
    }

    @AfterAll
    static void close() {
        registry.close();
    }

    @Test
    void everyServedModelAgreesWithTheTrainedOneOnAllHeldOutRows() {
        assertThat(output.lines().filter(line -> line.contains("Tribuo")))
                .hasSize(3)
                .allMatch(line -> line.startsWith("  | agrees with Tribuo on 113 rows: 0 different diagnoses"));
    }

    @Test
    void theBadPromotionShowsOnlyInWhatItServes() {
        assertThat(output.lines().filter(line -> line.contains("false alarm for")))
                .containsExactly(
                        "  | missed 1 of 42 malignant, false alarm for 0 of 71 benign",
                        "  | missed 3 of 42 malignant, false alarm for 24 of 71 benign",
                        "  | missed 1 of 42 malignant, false alarm for 0 of 71 benign");
    }

    @Test
    void theRollbackRestoresTheVersionBeforeTheBadPromotion() {
        List<Deployment> changes =
                registry.model(model).environment("production").history();

        assertThat(changes)
                .extracting(Deployment::change)
                .containsExactly(Change.PROMOTE, Change.PROMOTE, Change.ROLL_BACK);
        assertThat(changes)
                .extracting(change -> change.rollout().orElseThrow().describe())
                .containsExactly("2", "3", "2");
        assertThat(registry.resolve(model + ":production").version().id())
                .isEqualTo(registry.version(model + "@1.0.0").id());
        assertThat(registry.model(model).version(3).state()).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void theTrailTellsWhoDidWhat() {
        assertThat(registry.model(model).history())
                .filteredOn(event -> !event.what().equals("claim"))
                .extracting(AuditEvent::actor, AuditEvent::what, AuditEvent::subject)
                .map(tuple -> tuple.toList().toString())
                .containsExactly(
                        "[scientist-17, register, tumor-classifier@1]",
                        "[scientist-17, register, tumor-classifier@2]",
                        "[releaser-04, promote, production]",
                        "[scientist-17, register, tumor-classifier@3]",
                        "[releaser-04, promote, production]",
                        "[on-call-02, roll-back, production]",
                        "[on-call-02, begin-retirement, tumor-classifier@3]",
                        "[on-call-02, finish-retirement, tumor-classifier@3]");
    }

    @Test
    void aScalerThatTwoVersionsShareIsStoredOnce() {
        Verification verification = registry.verify();

        assertThat(verification.findings()).isEmpty();
        assertThat(verification.versions()).isEqualTo(3);
        // a manifest and three files for each version, less one scaler
        assertThat(verification.blobs()).isEqualTo(11);
    }

    @Test
    void theStoryCanBeToldAgainInTheSameRegistry() {
        assertThat(Quickstart.unusedName(registry)).isEqualTo("tumor-classifier-2");
    }

    @Test
    void aModelThatPredictsOtherwiseThanWhereItWasTrainedIsNoticed(@TempDir Path folder) throws Exception {
        Path files = registry.version(model + "@2").downloadTo(folder.resolve("files"));
        Path predictions = new ArtifactFiles(files).heldOutPredictions();
        Files.writeString(predictions, Files.readString(predictions).replaceFirst(",0\\.\\d+", ",0.5"));
        String location = location(folder);
        try (ModelRegistry other = ModelRegistry.initialise(location).as("tester")) {
            ModelVersion version = other.model("altered").register(Registration.of(files));
            other.model("altered").environment("production").promote(version.number(), "");
        }
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Page page = new Page(new PrintStream(printed, true, StandardCharsets.UTF_8));

        int status = new ServingJvm(location, "altered", folder.resolve("cache"), page).serve();

        assertThat(status).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("DISAGREES with Tribuo on 113 rows");
    }

    private static String location(Path folder) {
        return folder.resolve("registry").toUri().toString();
    }
}
