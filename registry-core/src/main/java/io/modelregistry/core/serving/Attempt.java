package io.modelregistry.core.serving;

import io.modelregistry.serving.LoadFailure.Stage;
import io.modelregistry.serving.Loader;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a version ready to serve: brings its files here, loads them, warms the model up. */
final class Attempt<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Source source;
    private final Loader<T> loader;
    private Stage stage = Stage.DOWNLOAD;

    Attempt(Source source, Loader<T> loader) {
        this.source = source;
        this.loader = loader;
    }

    /** How far it came. */
    Stage stage() {
        return stage;
    }

    T run(ModelVersion version) throws Exception {
        LocalArtifact files = source.download(version);
        boolean ready = false;
        try {
            T model = load(version, files);
            ready = true;
            return model;
        } finally {
            if (!ready) {
                source.release(version);
            }
        }
    }

    private T load(ModelVersion version, LocalArtifact files) throws Exception {
        stage = Stage.LOAD;
        T model = loader.load().load(files);
        if (model == null) {
            throw new IllegalStateException("The loader made nothing of " + version.id());
        }
        stage = Stage.WARM_UP;
        try {
            loader.warmUp().run(model);
            return model;
        } catch (Throwable e) { // whatever it is, the model must not be left open
            close(loader, version, model);
            throw e;
        }
    }

    /** Frees a model; a failure to is logged. */
    static <T> void close(Loader<T> loader, ModelVersion version, T model) {
        try {
            loader.close().run(model);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Closing the model of {} was interrupted", version.id(), e);
        } catch (Exception | Error e) {
            LOG.warn("The model of {} could not be closed", version.id(), e);
        }
    }
}
