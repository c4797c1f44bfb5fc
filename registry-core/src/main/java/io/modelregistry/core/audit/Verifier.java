package io.modelregistry.core.audit;

import io.modelregistry.EnvironmentName;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Label;
import io.modelregistry.ModelName;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.audit.Verification;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.environment.Served;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads a whole registry and says what is wrong with it. Used once. */
public final class Verifier {
    private static final int MAX_HINT_BYTES = 1024;

    private final Streams streams;
    private final Supplier<String> identity;
    private final Reviews reviews;
    private final BlobCheck blobs;
    private final NoteCheck notes;
    private final Findings findings = new Findings();
    private final StreamCheck streamCheck;
    private final PolicyCheck policies;

    private final Map<StreamName, SortedSet<Long>> standing = new TreeMap<>();
    /** How far each stream reaches according to entries of others, and the entry that says so. */
    private final Map<StreamName, Citation> cited = new TreeMap<>();

    private final List<ModelVersion> versions = new ArrayList<>();
    private final SortedMap<StreamName, StoredEntry> tips = new TreeMap<>();

    private record Citation(long sequence, String by) {}

    /** @param identity reads the id of the registry that stands in the store now */
    public Verifier(Streams streams, Artifacts artifacts, Progress progress, Supplier<String> identity) {
        this.streams = streams;
        this.identity = identity;
        this.reviews = new Reviews(streams, new PolicyStore(streams, Duration.ZERO));
        this.streamCheck = new StreamCheck(streams, findings);
        this.policies = new PolicyCheck(streams, findings);
        this.notes = new NoteCheck(streams, findings);
        this.blobs = new BlobCheck(streams, artifacts, progress, findings);
    }

    public Verification run() {
        checkIdentity();
        policies.readPolicies();
        listStreams();
        long entries = 0;
        for (Map.Entry<StreamName, SortedSet<Long>> stream : standing.entrySet()) {
            entries += streamCheck.run(stream.getKey(), stream.getValue(), this::visit);
        }
        checkCitations();
        checkHints();
        checkEnvironments();
        checkNames();
        checkModels();
        checkLabels();
        notes.run(tips);
        blobs.run(versions);
        return new Verification(
                standing.size(), entries, versions.size(), blobs.count(), blobs.bytes(), findings.all());
    }

    /** It may have gone, or been replaced, since the registry was opened. */
    private void checkIdentity() {
        try {
            String found = identity.get();
            if (!found.equals(streams.registry())) {
                findings.error(
                        KeyLayout.REGISTRY,
                        "it names the registry " + found + ", but the one that was opened here is " + streams.registry()
                                + ": it was replaced. Restore it from a backup or replica, byte for byte");
            }
        } catch (IntegrityException e) {
            findings.error(KeyLayout.REGISTRY, e);
        } catch (UpgradeRequiredException e) {
            findings.warning(KeyLayout.REGISTRY, "not checked: " + e.getMessage());
        }
    }

    private void listStreams() {
        for (String key : streams.store().listAll("", Depth.ONE)) {
            boolean known = KeyLayout.STREAM_AUTHORITIES.contains(key)
                    || KeyLayout.OTHER_AUTHORITIES.contains(key)
                    || List.of(KeyLayout.REGISTRY, KeyLayout.BLOBS, KeyLayout.HINTS, KeyLayout.PROBE)
                            .contains(key);
            if (!known) {
                findings.warning(key, "it is not part of a registry; nothing reads it");
            }
        }
        for (String authority : KeyLayout.STREAM_AUTHORITIES) {
            for (String key : streams.store().listAll(authority, Depth.ALL)) {
                KeyLayout.stream(key)
                        .ifPresentOrElse(
                                name -> standing.computeIfAbsent(name, n -> new TreeSet<>())
                                        .add(KeyLayout.sequence(name, key).getAsLong()),
                                () -> findings.warning(
                                        key,
                                        "it is not an entry: left by an editor or a synchronising tool? Nothing reads it"));
            }
        }
    }

    private void visit(StoredEntry stored) {
        StreamName name = stored.entry().stream();
        String key = KeyLayout.entry(name, stored.sequence());
        tips.put(name, stored);
        policies.check(stored);
        stored.entry()
                .seen()
                .forEach((stream, sequence) -> cited.merge(
                        new StreamName(stream),
                        new Citation(sequence, key),
                        (a, b) -> a.sequence() >= b.sequence() ? a : b));
        if (name.path().startsWith(KeyLayout.VERSIONS)) {
            try {
                versions.add(VersionStore.describe(ModelName.of(KeyLayout.lastSegment(name.path())), stored.entry()));
            } catch (MalformedException | InvalidRequestException e) {
                findings.error(key, "it does not describe a version: " + e.getMessage());
            }
        }
    }

