/**
 * The contract between the registry and a store. Start at {@link io.modelregistry.storage.StorageBackend}; most users never come here.
 *
 * <p>A backend knows keys and bytes. It knows no model, no version and no JSON.
 */
@NullMarked
package io.modelregistry.storage;

import org.jspecify.annotations.NullMarked;
