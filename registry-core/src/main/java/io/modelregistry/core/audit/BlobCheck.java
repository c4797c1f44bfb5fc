package io.modelregistry.core.audit;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.artifact.ProgressMeter;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Streams;
import io.modelregistry.storage.Depth;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads every blob that a version names and recomputes its digest. Used once. */
final class BlobCheck {
    private final Streams streams;
    private final Artifacts artifacts;
    private final Progress progress;
    private final Findings findings;
    private final Set<String> manifests = new HashSet<>();
    private long count;
    private long bytes;

    BlobCheck(Streams streams, Artifacts artifacts, Progress progress, Findings findings) {
        this.streams = streams;
        this.artifacts = artifacts;
        this.progress = progress;
        this.findings = findings;
    }

    long count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    void run(List<ModelVersion> versions) {
        Map<ModelName, Map<Digest, Long>> named = new TreeMap<>();
        for (ModelVersion version : versions) {
            Map<Digest, Long> blobs = named.computeIfAbsent(version.id().model(), m -> new HashMap<>());
            name(version, blobs);
        }
        long total = named.values().stream()
                .flatMap(m -> m.values().stream())
                .mapToLong(Long::longValue)
                .sum();
        ProgressMeter meter = new ProgressMeter(progress, Progress.Phase.VERIFY, total);
        named.forEach((model, blobs) -> blobs.forEach((digest, size) -> check(model, digest, size, meter)));
        meter.finish();
        checkUnnamed(named);
    }

    private void name(ModelVersion version, Map<Digest, Long> blobs) {
        ModelName model = version.id().model();
        String key = KeyLayout.blob(model, version.artifact().manifest());
        try {
            artifacts
                    .verifyManifest(model, version.artifact())
                    .forEach(file -> blobs.put(file.digest(), file.sizeBytes()));
        } catch (UpgradeRequiredException e) {
            findings.warning(key, "not checked: " + e.getMessage());
        } catch (IntegrityException e) {
            findings.error(key, e);
        }
        version.artifact().files().forEach(file -> blobs.put(file.digest(), file.sizeBytes()));
        manifests.add(key);
        count++;
    }

    private void check(ModelName model, Digest digest, long size, ProgressMeter meter) {
        String key = KeyLayout.blob(model, digest);
        try {
            artifacts.verifyBlob(model, digest, size);
        } catch (IntegrityException e) {
            findings.error(key, e);
        }
        count++;
        bytes += size;
        meter.add(key, size);
    }

    private void checkUnnamed(Map<ModelName, Map<Digest, Long>> named) {
        for (String key : streams.store().listAll(KeyLayout.BLOBS, Depth.ALL)) {
            String[] segments = key.split("/", -1);
            if (segments.length != 4) {
                findings.warning(key, "it is not named as a blob is; nothing reads it");
                continue;
            }
            try {
                boolean known =
                        named.getOrDefault(ModelName.of(segments[1]), Map.of()).containsKey(new Digest(segments[3]));
                if (!known && !manifests.contains(key)) {
                    findings.note(
                            key,
                            "no version names this blob: a registration didn't finish. It is used again if the same file is registered");
                }
            } catch (InvalidRequestException e) {
                findings.warning(key, "it is not named as a blob is; nothing reads it");
            }
        }
    }
}
