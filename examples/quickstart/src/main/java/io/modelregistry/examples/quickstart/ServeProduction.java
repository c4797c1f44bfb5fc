package io.modelregistry.examples.quickstart;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Resolution;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.LocalArtifact;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The second process: serves what production serves, with ONNX Runtime. It needs nothing of the library that trained
 * the model, and it writes nothing to the registry, so it names no actor.
 *
 * <p>Exits with 1 when the model doesn't predict on every held-out row what it predicted where it was trained.
 */
final class ServeProduction {

    static final Charset ENCODING = StandardCharsets.UTF_8;

    private ServeProduction() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, ENCODING);
        String model = args[1];
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(Path.of(args[2]));
        try (ModelRegistry registry = ModelRegistry.open(args[0], options)) {
            Resolution production = registry.resolve(model + ":production");
            String version = production.version().id().toString();
            String promotedBy =
                    production.servedBy().map(Deployment::actor).orElseThrow().id();
            out.printf("production serves %s, promoted by %s%n", version, promotedBy);
            LocalArtifact artifact = registry.version(version).download();
            long bytes =
                    artifact.files().stream().mapToLong(ArtifactFile::sizeBytes).sum();
            out.printf(
                    Locale.ROOT,
                    "%d files, %,d bytes, every byte verified%n",
                    artifact.files().size(),
                    bytes);
            if (!serve(artifact, out)) {
                System.exit(1);
            }
        }
    }

    /** Returns whether the model predicts what it predicted where it was trained. */
    private static boolean serve(LocalArtifact artifact, PrintStream out) throws IOException {
        List<Sample> heldOut = Split.of(BreastCancerData.load()).heldOut();
        ArtifactFiles files = new ArtifactFiles(artifact.folder());
        HeldOutPredictions trained = HeldOutPredictions.read(files.heldOutPredictions());
        try (OnnxClassifier classifier = OnnxClassifier.open(files.model(), files.scaler())) {
            HeldOutPredictions served = HeldOutPredictions.of(classifier, heldOut);
            Agreement agreement = Agreement.between(trained, served);
            out.println(agreement.summary());
            Outcomes outcomes = Outcomes.of(heldOut, served.inRowOrder());
            out.printf(
                    Locale.ROOT,
                    "missed %d of %d malignant, false alarm for %d of %d benign%n",
                    outcomes.missed(),
                    outcomes.malignant(),
                    outcomes.falseAlarms(),
                    outcomes.benign());
            return agreement.holds();
        }
    }
}
