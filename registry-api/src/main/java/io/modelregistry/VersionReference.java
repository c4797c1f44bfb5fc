package io.modelregistry;

/**
 * Names a version in one of four ways:
 *
 * <ul>
 *   <li>{@code discharge-summarizer@12}, by its number;
 *   <li>{@code discharge-summarizer@1.4.0}, by its label;
 *   <li>{@code discharge-summarizer@sha256:…}, by the digest of its manifest: the newest version with exactly these bytes;
 *   <li>{@code discharge-summarizer:production}, what an environment serves.
 * </ul>
 */
public sealed interface VersionReference {

    ModelName model();

    /** By number. */
    record ByNumber(VersionId id) implements VersionReference {
        @Override
        public ModelName model() {
            return id.model();
        }

        @Override
        public String toString() {
            return id.toString();
        }
    }

    /** By label. */
    record ByLabel(ModelName model, Label label) implements VersionReference {
        @Override
        public String toString() {
            return model + "@" + label;
        }
    }

    /** By the digest of the manifest. */
    record ByDigest(ModelName model, Digest manifest) implements VersionReference {
        @Override
        public String toString() {
            return model + "@" + manifest;
        }
    }

    /** What an environment serves. */
    record ByEnvironment(ModelName model, EnvironmentName environment) implements VersionReference {
        @Override
        public String toString() {
            return model + ":" + environment;
        }
    }

    /** Reads any of the four. */
    static VersionReference parse(String text) {
        int at = text.indexOf('@');
        int colon = text.indexOf(':');
        if (at > 0) {
            ModelName model = ModelName.of(text.substring(0, at));
            return pinned(model, text.substring(at + 1));
        }
        if (colon > 0) {
            return new ByEnvironment(
                    ModelName.of(text.substring(0, colon)), EnvironmentName.of(text.substring(colon + 1)));
        }
        throw new InvalidRequestException("Not a reference to a version: \"" + Names.printable(text)
                + "\": it looks like model@12, model@1.4.0, model@sha256:… or model:production");
    }

    private static VersionReference pinned(ModelName model, String version) {
        if (version.startsWith("sha256:")) {
            return new ByDigest(model, Digest.parse(version));
        }
        if (version.matches("[0-9]{1,18}")) {
            return new ByNumber(new VersionId(model, Long.parseLong(version)));
        }
        return new ByLabel(model, Label.of(version));
    }
}
