package io.modelregistry.version;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import java.util.regex.Pattern;

/**
 * Names the record of one version in one registry by its bytes, so that another registry can say where a version comes from, and everybody who may read
 * both can check it.
 *
 * @param registry the registry's id
 * @param entry digest of the version's entry as stored; it covers the registry, the model, the number, the record and the digests of the files
 */
public record Citation(String registry, VersionId version, Digest entry) {
    private static final Pattern REGISTRY = Pattern.compile("[0-9a-f]{32}");

    public Citation {
        if (!REGISTRY.matcher(registry).matches()) {
            throw new InvalidRequestException(
                    "Not the id of a registry: \"" + Texts.printable(registry) + "\": it has 32 digits of 0-9 and a-f");
        }
    }

    /** {@code tumor@12 of 4f0c… (sha256:…)}. */
    @Override
    public String toString() {
        return version + " of " + registry + " (" + entry + ")";
    }
}
