package io.modelregistry.core.log;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.RequestId;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The stored form of an entry: one line of JSON, then {@code sha256:} and the digest of that line, so that every entry verifies itself. The bytes
 * are hashed as they are stored, never re-serialised.
 */
public final class EntryCodec {
    /** The format this release writes, and the newest it reads. */
    public static final long FORMAT = 1;

    /** An entry is refused before it is written when it is larger. */
    public static final int MAX_BYTES = 1 << 20;

    private EntryCodec() {}

    /** @throws InvalidRequestException when the entry is larger than {@link #MAX_BYTES} */
    public static byte[] encode(Entry entry) {
        Json.Obj json = Json.object()
                .put("format", FORMAT)
                .put("registry", entry.registry())
                .put("stream", entry.stream().path())
                .put("origin", entry.origin())
                .put("sequence", entry.sequence())
                .put("previous", previous(entry))
                .put("commit", entry.commit())
                .optional(
                        "request",
                        entry.request() == null ? null : entry.request().value())
                .put("time", entry.time().toString())
                .put("actor", Json.object().put("id", entry.actor().id()).build())
                .put("reason", entry.reason())
                .put("seen", Json.object(entry.seen(), Json::of))
                .put("change", entry.change())
                .put("state", entry.state())
                .put("recent", Json.array(entry.recent(), EntryCodec::recent))
                .put("requires", Json.array(entry.requires(), Json::of))
                .put("writer", entry.writer())
                .build();
        byte[] content = SelfVerifying.seal(JsonFormat.write(json));
        if (content.length > MAX_BYTES) {
            throw new InvalidRequestException("The change to " + entry.stream() + " takes " + content.length
                    + " bytes; an entry holds at most " + MAX_BYTES
                    + ". Put long texts and tables into a file of the artifact. Nothing was written");
        }
        return content;
    }

    /**
     * Reads an entry and checks that it is whole and belongs where it was found.
     *
     * @throws IntegrityException when it doesn't
     * @throws UpgradeRequiredException when a newer release wrote something that must be understood
     */
    public static Entry decode(byte[] content, String registry, StreamName stream, long sequence) {
        String key = KeyLayout.entry(stream, sequence);
        try {
            Fields fields = Fields.of(JsonFormat.readObject(SelfVerifying.open(content)));
            checkFormat(key, fields);
            Entry entry = decode(fields);
            checkPlace(entry, registry, stream, sequence);
            return entry;
        } catch (MalformedException | InvalidRequestException | DateTimeException e) {
            throw new IntegrityException(
                    Damage.CORRUPT_ENTRY,
                    key,
                    "The entry " + key + " is damaged: " + e.getMessage()
                            + ". Restore this key from a backup or replica, byte for byte; nothing is written on top of it",
                    e);
        }
    }

    private static Entry decode(Fields fields) {
        Fields previous = fields.objectOrNull("previous");
        String request = fields.textOrNull("request");
        return new Entry(
                fields.text("registry"),
                new StreamName(fields.text("stream")),
                fields.text("origin"),
                fields.number("sequence"),
                previous == null
                        ? null
                        : new Entry.Previous(
                                new Digest(previous.text("sha256")), Instant.parse(previous.text("storedAt"))),
                fields.text("commit"),
                request == null ? null : RequestId.of(request),
                Instant.parse(fields.text("time")),
                Actor.of(fields.object("actor").text("id")),
                fields.text("reason"),
                seen(fields),
                fields.object("change").json(),
                fields.object("state").json(),
                fields.elements("recent").stream().map(EntryCodec::recent).toList(),
                fields.texts("requires"),
                fields.text("writer"));
    }

    /** Positions are made into keys: a number that no entry can have must not get that far. */
    private static Map<String, Long> seen(Fields fields) {
        Map<String, Long> seen = fields.numberMap("seen");
        seen.forEach((stream, sequence) -> {
            if (sequence < 0 || sequence > KeyLayout.MAX_SEQUENCE) {
                throw new MalformedException("seen is " + sequence + " for " + stream);
            }
        });
        return seen;
    }

    private static void checkFormat(String key, Fields fields) {
        long format = fields.number("format");
        if (format < 1) {
            throw new MalformedException("its format is " + format);
        }
        if (format > FORMAT) {
            throw new UpgradeRequiredException("The entry " + key + " has format " + format + ", written by "
                    + fields.textOr("writer", "a newer release") + "; this release reads up to format " + FORMAT
                    + ". Upgrade the library");
        }
        List<String> unknown = fields.texts("requires");
        if (!unknown.isEmpty()) {
            throw new UpgradeRequiredException("The entry " + key + ", written by "
                    + fields.textOr("writer", "a newer release") + ", requires " + unknown
                    + ", which this release doesn't know. Upgrade the library");
        }
    }

    private static void checkPlace(Entry entry, String registry, StreamName stream, long sequence) {
        if (!entry.registry().equals(registry)) {
            throw misplaced("registry " + entry.registry(), "registry " + registry);
        }
        if (!entry.stream().equals(stream) || entry.sequence() != sequence) {
            throw misplaced(entry.stream() + "#" + entry.sequence(), stream + "#" + sequence);
        }
        if ((sequence == 1) != (entry.previous() == null)) {
            throw new MalformedException("entry 1, and only entry 1, has no predecessor");
        }
        if (sequence == 1 && !entry.origin().equals(entry.commit())) {
            throw new MalformedException("the origin of entry 1 is not its own commit");
        }
    }

    private static MalformedException misplaced(String found, String expected) {
        return new MalformedException(
                "it was written as an entry of " + found + " and stands in the place of " + expected);
    }

    private static Json previous(Entry entry) {
        Entry.Previous previous = entry.previous();
        return previous == null
                ? new Json.Nil()
                : Json.object()
                        .put("sha256", previous.digest().hex())
                        .put("storedAt", previous.storedAt().toString())
                        .build();
    }

    private static Json recent(Entry.RecentRequest recent) {
        return new Json.Arr(List.of(
                Json.of(recent.request().value()),
                Json.of(recent.sequence()),
                Json.of(recent.change().hex())));
    }

    private static Entry.RecentRequest recent(Json json) {
        if (json instanceof Json.Arr array
                && array.elements().size() == 3
                && array.elements().get(0) instanceof Json.Str request
                && array.elements().get(1) instanceof Json.Num sequence
                && array.elements().get(2) instanceof Json.Str change
                && sequence.text().matches("[1-9][0-9]{0,9}")) {
            return new Entry.RecentRequest(
                    RequestId.of(request.value()), Long.parseLong(sequence.text()), new Digest(change.value()));
        }
        throw new MalformedException("recent holds something else than [request, sequence, sha256]");
    }
}
