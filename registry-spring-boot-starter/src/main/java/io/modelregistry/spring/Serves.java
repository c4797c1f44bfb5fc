package io.modelregistry.spring;

import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a bean method that returns a {@link Loader}: its models are served. Makes a bean of {@link ModelHandle} that loads what the environment serves when the application
 * starts, keeps it up to date, and is closed before the registry is.
 *
 * <pre>{@code
 * @Bean
 * @Serves("tumor:production")
 * Loader<OrtSession> tumor() {
 *     return Loader.of(files -> ort.createSession(files.file("model.onnx").toString()));
 * }
 *
 * @RestController
 * class Predictions {
 *     Predictions(ModelHandle<OrtSession> tumor) { … }
 * }
 * }</pre>
 *
 * <p>The bean's name is the reference: where several handles have models of one type, {@code @Qualifier("tumor:production")} says which. A unique bean of
 * {@link io.modelregistry.serving.ServingOptions} is that of all handles. An application whose stable version can't be loaded doesn't start.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Serves {
    /** A model and an environment: {@code tumor:production}. May have placeholders: {@code tumor:${stage}}. */
    String value();
}
