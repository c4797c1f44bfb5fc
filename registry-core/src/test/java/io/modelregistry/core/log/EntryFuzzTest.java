package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.audit.GoldenFiles;
import io.modelregistry.core.environment.Served;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.core.version.VersionStore;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies in an entry's place is refused with the exception that says so, or is an entry: see {@code bin/fuzz}. */
final class EntryFuzzTest {

    static Stream<byte[]> stored() throws IOException {
        Stream<byte[]> examples = Stream.of("valid", "broken", "newer")
                .flatMap(folder -> files(folder).filter(bytes -> bytes.length < 10_000));
        Stream<byte[]> history = GoldenFiles.tree("history/2").entrySet().stream()
                .filter(file -> KeyLayout.stream(file.getKey()).isPresent())
                .map(java.util.Map.Entry::getValue);
        return Stream.concat(examples, history);
    }

    static Stream<byte[]> firstLines() throws IOException {
        return stored().flatMap(bytes -> {
            try {
                return Stream.of(SelfVerifying.open(bytes));
            } catch (MalformedException e) {
                return Stream.of(bytes);
            }
        });
    }

    private static Stream<byte[]> files(String folder) {
        try {
            return GoldenFiles.tree(folder).values().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @MethodSource("stored")
    @FuzzTest
    void anyBytesInAnEntrysPlace(byte[] stored) {
        decode(stored);
    }

    /** With the digest that belongs to it: what gets past the first check. */
    @MethodSource("firstLines")
    @FuzzTest
    void anySealedLineInAnEntrysPlace(byte[] line) {
        decode(SelfVerifying.seal(line));
    }

    /** What entries of each kind of stream say. */
    @MethodSource("firstLines")
    @FuzzTest
    void anyStateOfAnEntry(byte[] line) {
        Json.Obj json;
        try {
            json = JsonFormat.readObject(line);
        } catch (MalformedException e) {
            return;
        }
        Json.Obj state = json.fields().get("state") instanceof Json.Obj inner ? inner : json;
        for (Consumer<Json.Obj> meaning :
                List.<Consumer<Json.Obj>>of(Served::of, Evaluations::measured, EntryFuzzTest::describe)) {
            try {
                meaning.accept(state);
            } catch (MalformedException | InvalidRequestException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void describe(Json.Obj state) {
        Entry like = LogFixture.entry(new StreamName("versions/fraud-detector"), state);
        assertThat(VersionStore.describe(ModelName.of("fraud-detector"), like)
                        .id()
                        .number())
                .isPositive();
    }

    private static void decode(byte[] stored) {
        Place place = Place.of(stored);
        Entry entry;
        try {
            entry = EntryCodec.decode(stored, place.registry(), place.stream(), place.sequence());
        } catch (IntegrityException e) {
            assertThat(e.key()).isEqualTo(KeyLayout.entry(place.stream(), place.sequence()));
            assertThat(e).hasMessageContaining(e.key());
            return;
        } catch (UpgradeRequiredException e) {
            assertThat(e).hasMessageContaining("Upgrade the library");
            return;
        }
        byte[] again;
        try {
            again = EntryCodec.encode(entry);
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageContaining("an entry holds at most");
            return;
        }
        assertThat(EntryCodec.decode(again, place.registry(), place.stream(), place.sequence()))
                .isEqualTo(entry);
    }

    /** The place that an entry claims, so that it isn't refused for standing in another. */
    private record Place(String registry, StreamName stream, long sequence) {
        private static final Place ANY = new Place("1", new StreamName("versions/fraud-detector"), 1);

        static Place of(byte[] stored) {
            try {
                Fields fields = Fields.of(JsonFormat.readObject(SelfVerifying.open(stored)));
                long sequence = fields.number("sequence");
                String key = fields.text("stream") + "/0000000001.json";
                return sequence < 1 || sequence > KeyLayout.MAX_SEQUENCE
                        ? ANY
                        : KeyLayout.stream(key)
                                .map(stream -> new Place(fields.textOr("registry", "1"), stream, sequence))
                                .orElse(ANY);
            } catch (MalformedException e) {
                return ANY;
            }
        }
    }
}
