package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.core.version.Evidence;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which entries of another registry may be cited one after the other. */
class EvidenceTest {
    private static final String STREAM = "assessments/tumor/0000000001";

    @TempDir
    Path cache;

    private String registry;
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void assessThreeTimes() {
        try (Rig rig = new Rig(cache)) {
            ModelRegistry ada = rig.client("ada");
            registry = ada.id();
            ada.model("tumor").register(model("one"));
            for (int i = 1; i <= 3; i++) {
                ada.version("tumor@1").assess(Evaluation.of("board " + i, Metric.higherIsBetter("auc", 0.9)));
                byte[] stored =
                        rig.store.bytes(STREAM + "/000000000" + i + ".json").orElseThrow();
                lines.add(new String(SelfVerifying.open(stored), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void entriesAreCitedFromTheFirstOnAtOnceOrOneByOne() {
        Json.Obj atOnce = Evidence.after(Json.Obj.EMPTY, citing(1, 3));

        Json.Obj oneByOne = Evidence.after(
                Evidence.after(Evidence.after(Json.Obj.EMPTY, citing(1, 1)), citing(2, 2)), citing(3, 3));

        assertThat(oneByOne).isEqualTo(atOnce);
        assertThat(new String(JsonFormat.write(atOnce), StandardCharsets.UTF_8))
                .isEqualTo("{\"cited\":{\"" + STREAM + "\":{\"sequence\":3,\"sha256\":\"" + digest(lines.get(2))
                        + "\"}}}");
    }

    @Test
    void whatWasCitedIsNotCitedAgainAndNothingIsLeftOut() {
        Json.Obj two = Evidence.after(Json.Obj.EMPTY, citing(1, 2));

        assertDoesNotFollow(Json.Obj.EMPTY, citing(2, 2), 2);
        assertDoesNotFollow(Json.Obj.EMPTY, citing(3, 3), 3);
        assertDoesNotFollow(Evidence.after(Json.Obj.EMPTY, citing(1, 1)), citing(3, 3), 3);
        assertDoesNotFollow(two, citing(1, 1), 1);
        assertDoesNotFollow(two, citing(2, 2), 2);
    }

    @Test
    void anEntryOfAnotherHistoryDoesNotFollow() {
        Json.Obj one = Evidence.after(Json.Obj.EMPTY, citing(1, 1));
        String digest = digest(lines.get(0));
        lines.set(1, lines.get(1).replace(digest, "0".repeat(64)));

        assertDoesNotFollow(one, citing(2, 2), 2);
    }

    @Test
    void anEntryThatNamesTheRightPredecessorStandsInTheNextPlace() {
        Json.Obj one = Evidence.after(Json.Obj.EMPTY, citing(1, 1));
        lines.set(2, lines.get(1).replace("\"sequence\":2", "\"sequence\":3"));

        assertDoesNotFollow(one, citing(3, 3), 3);
    }

    @Test
    void whatIsInNoStreamIsNotCited() {
        Json.Obj change = Json.object()
                .put("type", "cite")
                .put(
                        "entries",
                        new Json.Arr(
                                List.of(Json.object().put("stream", "nonsense").build())))
                .build();

        assertThatThrownBy(() -> Evidence.cited(change))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a stream: nonsense");
    }

    private static void assertDoesNotFollow(Json.Obj before, Json.Obj change, int sequence) {
        assertThatThrownBy(() -> Evidence.after(before, change))
                .isInstanceOf(MalformedException.class)
                .hasMessage("it cites entry " + sequence + " of " + STREAM
                        + ", which doesn't follow what was cited before");
    }

    private Json.Obj citing(int from, int to) {
        List<Json> entries = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            entries.add(Json.object()
                    .put("stream", STREAM)
                    .put("sequence", i)
                    .put("line", lines.get(i - 1))
                    .build());
        }
        return Json.object()
                .put("type", "cite")
                .put("registry", registry)
                .put("entries", new Json.Arr(entries))
                .build();
    }

    private static String digest(String line) {
        return Digest.of(SelfVerifying.seal(line.getBytes(StandardCharsets.UTF_8)))
                .hex();
    }
}
