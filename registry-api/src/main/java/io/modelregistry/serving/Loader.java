package io.modelregistry.serving;

import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import java.util.function.ToLongFunction;

/**
 * How the files of a version become what the application predicts with: {@code Loader.of(files -> load(files.file("model.onnx"))).warmUp(m -> smokeTest(m))}.
 * Whatever a step throws, {@link Error}s included, is a reason not to serve this version, and nothing else.
 *
 * <p>Steps run on threads of the registry's, one version at a time.
 *
 * @param load from files of which every byte was verified; they stay where they are until the model is closed
 * @param warmUp refuses a version by throwing
 * @param close frees a model that was loaded, exactly once, when nobody uses it any more
 * @param sizeBytes how much memory a version will take, for {@link ServingOptions#memoryBytes}
 */
public record Loader<T>(Load<T> load, Step<T> warmUp, Step<T> close, ToLongFunction<ModelVersion> sizeBytes) {

    /** Loads a version. */
    @FunctionalInterface
    public interface Load<T> {
        T load(LocalArtifact files) throws Exception;
    }

    /** Does something with a model that was loaded. */
    @FunctionalInterface
    public interface Step<T> {
        void run(T model) throws Exception;
    }

    /** Warms nothing up, closes a model that is {@link AutoCloseable}, and takes a version for as large as its files. */
    public static <T> Loader<T> of(Load<T> load) {
        return new Loader<>(
                load,
                model -> {},
                Loader::closeIfCloseable,
                version -> version.artifact().sizeBytes());
    }

    /** A smoke test on the loaded model, such as a few predictions whose answers are known; it also makes the first real one fast. */
    public Loader<T> warmUp(Step<T> smokeTest) {
        return new Loader<>(load, smokeTest, close, sizeBytes);
    }

    /** For models that are not {@link AutoCloseable}. */
    public Loader<T> close(Step<T> free) {
        return new Loader<>(load, warmUp, free, sizeBytes);
    }

    public Loader<T> sizeBytes(ToLongFunction<ModelVersion> inMemory) {
        return new Loader<>(load, warmUp, close, inMemory);
    }

    private static <T> void closeIfCloseable(T model) throws Exception {
        if (model instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
