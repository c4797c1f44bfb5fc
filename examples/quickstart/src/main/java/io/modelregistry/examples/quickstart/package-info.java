/**
 * Trains a breast tumour classifier, registers its versions, promotes them, serves them in a second process, and takes a
 * bad promotion back.
 *
 * <p>Start with {@link io.modelregistry.examples.quickstart.Story}: it is all that the first process does with the registry.
 * {@link io.modelregistry.examples.quickstart.TrainingJob} says what is registered with a version, and {@link
 * io.modelregistry.examples.quickstart.ServeProduction} is the second process. The rest is machine learning.
 */
@NullMarked
package io.modelregistry.examples.quickstart;

import org.jspecify.annotations.NullMarked;
