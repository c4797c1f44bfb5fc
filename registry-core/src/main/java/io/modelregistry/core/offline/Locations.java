package io.modelregistry.core.offline;

import io.modelregistry.Host;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.artifact.KeptFiles;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Which registry this machine found at which location, kept in the cache folder. */
public final class Locations {
    private static final String MEMORY = "mem:";

    private final Host host;
    private final KeptFiles files;

    public Locations(Host host, RegistryOptions options) {
        this.host = host;
        this.files = KeptFiles.ofAllRegistries(host, options);
    }

    static boolean areKept(String location) {
        return !location.startsWith(MEMORY);
    }

    public void keep(String location, String registry) {
        if (areKept(location) && !find(location).equals(Optional.of(registry))) {
            byte[] content = registry.getBytes(StandardCharsets.UTF_8);
            Instant now = host.now();
            files.write(Kept.fileName(location), new Kept(location, 0, now, now, content).encode());
        }
    }

    /** The id of the registry that stood there when the store last answered. */
    public Optional<String> find(String location) {
        return !areKept(location)
                ? Optional.empty()
                : files.read(Kept.fileName(location))
                        .flatMap(file -> Kept.decode(file, location))
                        .map(kept -> new String(kept.content(), StandardCharsets.UTF_8));
    }
}
