package io.modelregistry.store.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.MultipartContent;
import com.google.api.client.http.json.JsonHttpContent;
import com.google.api.services.storage.model.StorageObject;
import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.util.List;

/**
 * Writes objects. What is small goes in one request with its checksum, so that the store refuses what was damaged on the way.
 *
 * <p>Every object is {@code no-store}, so that no cache answers for the store, and {@code no-transform}, so that its bytes arrive as
 * they are stored: a public bucket's objects are cached for an hour otherwise.
 */
final class ObjectWriter {
    static final String CONTENT_TYPE = "application/octet-stream";
    private static final String CACHE_CONTROL = "no-store, no-transform";
    private static final String CREATE = "storage.objects.create";
    private static final String OVERWRITE = "storage.objects.create and storage.objects.delete";

    private final ObjectAddresses addresses;
    private final Wire wire;
    private final GcsErrors errors;
    private final GcsSettings settings;
    private final Host host;
    private final ObjectReader reader;
    private final ObjectRemoval removal;

    ObjectWriter(
            ObjectAddresses addresses,
            Wire wire,
            GcsErrors errors,
            GcsSettings settings,
            Host host,
            ObjectReader reader,
            ObjectRemoval removal) {
        this.addresses = addresses;
        this.wire = wire;
        this.errors = errors;
        this.settings = settings;
        this.host = host;
        this.reader = reader;
        this.removal = removal;
    }

    CreateOutcome create(String key, byte[] content) {
        Call call = Call.writing("create " + key, CREATE, addresses.printed(key));
        return insertIfAbsent(call, metadata(key), content);
    }

    void overwrite(String key, byte[] content) {
        Call call = Call.writing("overwrite " + key, OVERWRITE, addresses.printed(key));
        StorageObject metadata = metadata(key);
        try (Answer answer = insert(call, insertion("multipart", metadata), metadata, content)) {
            if (!answer.isSuccess()) {
                throw errors.refused(call, answer);
            }
        }
    }

    CreateOutcome upload(String key, BlobSource source) {
        Call call = Call.writing("upload " + key, CREATE, addresses.printed(key));
        StorageObject metadata = metadata(key).setStorageClass(settings.blobStorageClass());
        if (source.sizeBytes() > settings.chunkBytes()) {
            return reader.stat(key).isPresent() ? CreateOutcome.EXISTS : inChunks(call, key, metadata, source);
        }
        byte[] content = new byte[(int) source.sizeBytes()];
        try (SourceReader in = new SourceReader(source)) {
            in.fill(content, content.length);
            in.requireEnd();
        }
        return insertIfAbsent(call, metadata, content);
    }

    private CreateOutcome inChunks(Call call, String key, StorageObject metadata, BlobSource source) {
        ResumableUpload upload =
                new ResumableUpload(call, wire, errors, host, settings.chunkBytes(), source.sizeBytes());
        String address =
                insertion("resumable", metadata).with("ifGenerationMatch", "0").url();
        if (!upload.begin(address, metadata)) {
            return CreateOutcome.EXISTS;
        }
        boolean sourceFailed = true;
        try (SourceReader in = new SourceReader(source)) {
            CreateOutcome outcome = upload.send(in);
            sourceFailed = false;
            if (outcome == CreateOutcome.CREATED) {
                requireArrived(call, key, upload);
            }
            return outcome;
        } catch (StorageException e) {
            sourceFailed = false;
            throw e;
        } finally {
            if (sourceFailed) {
                upload.cancel();
            }
        }
    }

    /** The store says what it has. Wrong content isn't left standing under a name that tells its digest. */
    private void requireArrived(Call call, String key, ResumableUpload upload) {
        reader.stat(key).ifPresent(info -> {
            String crc =
                    info.checksum() == null ? upload.crc32c() : info.checksum().hex();
            if (info.sizeBytes() != upload.sizeBytes() || !crc.equals(upload.crc32c())) {
                String ending = remove(key, info);
                throw errors.unintelligible(
                        call.withoutEffect(),
                        "the content was damaged on its way: sent " + upload.sizeBytes() + " bytes with crc32c "
                                + upload.crc32c() + ", arrived " + info.sizeBytes() + " with " + crc
                                + ending);
            }
        });
    }

    /** Who may add blobs need not be allowed to delete them. */
    private String remove(String key, ObjectInfo damaged) {
        try {
            removal.delete(key, damaged.generation());
            return "; it was removed";
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.DENIED) {
                throw e;
            }
            return "; it still stands, and this caller may not delete it: have the collector or an administrator of the bucket delete "
                    + addresses.printed(key);
        }
    }

    private CreateOutcome insertIfAbsent(Call call, StorageObject metadata, byte[] content) {
        ObjectAddresses.Address address = insertion("multipart", metadata).with("ifGenerationMatch", "0");
        try (Answer answer = insert(call, address, metadata, content)) {
            if (answer.status() == 412) {
                return CreateOutcome.EXISTS;
            }
            if (!answer.isSuccess()) {
                throw errors.refused(call, answer);
            }
            requireIsThat(call, answer.json(StorageObject.class), metadata, content.length);
            return CreateOutcome.CREATED;
        } catch (IOException e) {
            throw errors.broken(call.withEffect(), e, false);
        }
    }

    /** The name is in the metadata too; here whoever sees the request line alone knows what is written. */
    private ObjectAddresses.Address insertion(String uploadType, StorageObject metadata) {
        ObjectAddresses.Address address = addresses
                .upload(uploadType)
                .with("name", metadata.getName())
                .with("fields", "name,generation,size,crc32c");
        return settings.kmsKey() == null ? address : address.with("kmsKeyName", settings.kmsKey());
    }

    private Answer insert(Call call, ObjectAddresses.Address address, StorageObject metadata, byte[] content) {
        metadata.setCrc32c(Crc32c.base64(content));
        MultipartContent body = new MultipartContent(host.newId())
                .setContentParts(List.of(
                        new JsonHttpContent(Answer.JSON, metadata), new ByteArrayContent(CONTENT_TYPE, content)));
        return wire.post(call, address.url(), body, headers -> {});
    }

    /** A success that doesn't name the object that was sent is the answer to something else. */
    private void requireIsThat(Call call, StorageObject stored, StorageObject sent, int sizeBytes) {
        boolean same = sent.getName().equals(stored.getName())
                && stored.getGeneration() != null
                && stored.getSize() != null
                && stored.getSize().longValue() == sizeBytes
                && sent.getCrc32c().equals(stored.getCrc32c());
        if (!same) {
            throw errors.unintelligible(call, "the store answered with success, but not for this object: " + stored);
        }
    }

    private StorageObject metadata(String key) {
        return new StorageObject()
                .setName(addresses.name(key))
                .setContentType(CONTENT_TYPE)
                .setCacheControl(CACHE_CONTROL);
    }
}
