package io.modelregistry;

import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Finds the backend for a location by its scheme, and the registry's implementation. */
final class Locations {
    private Locations() {}

    static ModelRegistry open(String location, RegistryOptions options, RegistryProvider.Mode mode) {
        RegistryProvider provider = provider();
        Host host = Host.system();
        return provider.open(backend(location, host), options, host, mode);
    }

    static RegistryProvider provider() {
        return load(RegistryProvider.class).stream()
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        "No implementation of the registry on the class path: add io.modelregistry:registry-core"));
    }

    private static StorageBackend backend(String location, Host host) {
        URI uri = uri(location);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        TreeSet<String> known = new TreeSet<>();
        for (StorageBackendProvider provider : load(StorageBackendProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return open(provider, uri, host);
            }
            known.add(provider.scheme());
        }
        throw new InvalidRequestException(
                "No backend for \"" + Names.printable(location) + "\": the class path has backends for " + known
                        + ". Add the module for \"" + scheme + "\", such as registry-store-fs for file:");
    }

    private static StorageBackend open(StorageBackendProvider provider, URI uri, Host host) {
        try {
            return provider.open(uri, host);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
        }
    }

    private static URI uri(String location) {
        try {
            // a scheme alone is no URI to Java; memory needs no more
            URI uri = new URI(location.equals("mem:") ? "mem:/" : location);
            if (uri.getScheme() != null && uri.getScheme().length() > 1) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new InvalidRequestException(
                    "Not a location: \"" + Names.printable(location) + "\": " + e.getReason()
                            + ". For a path with unusual characters use Path.toUri()",
                    e);
        }
        throw new InvalidRequestException("Not a location: \"" + Names.printable(location)
                + "\": it begins with a scheme, as file:/var/models, file:models or mem: do");
    }

    /** Providers seen by the caller's context class loader, else by this library's own. */
    private static <T> List<T> load(Class<T> service) {
        List<T> found = ServiceLoader.load(service).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return found.isEmpty()
                ? ServiceLoader.load(service, Locations.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList()
                : found;
    }
}
