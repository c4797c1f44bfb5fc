package io.modelregistry.storage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows about an object without its bytes.
 *
 * @param sizeBytes length of the object
 * @param checksum null where the store keeps none
 * @param storedAt the store's time of the write; never changes while the object stands
 * @param generation names this incarnation of the object
 */
public record ObjectInfo(long sizeBytes, @Nullable Checksum checksum, Instant storedAt, Generation generation) {}
