package io.modelregistry.storage;

import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/**
 * A bucket prefix or a folder, seen as a map from keys to bytes in which one operation, {@link #create}, is conditional.
 *
 * <p><b>Keys.</b> Segments of {@code [a-z0-9._-]}, each starting with a letter or digit and at most 200 characters long,
 * joined by {@code /}; at most 900 characters in all. No key is also the folder of another key. Keys order by their ASCII
 * bytes. A key outside this grammar is an {@link IllegalArgumentException} and reaches no store.
 *
 * <p><b>Consistency.</b> Every operation is linearizable for each key: once a call has returned, every later call, from any
 * process, sees its effect or a later one. {@link #list} sees every object whose creation returned before the listing began.
 *
 * <p><b>Failures.</b> Every operation fails with {@link StorageException} only (and a source's own exception in {@link #upload}, {@code IllegalArgumentException} for a bad
 * argument, {@code IllegalStateException} after {@link #close}). Its {@linkplain StorageException.Kind kind} says what is
 * certain; each operation lists the kinds it may throw. A read throws no {@code UNKNOWN}: it changes nothing;
 * any operation may throw {@code UNSUITABLE}.
 * An object that is missing is an empty result, never an exception; a missing permission is {@code DENIED}, never an empty result.
 *
 * <p><b>Threads.</b> Thread-safe. Calls block the calling thread and run on it, except that {@link #upload} and the stream of {@link #read} may
 * hand parts and ranges of their one blob to the host's executor. They don't need it: what it refuses or doesn't begin, the calling thread does itself, and
 * a source is read on no other. When the thread is interrupted a call either
 * finishes as if it had not been, or fails by the rules of its operation ({@code UNKNOWN} where it may have taken effect);
 * in both cases the interrupt flag is set when it returns, and calls on other threads are not disturbed.
 *
 * <p>The testkit's {@code StorageBackendContract} tests every sentence here.
 */
public interface StorageBackend extends AutoCloseable {

    /** What a user would call this store, for messages: {@code file:/var/models}, {@code s3://bucket/prefix}. No credentials. */
    String location();

    /**
     * Creates an object if none stands at the key. Of any number of concurrent creates exactly one is told {@code CREATED}.
     *
     * <p>Atomic: no reader ever sees part of the content. Durable: {@code CREATED} is returned only once a power cut can no
     * longer undo it. <b>Exactly one attempt reaches the store</b>; the caller repeats, because it alone knows which repetition is
     * safe. {@code EXISTS} says that an object stands, durably, and that <i>this attempt</i> did not write it.
     *
     * <p>Fails with {@code DENIED}, {@code UNAVAILABLE} or {@code FULL} when this attempt certainly changed nothing, and with
     * {@code UNKNOWN} when it may have taken effect or may still do so: a timeout, a reset connection, a conflict, throttling or
     * server error answer, a flush that failed.
     *
     * @param content at most 2 MiB
     */
    CreateOutcome create(String key, byte[] content);

    /**
     * Reads a small object, at most its first {@code limitBytes} bytes. The result's {@code sizeBytes} is that of the whole
     * object, so that a cut one is recognised. What is returned of an object that
     * was created is durable: a power cut after the return doesn't undo it.
     *
     * <p>Fails with {@code DENIED} or {@code UNAVAILABLE}.
     *
     * @param limitBytes from 1 to 16 MiB
     */
    Optional<StoredObject> get(String key, int limitBytes);

    /** Size, checksum where the store has one, store time and generation of an object. Fails with {@code DENIED} or {@code UNAVAILABLE}. */
    Optional<ObjectInfo> stat(String key);

    /**
     * Writes an object whether or not one stands; the last writer wins. Atomic for readers; durability is not promised. The
     * registry calls it for {@code hints/} and {@code notes/} only. Fails with {@code DENIED}, {@code UNAVAILABLE} or {@code FULL}
     * when nothing changed, {@code UNKNOWN} otherwise.
     *
     * @param content at most 2 MiB
     */
    void overwrite(String key, byte[] content);

    /**
     * Lists what lies below a prefix, in key order, strictly after {@code startAfter}.
     *
     * <p>With {@link Depth#ALL} the keys of all objects below. With {@link Depth#ONE} the direct children: an object as its
     * key, a folder as its prefix ending in {@code /}, ordered as these strings are ({@code a-b/} before {@code a/}). A folder
     * in which no object stands is not listed. Objects that are not keys of the grammar (editors' left-overs, hidden files) may be
     * listed with {@code ALL}, so that {@code verify} can report them; a backend's own temporary files never are.
     * Fails with {@code DENIED} or {@code UNAVAILABLE}.
     *
     * @param prefix empty, or ending in {@code /}; a prefix below which nothing stands gives an empty listing
     * @param startAfter empty for the beginning, or any string; usually the last entry of the page before
     * @param limit from 1 to 1,000; a listing may be shorter and still have {@code more}
     */
    Listing list(String prefix, Depth depth, String startAfter, int limit);

    /**
     * Creates a blob of any size if none stands at the key; reads the source once from its beginning, and again for each attempt.
     * Returns {@code EXISTS} without reading the source where the store can tell beforehand.
     *
     * <p>Atomic and durable as {@link #create}, but may be repeated by the backend: blobs are content-addressed, so two writers
     * of one key write the same bytes; at least one of several is told {@code CREATED}. If the source fails, no object stands that this
     * call made, and its exception is thrown as it is, an {@code IOException} as the cause of an {@code UncheckedIOException}; a source
     * that ends early or late is an {@code IllegalArgumentException}. Fails with {@code DENIED}, {@code UNAVAILABLE}, {@code FULL}, {@code UNKNOWN} as {@code create}.
     */
    CreateOutcome upload(String key, BlobSource source);

    /**
     * Opens {@code length} bytes from {@code offset} of an object for reading. The stream ends early or throws an
     * {@link java.io.IOException} when the connection breaks: the caller counts and hashes. Closing the stream early is allowed
     * and cheap. An object shorter than {@code offset + length} gives the bytes it has. Fails with {@code DENIED} or {@code UNAVAILABLE};
     * a missing object is {@code MISSING}.
     */
    InputStream read(String key, long offset, long length);

    /**
     * Deletes an object (on a versioned bucket: all its versions) if it still is of this generation, and does nothing otherwise.
     * The registry calls it for {@code blobs/}, {@code intents/}, {@code notes/} and {@code probe/} only. Deleting a missing
     * object succeeds. Fails as {@link #overwrite}.
     */
    void delete(String key, Generation generation);

    /**
     * The store's clock: the one that {@code storedAt} is taken from, extrapolated with this machine's monotonic clock from
     * an answer at most 5 minutes old. Asks the store only when there is no such answer; where asking takes a permission
     * that this caller lacks, the machine's own clock. Fails with {@code DENIED} or {@code UNAVAILABLE}.
     */
    Instant storeTime();

    /** Releases what the backend opened itself; idempotent. A call under way on another thread finishes or fails by its rules. */
    @Override
    void close();
}
