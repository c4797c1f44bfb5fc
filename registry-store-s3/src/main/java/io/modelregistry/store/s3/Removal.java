package io.modelregistry.store.s3;

import io.modelregistry.storage.Generation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Deletes objects by generation. On a versioned bucket a generation is a version, and deleting takes every version of the key with it. Elsewhere it is the
 * tag of the content and the time of its writing; a store that looks at {@code If-Match} deletes by the tag alone.
 */
record Removal(S3Port port, Duration timeout) {
    private static final String VERSION = "v:";
    private static final String TAG = "e:";
    private static final int MOST_PAGES = 1_000;

    static Generation generation(S3Port.Facts facts) {
        return new Generation(
                facts.versionId() == null || facts.versionId().equals("null")
                        ? TAG + facts.etag() + "@" + facts.lastModified()
                        : VERSION + facts.versionId());
    }

    void delete(String key, Generation generation) throws S3Failure {
        S3Port.Facts standing;
        try {
            standing = port.head(key, timeout);
        } catch (S3Failure e) {
            if (e.isMissingKey()) {
                return;
            }
            throw e;
        }
        if (!generation(standing).equals(generation)) {
            return;
        }
        if (generation.value().startsWith(VERSION)) {
            deleteVersions(key, generation.value().substring(VERSION.length()));
        } else {
            deleteIfUnchanged(key, standing.etag());
        }
    }

    private void deleteIfUnchanged(String key, String etag) throws S3Failure {
        try {
            port.delete(key, etag, timeout);
        } catch (S3Failure e) {
            if (!e.isMissingKey() && !e.isPreconditionFailed()) {
                throw e;
            }
        }
    }

    private void deleteVersions(String key, String latest) throws S3Failure {
        List<String> versions = versions(key, latest);
        // the newest last: no older one becomes the current one on the way
        Collections.reverse(versions);
        for (String version : versions) {
            port.deleteVersion(key, version, timeout);
        }
    }

    /** All versions and markers of the key, newest first; none if the newest is another than the one to delete. */
    private List<String> versions(String key, String latest) throws S3Failure {
        List<String> versions = new ArrayList<>();
        S3Port.VersionCursor cursor = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            S3Port.VersionsPage answer = port.versions(key, cursor, timeout);
            for (S3Port.VersionedKey each : answer.versions()) {
                if (!each.key().equals(key)) {
                    continue;
                }
                if (each.latest() && !each.versionId().equals(latest)) {
                    return new ArrayList<>();
                }
                if (each.latest()) {
                    versions.add(0, each.versionId());
                } else {
                    versions.add(each.versionId());
                }
            }
            cursor = answer.next();
            if (cursor == null || !cursor.key().equals(key)) {
                break;
            }
        }
        return versions;
    }
}
