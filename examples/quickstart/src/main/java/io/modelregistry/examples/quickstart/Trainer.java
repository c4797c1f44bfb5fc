package io.modelregistry.examples.quickstart;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Trains logistic regression with Tribuo. The same recipe always gives the same model. */
final class Trainer {

    // java.util.logging forgets the level of a logger that nobody refers to.
    private static final Logger TRIBUO_LOG = Logger.getLogger("org.tribuo");

    private static final int NO_PROGRESS_LOG = -1;

    private final List<String> columns;

    Trainer(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    TribuoClassifier train(Recipe recipe) {
        TRIBUO_LOG.setLevel(Level.WARNING);
        TribuoFeatures features = new TribuoFeatures(Scaler.fit(columns, recipe.training()));
        MutableDataset<Label> dataset = new MutableDataset<>(
                new SimpleDataSourceProvenance(
                        recipe.name(), Instant.EPOCH.atOffset(ZoneOffset.UTC), new LabelFactory()),
                new LabelFactory());
        for (Sample sample : recipe.training()) {
            dataset.add(features.example(sample.features(), sample.diagnosis()));
        }
        // A trainer's random generator moves on with every training, so each training gets a new one.
        LinearSGDModel model = new LinearSGDTrainer(
                        new LogMulticlass(),
                        SGD.getSimpleSGD(Recipe.LEARNING_RATE),
                        recipe.epochs(),
                        NO_PROGRESS_LOG,
                        Recipe.SEED)
                .train(dataset);
        return new TribuoClassifier(model, features);
    }
}
