package io.modelregistry.store.gcs;

import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import io.modelregistry.storage.Generation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes an object with all that a versioned bucket has kept of it: first what is no longer live, the live one last, so that
 * a delete that broke off is finished by repeating it. A bucket with soft delete keeps deleted objects for its retention time all the
 * same: https://cloud.google.com/storage/docs/soft-delete.
 */
final class ObjectRemoval {
    private static final String DELETE = "storage.objects.delete and storage.objects.list";

    private final ObjectAddresses addresses;
    private final Wire wire;
    private final GcsErrors errors;

    ObjectRemoval(ObjectAddresses addresses, Wire wire, GcsErrors errors) {
        this.addresses = addresses;
        this.wire = wire;
        this.errors = errors;
    }

    void delete(String key, Generation generation) {
        Call call = Call.writing("delete " + key, DELETE, addresses.printed(key));
        String live = null;
        List<String> kept = new ArrayList<>();
        for (StorageObject version : versions(call.withoutEffect(), key)) {
            String name = Long.toString(version.getGeneration());
            if (version.getTimeDeleted() == null) {
                live = name;
            } else {
                kept.add(name);
            }
        }
        if (live != null && !live.equals(generation.value())) {
            return;
        }
        if (live == null && !kept.contains(generation.value())) {
            return;
        }
        for (String version : kept) {
            deleteVersion(call, key, version);
        }
        if (live != null) {
            deleteVersion(call, key, live);
        }
    }

    /** A version that has gone meanwhile is what was wanted. */
    private void deleteVersion(Call call, String key, String generation) {
        String url = addresses.object(key).with("generation", generation).url();
        try (Answer answer = wire.delete(call, url)) {
            if (!answer.isSuccess() && answer.status() != 404 && answer.status() != 412) {
                throw errors.refused(call, answer);
            }
            answer.refusal();
        }
    }

    /** The names that begin with the key come in order, so the key itself comes first. */
    private List<StorageObject> versions(Call call, String key) {
        List<StorageObject> versions = new ArrayList<>();
        String page = null;
        do {
            Objects answer = page(call, key, page);
            page = answer.getNextPageToken();
            if (answer.getItems() == null) {
                continue;
            }
            for (StorageObject item : answer.getItems()) {
                if (!addresses.name(key).equals(item.getName())) {
                    return versions;
                }
                versions.add(item);
            }
        } while (page != null);
        return versions;
    }

    private Objects page(Call call, String key, @Nullable String token) {
        ObjectAddresses.Address address = addresses
                .objects()
                .with("prefix", addresses.name(key))
                .with("versions", "true")
                .with("fields", "items(name,generation,timeDeleted),nextPageToken");
        String url = (token == null ? address : address.with("pageToken", token)).url();
        try (Answer answer = wire.get(call, url)) {
            if (!answer.isSuccess()) {
                throw errors.refused(call, answer);
            }
            return answer.json(Objects.class);
        } catch (IOException e) {
            throw errors.broken(call, e, false);
        }
    }
}
