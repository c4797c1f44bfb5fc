package io.modelregistry.testkit;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageBackend;
import java.io.IOException;
import java.io.InputStream;

/** One plausible call of each operation. */
final class SampleCalls {
    static final SampleBlob BLOB = SampleBlob.of(1, 300_000);
    static final byte[] CONTENT = SampleContent.noise(2, 70_000);

    private SampleCalls() {}

    /** Makes the call and reads what it opens to the end. */
    static void call(StorageBackend backend, Operation operation, String key, Generation generation)
            throws IOException {
        switch (operation) {
            case CREATE -> backend.create(key, CONTENT);
            case GET -> backend.get(key, ContractFixture.WHOLE);
            case STAT -> backend.stat(key);
            case OVERWRITE -> backend.overwrite(key, CONTENT);
            case LIST -> backend.list("", Depth.ALL, key, 10);
            case UPLOAD -> backend.upload(key, BLOB);
            case READ -> {
                try (InputStream in = backend.read(key, 0, Long.MAX_VALUE)) {
                    in.readAllBytes();
                }
            }
            case DELETE -> backend.delete(key, generation);
            case STORE_TIME -> backend.storeTime();
        }
    }
}
