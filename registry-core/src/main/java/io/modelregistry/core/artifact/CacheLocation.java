package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where files of a registry are kept on this machine.
 *
 * @param base shared by all registries
 * @param registry this registry's own folder
 */
record CacheLocation(Path base, Path registry) {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");
    private static final String NAME = "model-registry";

    /** The configured folder, else the one that this operating system has for such files. */
    static CacheLocation of(String registryId, @Nullable Path configured) {
        Path base = configured != null
                ? configured
                : standard(System.getProperty("os.name", ""), System.getProperty("user.home", "."), System.getenv());
        Path absolute = base.toAbsolutePath().normalize();
        // the id comes from the store
        String folder = PLAIN_NAME.matcher(registryId).matches()
                ? registryId
                : Digest.of(registryId.getBytes(StandardCharsets.UTF_8)).hex();
        return new CacheLocation(absolute, absolute.resolve(folder));
    }

    static Path standard(String operatingSystem, String home, Map<String, String> environment) {
        String system = operatingSystem.toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return folder(environment.get("LOCALAPPDATA"), Path.of(home, "AppData", "Local"));
        }
        if (system.startsWith("mac")) {
            return Path.of(home, "Library", "Caches", NAME);
        }
        return folder(environment.get("XDG_CACHE_HOME"), Path.of(home, ".cache"));
    }

    /** Relative settings are to be ignored, says the XDG specification. */
    private static Path folder(@Nullable String setting, Path otherwise) {
        boolean usable = setting != null && Path.of(setting).isAbsolute();
        return (usable ? Path.of(setting) : otherwise).resolve(NAME);
    }
}
