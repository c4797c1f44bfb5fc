package io.modelregistry.examples.quickstart;

import io.modelregistry.version.DataType;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Trains models and says where each comes from. */
public final class TrainingJob {

    private static final ModelCard CARD = new ModelCard(
            "Shows how a model registry is used. Sorts fine needle aspirates of breast masses into malignant and benign.",
            "Not for diagnosis. Learnt from 456 patients of one hospital, collected before 1995.");

    private final BreastCancerData data = BreastCancerData.load();
    private final Split split = Split.of(data);
    private final Trainer trainer = new Trainer(data.columns());
    private final Path directory;
    private final Page page;
    private final Provenance environment;

    public TrainingJob(Path directory, Page page) throws IOException, InterruptedException {
        this.directory = directory;
        this.page = page;
        page.say(
                "data      %d patients with %d measurements each: %d to train on, %d held out",
                data.samples().size(),
                data.columns().size(),
                split.training().size(),
                split.heldOut().size());
        GitCheckout checkout = GitCheckout.ofThisProgram();
        page.say("code      %s", checkout.describe());
        page.say("runtime   hashing every jar on the class path ...");
        Provenance captured =
                Provenance.none().captureRuntime().seed("split", Split.SEED).seed("training", Recipe.SEED);
        this.environment = checkout.code().map(captured::code).orElse(captured);
    }

    public Split split() {
        return split;
    }

    /** Trains a model, writes its files, and tells all that is known about it. */
    public Registration run(Recipe recipe) throws IOException {
        page.say("training: %s ...", recipe.name());
        TribuoClassifier classifier = trainer.train(recipe);
        Path folder = Files.createDirectories(directory.resolve(recipe.epochs() + "-epochs"));
        new ArtifactFiles(folder).write(classifier, split.heldOut());
        Metrics metrics = Metrics.of(classifier, recipe.evaluation());
        return Registration.of(folder)
                .description(recipe.name())
                .parameter("algorithm", Recipe.ALGORITHM)
                .parameter("epochs", recipe.epochs())
                .parameter("learning_rate", Recipe.LEARNING_RATE)
                .metrics(metrics.on(Recipe.DATASET))
                .signature(signature())
                .card(CARD)
                .provenance(environment.trainedOn(recipe.trainingData()).evaluatedOn(recipe.evaluationData()));
    }

    /** What the files take and give together: measurements as they are, and a probability for each diagnosis. */
    private Signature signature() {
        List<TensorSpec> measurements = data.columns().stream()
                .map(name -> TensorSpec.column(name, DataType.FLOAT64))
                .toList();
        TensorSpec probabilities =
                TensorSpec.tensor("output", DataType.FLOAT32, TensorSpec.ANY, Diagnosis.values().length);
        return new Signature(measurements, List.of(probabilities));
    }
}
