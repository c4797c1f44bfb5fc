package io.modelregistry.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxClassifierTest {

    private final BreastCancerData data = BreastCancerData.load();
    private final Split split = Split.of(data);

    @TempDir
    private Path directory;

    private ArtifactFiles files;

    @BeforeEach
    void chooseDirectory() {
        files = new ArtifactFiles(directory);
    }

    static Stream<Function<Split, Recipe>> recipes() {
        return Stream.of(Recipe::oneEpoch, Recipe::twentyEpochs, Recipe::evaluatedOnItsTrainingRows);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void servingAgreesWithTrainingOnEveryHeldOutRow(Function<Split, Recipe> recipe) throws IOException {
        write(recipe.apply(split));

        Agreement agreement = Agreement.between(recorded(), serve(files.scaler()));

        assertEquals(113, agreement.rows());
        assertEquals(0, agreement.differentDiagnoses());
        assertTrue(agreement.largestDifference() < 1e-6, agreement.summary());
    }

    @Test
    void anotherVersionsScalerIsNoticed(@TempDir Path other) throws IOException {
        write(Recipe.twentyEpochs(split));
        Path otherScaler = other.resolve("scaler.json");
        Scaler.fit(data.columns(), split.training().subList(0, 20)).write(otherScaler);

        Agreement agreement = Agreement.between(recorded(), serve(otherScaler));

        assertFalse(agreement.holds(), agreement.summary());
    }

    @Test
    void predictionsForFewerRowsAreNotAgreement() throws IOException {
        write(Recipe.twentyEpochs(split));
        HeldOutPredictions recorded = recorded();
        HeldOutPredictions fewer = new HeldOutPredictions(recorded.byRow().headMap(3));

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Agreement.between(fewer, recorded));

        assertEquals(
                "Cannot compare predictions for rows [1, 2] with rows "
                        + recorded.byRow().keySet(),
                e.getMessage());
    }

    @Test
    void aScalerWithItsColumnsInAnotherOrderIsRefused() throws IOException {
        write(Recipe.oneEpoch(split));
        List<Scaler.Column> columns =
                new ArrayList<>(Scaler.read(files.scaler()).columns());
        Collections.swap(columns, 0, 1);
        Scaler swapped = new Scaler(columns);
        swapped.write(files.scaler());

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> OnnxClassifier.open(files.model(), files.scaler()));

        assertEquals(
                "%s and %s do not belong together: the model reads %s, the scaler has %s"
                        .formatted(files.model(), files.scaler(), data.columns(), swapped.names()),
                e.getMessage());
    }

    private void write(Recipe recipe) throws IOException {
        files.write(new Trainer(data.columns()).train(recipe), split.heldOut());
    }

    private HeldOutPredictions recorded() throws IOException {
        return HeldOutPredictions.read(files.heldOutPredictions());
    }

    private HeldOutPredictions serve(Path scaler) throws IOException {
        try (OnnxClassifier classifier = OnnxClassifier.open(files.model(), scaler)) {
            return HeldOutPredictions.of(classifier, split.heldOut());
        }
    }
}
