package io.modelregistry.store.fs;

import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Deployment;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that registers and promotes until its standard input says something or it is killed. Each line it prints acknowledges one
 * change, after the registry did. It shares one model with everybody, and has one of its own, where it goes on after its last life: with
 * the request that it may have been killed in.
 */
final class RegistryWorker {
    static final String MODEL = "tumor";
    static final String VERSION = "version";
    static final String REVISION = "revision";
    static final String OWN = "own";

    private RegistryWorker() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        String process = arguments[1];
        String name = process + "-" + arguments[2];
        int firstOwn = Integer.parseInt(arguments[3]);
        PrintStream acknowledgements = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(folder.resolveSibling("cache-" + process));
        try (ModelRegistry registry =
                ModelRegistry.initialise(folder.toUri().toString(), options).as(name)) {
            AtomicBoolean stopped = stopWithInput();
            for (int i = 0; !stopped.get(); i++) {
                String own = process + "/" + (firstOwn + i);
                register(registry, process, own);
                acknowledgements.println(OWN + " " + (firstOwn + i));

                String weights = name + "/" + i;
                ModelVersion version = register(registry, MODEL, weights);
                acknowledgements.println(VERSION + " " + version.number() + " " + weights);
                promote(registry, version, acknowledgements);
            }
        }
    }

    private static ModelVersion register(ModelRegistry registry, String model, String weights) {
        return registry.model(model)
                .register(Registration.empty()
                        .file("model.bin", weights.getBytes(StandardCharsets.UTF_8))
                        .parameter("weights", weights)
                        .request(weights));
    }

    /** Becomes true when the input says something or ends, as it does when the parent is killed. */
    private static AtomicBoolean stopWithInput() {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread listener = new Thread(() -> {
            try {
                System.in.read();
            } catch (IOException e) {
                // as good as an end
            }
            stopped.set(true);
        });
        listener.setDaemon(true);
        listener.start();
        return stopped;
    }

    private static void promote(ModelRegistry registry, ModelVersion version, PrintStream acknowledgements) {
        Environment production = registry.model(MODEL).environment("production");
        try {
            Deployment deployment = production.promote(version.number(), "promoted by " + registry);
            acknowledgements.println(REVISION + " " + deployment.revision().sequence() + " " + version.number());
        } catch (ConflictException e) {
            // another process was faster, which is as it should be
        }
    }
}
