package io.modelregistry.core.version;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Label;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelName;
import io.modelregistry.NotFoundException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.artifact.PreparedArtifact;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.offline.LastKnown;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Registers versions and reads them: the streams {@code models/} and {@code versions/}. Thread-safe. */
public final class VersionStore {
    private static final int MOST_CACHED = 1_000;
    /** So many are read side by side. */
    private static final int BATCH = 16;

    /** Room for the requests a stream remembers, and the rest of an entry. */
    static final int ENVELOPE_BYTES = 64 * 1024;

    /** A registration that asked longer ago whether the model is archived asks again. */
    private static final Duration ARCHIVE_NOTICED = Duration.ofSeconds(30);

    private final Streams streams;
    private final Artifacts artifacts;
    private final PolicyStore policies;
    private final Labels labels;
    private final LastKnown lastKnown;
    private final Map<VersionId, Known> cache = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<VersionId, Known> eldest) {
            return size() > MOST_CACHED;
        }
    };

    /** A version and the entry that it is. */
    private record Known(ModelVersion version, StoredEntry entry) {}

    public VersionStore(Streams streams, Artifacts artifacts, PolicyStore policies, LastKnown lastKnown) {
        this.lastKnown = lastKnown;
        this.streams = streams;
        this.policies = policies;
        this.artifacts = artifacts;
        this.labels = new Labels(streams);
    }

    public Labels labels() {
        return labels;
    }

    /** Files first, the entry that names them last: a version that is visible is complete. */
    public ModelVersion register(ModelName model, Registration registration, Actor actor) {
        PreparedArtifact prepared = artifacts.prepare(registration);
        Json.Obj payload = VersionCodec.payload(registration, prepared.artifact());
        byte[] stored = JsonFormat.write(payload);
        checkSize(model, stored.length);
        Operation operation = new Operation(
                Json.object()
                        .put("type", "register")
                        .put("payload", Digest.of(stored).hex())
                        .build(),
                actor,
                registration.reason().orElse(""),
                registration.request().orElse(null));
        streams.guard().check(operation);
        new RecordedTexts(streams.guard()).check(registration, prepared.artifact());
        EventLog log = streams.log(KeyLayout.versions(model));
        // a request may have been carried out by another process
        Tip before =
                registration.request().isPresent() ? log.read() : log.cached().orElseGet(log::read);
        Optional<StoredEntry> earlier = log.earlier(operation); // Label: Register
        if (earlier.isPresent()) {
            return finish(model, registration, earlier.get(), actor);
        }
        Rulebook book = policies.require(actor, Role.CONTRIBUTOR, "Cannot register a version of " + model);
        registration.label().ifPresent(label -> labels.checkFree(model, label));
        Map<String, Long> seen = parents(registration);
        book.cite(seen);
        claim(model, actor);
        artifacts.upload(model, prepared, digests(model, before), List.of(log::pinTip));
        // Label: AppendVersion
        Tip tip = log.append(
                operation,
                List.of(),
                on -> Optional.of(new Draft(VersionCodec.state(on.sequence() + 1, payload), seen)));
        return finish(model, registration, Objects.requireNonNull(tip.newest()), actor);
    }

    public Optional<ModelVersion> find(VersionId id) {
        synchronized (cache) {
            Known cached = cache.get(id);
            if (cached != null) {
                return Optional.of(cached.version());
            }
        }
        if (id.number() > KeyLayout.MAX_SEQUENCE) {
            return Optional.empty();
        }
        StreamName stream = KeyLayout.versions(id.model());
        long reached = streams.reached(stream);
        Optional<ModelVersion> found;
        try {
            found = streams.log(stream).entry(id.number()).map(stored -> decode(id.model(), stored));
        } catch (StoreUnavailableException e) {
            // not for the cache: once the store answers, it is what counts
            return Optional.of(lastKnown
                    .entry(stream, id.number())
                    .map(stored -> stored.decode(entry -> VersionCodec.decode(id.model(), entry)))
                    .orElseThrow(() -> e));
        }
        if (found.isEmpty()) {
            // another stream may cite it: then it is gone rather than unknown
            streams.checkReaches(stream, id.number() - 1, reached);
        }
        return found;
    }

    /** Keeps the record on this machine, for the time when the store is away. */
    public void keep(VersionId id) {
        Known known;
        synchronized (cache) {
            known = cache.get(id);
        }
        if (known != null) {
            lastKnown.keep(known.entry());
        }
    }

    public ModelVersion require(VersionId id) {
        return find(id).orElseGet(() -> decode(id.model(), requireAgain(id)));
    }

    /** What wasn't there is gone if a later version stands, and otherwise not registered yet, or only since then. */
    private StoredEntry requireAgain(VersionId id) {
        EventLog log = streams.log(KeyLayout.versions(id.model()));
        long latest = log.read().sequence();
        if (id.number() > latest) {
            throw NotFoundException.version(id, latest);
        }
        return log.require(id.number(), latest);
    }

    /**
     * Claims the label that a version asked for, if whoever registered it didn't come to that.
     *
     * @return whether there was something to do
     */
    public boolean claimLabel(ModelVersion version, Actor actor) {
        return version.label() != null && labels.claim(version.id(), version.label(), actor);
    }

    /** The digest of a version's entry; asks the store. */
    public Digest entry(VersionId id) {
        return streams.log(KeyLayout.versions(id.model()))
                .entry(id.number())
                .orElseGet(() -> requireAgain(id))
                .digest();
    }

    /** The newest version's number; 0 when there is none. Asks the store. */
    public long latest(ModelName model) {
        return streams.log(KeyLayout.versions(model)).read().sequence();
    }

    /** The newest version; asks the store. */
    public Optional<ModelVersion> newest(ModelName model) {
        Tip tip = streams.log(KeyLayout.versions(model)).read();
        return Optional.ofNullable(tip.newest()).map(stored -> decode(model, stored));
    }

    /** All versions from the first on. Asks the store for the newest at once, for each other one when the stream comes to it. */
    public Stream<ModelVersion> all(ModelName model) {
        Tip tip = streams.log(KeyLayout.versions(model)).read();
        return LongStream.rangeClosed(1, tip.sequence())
                .mapToObj(number -> number == tip.sequence()
                        ? decode(model, Objects.requireNonNull(tip.newest()))
                        : require(new VersionId(model, number)));
    }

    /** The newest version whose manifest has this digest. */
    public Optional<ModelVersion> withManifest(ModelName model, Digest manifest) {
        return newest(model, version -> version.artifact().manifest().equals(manifest));
    }

    /** The newest of the versions that are wanted; reads side by side those that this process doesn't know. */
    public Optional<ModelVersion> newest(ModelName model, Predicate<ModelVersion> wanted) {
        for (long to = latest(model); to > 0; to -= BATCH) {
            List<Callable<ModelVersion>> reads = new ArrayList<>();
            for (long number = to; number > Math.max(0, to - BATCH); number--) {
                VersionId id = new VersionId(model, number);
                reads.add(() -> require(id));
            }
            Optional<ModelVersion> found =
                    streams.parallel().call(reads).stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The version that an entry of {@code versions/} describes; {@link MalformedException} when it describes none. */
    public static ModelVersion describe(ModelName model, Entry entry) {
        return VersionCodec.decode(model, entry);
    }

    private ModelVersion decode(ModelName model, StoredEntry stored) {
        ModelVersion version = stored.decode(entry -> VersionCodec.decode(model, entry));
        synchronized (cache) {
            cache.put(version.id(), new Known(version, stored));
        }
        return version;
    }

    private ModelVersion finish(ModelName model, Registration registration, StoredEntry written, Actor actor) {
        ModelVersion version = decode(model, written);
        registration.label().ifPresent(label -> {
            try {
                labels.claim(version.id(), label, actor);
            } catch (LabelTakenException e) {
                throw e;
            } catch (RegistryException e) {
                throw labelUnknown(version, label, written, e);
            }
        });
        return version;
    }

    /** The version stands, so nothing may say that nothing was written. To everybody else it is Label: Die, and the claim may still Label: Arrive. */
    private static OutcomeUnknownException labelUnknown(
            ModelVersion version, Label label, StoredEntry written, RegistryException cause) {
        Entry entry = written.entry();
        return new OutcomeUnknownException(
                version.id() + " is registered; whether the label " + label
                        + " names it is not known, because its claim failed (see "
                        + KeyLayout.label(version.id().model(), label) + " and the cause)"
                        + (entry.request() == null
                                ? ". Don't register it again: it has no request id"
                                : ". Repeat the registration with the request id " + entry.request()
                                        + " to claim the label"),
                new OutcomeToken(entry.stream().path(), entry.sequence(), entry.commit(), entry.request()),
                cause);
    }

    /** Refused here, before anything is uploaded; the entry's other fields take little. */
    private static void checkSize(ModelName model, int payloadBytes) {
        if (payloadBytes > EntryCodec.MAX_BYTES - ENVELOPE_BYTES) {
            throw new InvalidRequestException("The record of a new version of " + model + " takes " + payloadBytes
                    + " bytes; at most " + (EntryCodec.MAX_BYTES - ENVELOPE_BYTES)
                    + " are kept. Put long texts and tables into a file of the artifact. Nothing was written");
        }
    }

    /** The first registration claims the model's name, so that lists of models are short. Later ones look whether it is archived. */
    private void claim(ModelName model, Actor actor) {
        EventLog log = streams.log(KeyLayout.model(model));
        Tip tip = log.cached()
                .filter(known -> log.sinceConfirmed().compareTo(ARCHIVE_NOTICED) < 0)
                .filter(known -> !known.decode(Models::isArchived)) // what is refused is refused by what stands
                .orElseGet(log::read);
        if (tip.sequence() > 0) {
            Models.checkNotArchived(model, tip);
            return;
        }
        Json.Obj change = Json.object().put("type", "claim").build();
        try {
            log.append(
                    new Operation(change, actor, "first registration", null),
                    List.of(),
                    on -> on.sequence() > 0
                            ? Optional.empty()
                            : Optional.of(new Draft(
                                    Json.object().put("model", model.value()).build(), Map.of())));
        } catch (OutcomeUnknownException e) {
            // its token would tell of the name, and be taken for the version
            throw new StoreUnavailableException(
                    "No version of " + model
                            + " was registered; whether its name is claimed is not known (see " + log.name()
                            + " and the cause), and doesn't"
                            + " matter. Register it again",
                    e);
        }
    }

    private Map<String, Long> parents(Registration registration) {
        Map<String, Long> seen = new TreeMap<>();
        for (VersionId parent : registration.provenance().parents()) {
            require(parent);
            seen.merge(KeyLayout.versions(parent.model()).path(), parent.number(), Math::max);
        }
        return seen;
    }

    /** The blobs of the newest version known: a new version often has most of its files in common with it. */
    private Set<Digest> digests(ModelName model, Tip tip) {
        Set<Digest> digests = new HashSet<>();
        StoredEntry newest = tip.newest();
        if (newest != null) {
            ModelVersion version = decode(model, newest);
            digests.add(version.artifact().manifest());
            version.artifact().files().stream().map(ArtifactFile::digest).forEach(digests::add);
        }
        return digests;
    }
}
