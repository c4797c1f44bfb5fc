/**
 * The registry in a bucket of Google Cloud Storage. Most users never come here: {@code gs://bucket/prefix} as a registry's location
 * finds this store. Start at {@link io.modelregistry.store.gcs.GcsBackend}. {@link io.modelregistry.store.gcs.GcsAccess} writes the policy that says who
 * may do what.
 *
 * <p>How it is put together: {@code Wire} sends one request and never repeats it; {@code Objects} spells addresses;
 * {@code ObjectWriter}, {@code ResumableUpload}, {@code ObjectReader}, {@code ObjectListing} and {@code ObjectRemoval} are the
 * operations; {@code GcsErrors} turns what the store says into a {@code StorageException}, and nothing else does.
 *
 * <p>The vendor's client gives credentials, transport, proxies and endpoint; the requests themselves are made here. Its own operations
 * hide the headers that tell a reader generation, time and checksum without a second request, repeat what must not be repeated, and
 * begin a broken download again without limit.
 */
@NullMarked
package io.modelregistry.store.gcs;

import org.jspecify.annotations.NullMarked;
