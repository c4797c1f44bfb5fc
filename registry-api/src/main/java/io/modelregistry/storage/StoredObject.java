package io.modelregistry.storage;

import java.time.Instant;

/**
 * A small object as it was read. The array is the caller's; it is not copied.
 *
 * @param content the object's bytes, cut at the limit that was asked for
 * @param sizeBytes length of the whole object; larger than {@code content.length} when it was cut
 * @param storedAt the store's time of the write, the same that {@link ObjectInfo} gives
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two layers, never compared
public record StoredObject(byte[] content, long sizeBytes, Instant storedAt) {}
