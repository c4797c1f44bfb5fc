package io.modelregistry.core.artifact;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.Store;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageException;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings one blob into the store, or finds that it stands. Repeating is always right: whoever writes to the key writes
 * these bytes. But that an object stands there proves nothing, so it is compared before it is relied upon.
 */
final class BlobUpload {
    /**
     * A file that was being written when it was read may be whole a moment later; one that changes again is not
     * finished.
     */
    private static final int MOST_SOURCE_FAILURES = 2;

    private final Store store;
    private final BlobReader reader;
    private final String key;
    private final CheckedSource source;

    BlobUpload(Store store, BlobReader reader, String key, CheckedSource source) {
        this.store = store;
        this.reader = reader;
        this.key = key;
        this.source = source;
    }

    /** @param lookFirst whether to ask for the blob before sending it */
    void run(boolean lookFirst) {
        boolean stands = lookFirst && isThere();
        Attempts attempts = new Attempts(store.host(), "uploading " + source.place());
        while (!stands) {
            // between the two answers a collector may have removed it
            stands = send() == CreateOutcome.CREATED || isThere();
            if (!stands && !attempts.again()) {
                throw new StoreUnavailableException(
                        "The blob " + key + " is said to stand in "
                                + store.backend().location()
                                + " and then is not there. Nothing was registered; try again",
                        null);
            }
        }
        source.finish();
    }

    private CreateOutcome send() {
        Attempts attempts = new Attempts(store.host(), "uploading " + source.place());
        int sourceFailures = 0;
        while (true) {
            Batch.checkNotInterrupted("uploading " + source.place());
            try {
                return store.backend().upload(key, source);
            } catch (StorageException | SourceException e) {
                SourceException taken = source.takeFailure();
                SourceException sourceFailure = e instanceof SourceException thrown ? thrown : taken;
                if (sourceFailure != null) {
                    sourceFailures++;
                    if (sourceFailures == MOST_SOURCE_FAILURES) {
                        throw new InvalidRequestException(
                                sourceFailure.getMessage()
                                        + ". Nothing was registered; register it again once nobody writes to"
                                        + " it any more",
                                sourceFailure);
                    }
                } else if (e instanceof StorageException refusal && !(isPassing(refusal) && attempts.again())) {
                    throw store.translate("upload", key, refusal);
                }
            }
        }
    }

    private static boolean isPassing(StorageException e) {
        return e.kind() == StorageException.Kind.UNAVAILABLE || e.kind() == StorageException.Kind.UNKNOWN;
    }

    private boolean isThere() {
        Optional<ObjectInfo> standing = store.stat(key, store.deadline());
        standing.ifPresent(this::requireSame);
        return standing.isPresent();
    }

    private void requireSame(ObjectInfo standing) {
        if (standing.sizeBytes() != source.sizeBytes()) {
            throw other(standing.sizeBytes() + " bytes", source.sizeBytes() + " bytes");
        }
        Checksum checksum = standing.checksum();
        if (checksum == null) {
            reader.verify(key, source.digest(), source.sizeBytes());
            return;
        }
        String expected = switch (checksum.algorithm()) {
            case SHA256 -> source.sha256();
            case CRC32C -> source.crc32c();
        };
        if (!checksum.hex().equals(expected)) {
            String algorithm = checksum.algorithm().name().toLowerCase(Locale.ROOT) + ":";
            throw other(algorithm + checksum.hex(), algorithm + expected);
        }
    }

    private IntegrityException other(String found, String expected) {
        return new IntegrityException(
                Damage.CORRUPT_BLOB,
                key,
                "The blob " + key + " in " + store.backend().location() + " has " + found + ", and " + source.place()
                        + ", which belongs there, has " + expected
                        + ". Nothing was registered. Find out who wrote it, delete it, then register again",
                null);
    }
}
