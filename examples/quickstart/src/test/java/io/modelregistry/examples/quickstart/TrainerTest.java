package io.modelregistry.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

    private final BreastCancerData data = BreastCancerData.load();
    private final Split split = Split.of(data);
    private final Trainer trainer = new Trainer(data.columns());

    @Test
    void trainingAgainWritesTheSameBytes(@TempDir Path first, @TempDir Path second) throws IOException {
        ArtifactFiles once = new ArtifactFiles(first);
        ArtifactFiles again = new ArtifactFiles(second);

        once.write(trainer.train(Recipe.twentyEpochs(split)), split.heldOut());
        again.write(trainer.train(Recipe.twentyEpochs(split)), split.heldOut());

        assertArrayEquals(Files.readAllBytes(once.model()), Files.readAllBytes(again.model()));
        assertArrayEquals(Files.readAllBytes(once.scaler()), Files.readAllBytes(again.scaler()));
        assertArrayEquals(
                Files.readAllBytes(once.heldOutPredictions()), Files.readAllBytes(again.heldOutPredictions()));
    }

    @Test
    void twentyEpochsAreBetterThanOne() {
        Metrics one = Metrics.of(trainer.train(Recipe.oneEpoch(split)), split.heldOut());
        Metrics twenty = Metrics.of(trainer.train(Recipe.twentyEpochs(split)), split.heldOut());

        assertTrue(twenty.logLoss() < one.logLoss() / 2, twenty + " and " + one);
        assertTrue(twenty.auc() > one.auc(), twenty + " and " + one);
        assertTrue(twenty.outcomes().missed() < one.outcomes().missed(), twenty + " and " + one);
    }

    @Test
    void evaluatingOnTrainingRowsHidesABadModel() {
        Recipe recipe = Recipe.evaluatedOnItsTrainingRows(split);
        TribuoClassifier classifier = trainer.train(recipe);

        Metrics reported = Metrics.of(classifier, recipe.evaluation());
        Metrics actual = Metrics.of(classifier, split.heldOut());

        assertEquals(1.0, reported.outcomes().accuracy());
        assertTrue(actual.outcomes().accuracy() < 0.85, actual.toString());
        assertTrue(actual.outcomes().falseAlarms() > 15, actual.toString());
    }
}
