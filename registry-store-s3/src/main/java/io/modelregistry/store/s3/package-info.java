/**
 * The registry on Amazon S3 and on stores that speak its protocol. Most users never come here: {@code s3://bucket/prefix} in a registry's
 * location finds this store. Start at {@link io.modelregistry.store.s3.S3Backend}; applications that hold a client of the first AWS SDK start at
 * {@link io.modelregistry.store.s3.SdkV1}. {@link io.modelregistry.store.s3.S3Access} writes the policies that say who may do what.
 *
 * <p>How it is put together: {@code S3Port} is every request that is made, {@code SdkV2Port} and {@code SdkV1Port} make them; everything else lies above.
 * {@code S3Errors} turns what a store says into a {@code StorageException}, and nothing else does. No class of the first SDK is touched unless its
 * client is handed in.
 */
@NullMarked
package io.modelregistry.store.s3;

import org.jspecify.annotations.NullMarked;
