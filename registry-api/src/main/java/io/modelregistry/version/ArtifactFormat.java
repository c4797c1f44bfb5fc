package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.util.regex.Pattern;

/**
 * The format of a model file, such as {@code onnx}, {@code safetensors} or {@code gguf}. {@link #UNKNOWN} where content and extension name none.
 *
 * @param id {@code [a-z0-9-]}, at most 40 characters
 */
public record ArtifactFormat(String id) {
    private static final Pattern PATTERN = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public static final ArtifactFormat UNKNOWN = new ArtifactFormat("unknown");

    public ArtifactFormat {
        if (!PATTERN.matcher(id).matches()) {
            throw new InvalidRequestException(
                    "Not an artifact format: \"" + Texts.printable(id) + "\": it has up to 40 of a-z, 0-9 and '-'");
        }
    }

    public static ArtifactFormat of(String id) {
        return new ArtifactFormat(id);
    }

    @Override
    public String toString() {
        return id;
    }
}