    private void checkCitations() {
        cited.forEach((stream, citation) -> {
            SortedSet<Long> sequences = standing.getOrDefault(stream, new TreeSet<>());
            if (citation.sequence() > 0
                    && !sequences.contains(citation.sequence())
                    && !stands(stream, citation.sequence())) {
                String key = KeyLayout.entry(stream, citation.sequence());
                findings.error(
                        key,
                        "it is missing, though " + citation.by()
                                + " cites it: it was removed. Restore it from a backup or replica, byte for byte");
            }
        });
    }

    /** Looks again at what wasn't there when the streams were listed: others may be writing. */
    private boolean stands(StreamName stream, long sequence) {
        String key = stream.prefix();
        return sequence > 0
                && sequence <= KeyLayout.MAX_SEQUENCE
                && KeyGrammar.isKey(key.substring(0, key.length() - 1))
                && streams.store()
                        .stat(KeyLayout.entry(stream, sequence), streams.store().deadline())
                        .isPresent();
    }

    private void checkHints() {
        for (String key : streams.store().listAll(KeyLayout.HINTS, Depth.ALL)) {
            if (!KeyGrammar.isKey(key)) {
                findings.warning(key, "it is not a hint; nothing reads it");
                continue;
            }
            try {
                streams.store()
                        .get(key, MAX_HINT_BYTES, streams.store().deadline())
                        .ifPresent(object -> checkHint(key, object.content()));
            } catch (MalformedException e) {
                findings.note(key, "the hint can't be read; readers do without it, the next writer mends it");
            }
        }
    }

    private void checkHint(String key, byte[] content) {
        Fields hint = Fields.of(JsonFormat.readObject(content));
        StreamName stream = new StreamName(hint.text("stream"));
        long sequence = hint.number("sequence");
        SortedSet<Long> sequences = standing.getOrDefault(stream, new TreeSet<>());
        if (!KeyLayout.hint(stream).equals(key)) {
            findings.note(key, "the hint is another stream's; readers do without it, the next writer mends it");
        } else if (sequence > 0 && (sequences.isEmpty() || sequence > sequences.last()) && !stands(stream, sequence)) {
            findings.warning(
                    key,
                    "it says that " + stream + " reaches entry " + sequence
                            + ", which isn't there: the newest entries were removed, or the hint was forged");
        }
    }

    private void checkEnvironments() {
        tips.forEach((name, tip) -> {
            if (!name.path().startsWith(KeyLayout.ENVIRONMENTS)) {
                return;
            }
            String key = KeyLayout.entry(name, tip.sequence());
            try {
                ModelName model = ModelName.of(KeyLayout.lastSegment(name.path()));
                Rollout rollout = tip.decode(entry -> Served.of(entry.state())).current();
                for (Arm arm : rollout == null ? List.<Arm>of() : rollout.arms()) {
                    checkServed(key, new VersionId(model, arm.version()));
                }
            } catch (IntegrityException e) {
                findings.error(key, e);
            } catch (UpgradeRequiredException | InvalidRequestException e) {
                findings.warning(key, "not checked: " + e.getMessage());
            }
        });
    }

    private void checkServed(String key, VersionId version) {
        if (versions.stream().noneMatch(v -> v.id().equals(version))
                && !stands(KeyLayout.versions(version.model()), version.number())) {
            findings.error(key, "it serves " + version + ", which isn't there");
            return;
        }
        LifecycleState state = reviews.judged(version);
        if (state == LifecycleState.RETIRING || state == LifecycleState.RETIRED) {
            findings.warning(
                    key, "it serves " + version + ", which is " + state + ". Promote another version, or withdraw it");
        }
    }

    /** A model is listed by its claim, which every registration writes before its version. */
    private void checkModels() {
        for (StreamName name : standing.keySet()) {
            if (!name.path().startsWith(KeyLayout.VERSIONS)) {
                continue;
            }
            StreamName claim = new StreamName(KeyLayout.MODELS + KeyLayout.lastSegment(name.path()));
            if (!standing.containsKey(claim) && !stands(claim, 1)) {
                findings.error(
                        KeyLayout.entry(claim, 1),
                        "it is missing, though " + name
                                + " stands: the model isn't listed. Restore it from a backup or replica, byte for byte");
            }
        }
    }

    private void checkLabels() {
        for (ModelVersion version : versions) {
            Label label = version.label();
            if (label == null) {
                continue;
            }
            StreamName claim = KeyLayout.label(version.id().model(), label);
            if (!standing.containsKey(claim) && !stands(claim, 1)) {
                findings.warning(
                        KeyLayout.entry(claim, 1),
                        version.id() + " asked for this label, and no version has it: the registration didn't finish,"
                                + " or the entry was removed. Repeating the registration with its request id claims the label");
            }
        }
    }

    private void checkNames() {
        for (StreamName name : standing.keySet()) {
            String[] segments = name.path().split("/", -1);
            try {
                if (segments.length > 1) {
                    ModelName.of(segments[segments[0].equals("environments") ? 2 : 1]);
                }
                if (segments[0].equals("environments")) {
                    EnvironmentName.of(segments[1]);
                }
            } catch (InvalidRequestException e) {
                findings.warning(name.prefix(), "it is not named as a stream is: " + e.getMessage());
            }
        }
    }
}
