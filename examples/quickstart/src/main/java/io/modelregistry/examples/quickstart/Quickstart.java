package io.modelregistry.examples.quickstart;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The quickstart. Takes the registry's location: a folder, or a URI whose backend is on the class path. Without one, or
 * with {@value #FRESH}, it makes a new folder.
 */
final class Quickstart {

    private static final String FRESH = "new";
    private static final String MODEL = "tumor-classifier";

    private Quickstart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path workspace = Files.createTempDirectory("quickstart-");
        String location = args.length == 0 || args[0].equals(FRESH)
                ? workspace.resolve("registry").toUri().toString()
                : location(args[0]);
        try {
            run(location, workspace, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        } catch (InvalidRequestException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Tells the whole story about a model that this run is the first to register. Returns the model's name. */
    static String run(String location, Path workspace, PrintStream out) throws IOException, InterruptedException {
        if (location.startsWith("mem:")) {
            throw new InvalidRequestException(
                    "mem: belongs to one JVM, and this story takes two: name a folder or a URI");
        }
        Path cache = workspace.resolve("cache");
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(cache);
        Page page = new Page(out);
        try (ModelRegistry registry = ModelRegistry.initialise(location, options)) {
            String model = unusedName(registry);
            page.title("Model registry quickstart");
            page.say("registry  %s", location);
            page.say("model     %s", model);
            TrainingJob job = new TrainingJob(workspace.resolve("training"), page);
            ServingJvm servingJvm = new ServingJvm(location, model, cache, page);
            new Story(registry, model, job, servingJvm, page).tell();
            return model;
        }
    }

    private static String location(String folderOrUri) {
        boolean isUri = folderOrUri.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
        return isUri ? folderOrUri : Path.of(folderOrUri).toUri().toString();
    }

    /** So that the story can be told any number of times in one registry. */
    static String unusedName(ModelRegistry registry) {
        String name = MODEL;
        for (int run = 2; registry.model(name).latest().isPresent(); run++) {
            name = MODEL + "-" + run;
        }
        return name;
    }
}
