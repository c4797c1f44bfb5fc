/**
 * A model registry that is a library. Start at {@link io.modelregistry.ModelRegistry}; most users need it and the three handles
 * it leads to:
 *
 * <ul>
 *   <li>{@link io.modelregistry.Model} registers versions, compares them and tells their history;
 *   <li>{@link io.modelregistry.Version} reads, downloads, evaluates and judges one version;
 *   <li>{@link io.modelregistry.Environment} promotes, resolves and rolls back what an environment serves.
 * </ul>
 *
 * <p>Every failure is a {@link io.modelregistry.RegistryException}; its subclass says what to do next.
 */
@NullMarked
package io.modelregistry;

import org.jspecify.annotations.NullMarked;
