package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.StorageBackendContract;

/** What the contract allows a store that sees a key only after the content, and has no time finer than a second. */
abstract class S3ContractTest extends StorageBackendContract {
    private String bucket;

    abstract StorageBackend openBucket(String bucket, Host host);

    /** The server the buckets are on. */
    S3Server server() {
        return S3Server.shared();
    }

    @Override
    protected void freshStore() {
        bucket = server().freshBucket();
    }

    @Override
    protected void dropStore() {
        server().drop(bucket);
    }

    @Override
    protected StorageBackend open(Host host) {
        return new WithoutTemporaries(openBucket(bucket, host));
    }

    @Override
    public boolean tellsBeforehandThatABlobStands() {
        return false;
    }

    @Override
    public boolean deletesByGenerationAtomically() {
        return false;
    }

    @Override
    public boolean tellsIncarnationsOfEqualBytesApart() {
        return false;
    }
}
