package io.modelregistry.examples.buckets;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.version.Registration;
import java.nio.file.Path;

/** What applications do with a registry, for watching what is loaded meanwhile. */
final class Session {

    private Session() {}

    public static void main(String[] arguments) {
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(Path.of(arguments[1]));
        try (ModelRegistry registry =
                ModelRegistry.initialise(arguments[0], options).as("ada")) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
            registry.model("tumor").environment("production").promote(1, "first");
            registry.version("tumor:production").download();
            registry.doctor();
            System.out.println(registry.verify().errors());
        }
    }
}
