package io.modelregistry.core.version;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.RequestId;
import io.modelregistry.TextValidator.Kind;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Fields;
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
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.version.Citation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was submitted, judged and assessed of a version in another registry, cited in the stream {@code evaluations/} of its copy: word for word, so that whoever
 * can't reach the other registry can read it, and whoever can may compare. Nothing here counts for a rule: authority isn't copied. Thread-safe.
 */
public final class Evidence {
    static final String CITE = "cite";
    private static final String CITED = "cited";
    private static final String ENTRIES = "entries";
    private static final String REGISTRY = "registry";
    /** Bytes of an entry that hold what is cited and the state that is carried on. */
    private static final int MOST_BYTES = EntryCodec.MAX_BYTES - VersionStore.ENVELOPE_BYTES;

    private final Streams streams;
    private final PolicyStore policies;

    public Evidence(Streams streams, PolicyStore policies) {
        this.streams = streams;
        this.policies = policies;
    }

    /** The streams of a version that hold evidence, each with what it has come to. */
    private static List<StreamName> streams(VersionId version) {
        return List.of(KeyLayout.assessments(version), KeyLayout.submissions(version), KeyLayout.reviews(version));
    }

    /** Everything of a version that stands there, word for word, with its chain checked. */
    public List<CitedEntry> collect(VersionId version) {
        List<CitedEntry> found = new ArrayList<>();
        for (StreamName name : streams(version)) {
            EventLog log = streams.log(name);
            for (StoredEntry stored : log.entries(1, log.read().sequence())) {
                long sequence = stored.sequence();
                String key = KeyLayout.entry(name, sequence);
                byte[] content = streams.store()
                        .get(key, EntryCodec.MAX_BYTES, streams.store().deadline())
                        .orElseThrow(() -> new IntegrityException(
                                IntegrityException.Damage.MISSING_ENTRY,
                                key,
                                "The entry " + key + " was removed",
                                null))
                        .content();
                if (!Digest.of(content).equals(stored.digest())) {
                    throw new IntegrityException(
                            IntegrityException.Damage.CORRUPT_ENTRY,
                            key,
                            "The entry " + key + " was read as one thing and as another. Copy again; if that happens"
                                    + " again, restore it from a backup or replica",
                            null);
                }
                found.add(CitedEntry.of(name, sequence, content));
            }
        }
        return found;
    }

    /** What isn't cited yet; asks the store. Refuses what a validator objects to. */
    public List<CitedEntry> missing(VersionId copy, Citation origin, List<CitedEntry> evidence) {
        evidence.forEach(cited -> guard(cited.entry(origin.registry())));
        return beyond(streams.log(KeyLayout.evaluations(copy)).read(), evidence);
    }

    /**
     * Adds as many as fit into one entry: one at least, unless somebody else did meanwhile.
     *
     * @param missing not empty
     * @return those that are missing still
     */
    public List<CitedEntry> cite(
            VersionId copy, Citation origin, List<CitedEntry> missing, String reason, Actor actor) {
        EventLog log = streams.log(KeyLayout.evaluations(copy));
        Map<String, Long> seen = new TreeMap<>();
        seen.put(KeyLayout.versions(copy.model()).path(), copy.number());
        policies.require(actor, Role.CONTRIBUTOR, "Cannot cite evidence for " + copy)
                .cite(seen);
        Tip before = log.cached().orElseGet(log::read);
        return beyond(append(log, origin, firstThatFit(before, missing), seen, reason, actor), missing);
    }

    /** Those that aren't cited yet. */
    private static List<CitedEntry> beyond(Tip tip, List<CitedEntry> entries) {
        Map<String, Long> standing = tip.decode(Evidence::positions);
        return entries.stream()
                .filter(entry ->
                        entry.sequence() > standing.getOrDefault(entry.stream().path(), 0L))
                .toList();
    }

    /** The same texts are refused here that would be refused if they were given here. */
    private void guard(Entry entry) {
        streams.guard().check(Kind.ACTOR, entry.actor().id());
        streams.guard().check(Kind.REASON, entry.reason());
    }

    private static List<CitedEntry> firstThatFit(Tip tip, List<CitedEntry> entries) {
        List<CitedEntry> some = new ArrayList<>();
        int bytes = JsonFormat.write(tip.state()).length;
        for (CitedEntry entry : entries) {
            bytes += JsonFormat.write(entry.encode()).length;
            if (!some.isEmpty() && bytes > MOST_BYTES) {
                break;
            }
            some.add(entry);
        }
        return some;
    }

    /** Nothing is appended when somebody else has cited some of them by now: then the others are to be cited alone. */
    private static Tip append(
            EventLog log, Citation origin, List<CitedEntry> some, Map<String, Long> seen, String reason, Actor actor) {
        Json.Obj change = Json.object()
                .put("type", CITE)
                .put(REGISTRY, origin.registry())
                .put(ENTRIES, Json.array(some, CitedEntry::encode))
                .build();
        StringBuilder digests = new StringBuilder();
        some.forEach(entry -> digests.append(entry.digest()));
        RequestId request = RequestId.of("cite/"
                + Digest.of(digests.toString().getBytes(StandardCharsets.UTF_8)).hex());
        return log.append(new Operation(change, actor, reason, request), List.of(), tip -> {
            boolean known = beyond(tip, some).size() < some.size();
            return known ? Optional.empty() : Optional.of(new Draft(after(log.name(), tip, change), seen));
        });
    }

    private static Json.Obj after(StreamName stream, Tip tip, Json.Obj change) {
        try {
            return after(tip.state(), change);
        } catch (MalformedException e) {
            throw new IntegrityException(
                    IntegrityException.Damage.TAMPERED,
                    KeyLayout.entry(stream, tip.sequence()),
                    "What the other registry says now isn't what " + tip.revision() + " cites of it: " + e.getMessage()
                            + ". Find out whether its entries were replaced; nothing was written",
                    e);
        }
    }

    /** Up to where each stream of the other registry is cited. */
    static Map<String, Long> positions(Json.Obj state) {
        Map<String, Long> positions = new TreeMap<>();
        tips(state).forEach((stream, tip) -> positions.put(stream, tip.sequence()));
        return positions;
    }

    /** The newest entry cited of each stream. */
    private record Cited(long sequence, String digest) {}

    private static Map<String, Cited> tips(Json.Obj state) {
        Map<String, Cited> tips = new TreeMap<>();
        Fields cited = Fields.of(state).objectOrNull(CITED);
        if (cited != null) {
            for (String stream : cited.json().fields().keySet()) {
                Fields tip = cited.object(stream);
                tips.put(stream, new Cited(tip.number("sequence"), tip.text("sha256")));
            }
        }
        return tips;
    }

    /**
     * What a citation makes of a state.
     *
     * @throws MalformedException when the entries cited aren't those that follow what was cited before
     */
    public static Json.Obj after(Json.Obj before, Json.Obj change) {
        Map<String, Cited> tips = tips(before);
        for (CitedEntry next : cited(change)) {
            Entry entry = next.entry(Fields.of(change).text(REGISTRY));
            Cited last = tips.get(next.stream().path());
            Entry.Previous previous = entry.previous();
            // entry 1, and only entry 1, has no predecessor
            boolean follows = previous == null
                    ? last == null
                    : last != null
                            && next.sequence() == last.sequence() + 1
                            && previous.digest().hex().equals(last.digest());
            if (!follows) {
                throw new MalformedException("it cites entry " + next.sequence() + " of " + next.stream()
                        + ", which doesn't follow what was cited before");
            }
            tips.put(
                    next.stream().path(),
                    new Cited(next.sequence(), next.digest().hex()));
        }
        Json cited = Json.object(
                tips,
                tip -> Json.object()
                        .put("sequence", tip.sequence())
                        .put("sha256", tip.digest())
                        .build());
        return Json.object()
                .optional("metrics", before.fields().get("metrics"), metrics -> metrics)
                .put(CITED, cited)
                .keep(before.fields())
                .build();
    }

    /** The entries that a change cites; none for another change. */
    public static List<CitedEntry> cited(Json.Obj change) {
        Fields fields = Fields.of(change);
        return CITE.equals(fields.textOr("type", "")) ? fields.objects(ENTRIES, CitedEntry::decode) : List.of();
    }

    /** All that is cited for a version, in the order in which it was. */
    public List<CitedEntry> of(VersionId copy) {
        EventLog log = streams.log(KeyLayout.evaluations(copy));
        return log.entries(1, log.read().sequence()).stream()
                .flatMap(stored -> stored.decode(entry -> cited(entry.change())).stream())
                .toList();
    }
}
