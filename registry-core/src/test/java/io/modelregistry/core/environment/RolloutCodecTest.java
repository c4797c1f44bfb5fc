package io.modelregistry.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.RampStep;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Share;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rollouts that this release reads and carries on, but doesn't make: several arms, audiences, shadows. */
final class RolloutCodecTest {
    @Test
    void armsAudiencesAndModesAreStoredAndReadBack() {
        Arm everybody = Arm.of("main", 12, Share.percent(88));
        Arm some = Arm.of("canary", 13, Share.percent(10)).audience("hospital", "st-mary", "north");
        Arm shadow = Arm.shadow("shadow", 14);
        Arm held = Arm.holdout("held", 12, Share.percent(2));
        Rollout rollout = new Rollout(
                List.of(everybody, some, shadow, held),
                "salt",
                List.of(
                        new RampStep(Share.percent(25), Instant.parse("2026-12-01T06:00:00Z")),
                        new RampStep(Share.percent(98), Instant.parse("2026-12-02T06:00:00Z"))),
                new Experiment("dose-7", "fewer readmissions", "readmission-30d"));

        byte[] stored = JsonFormat.write(RolloutCodec.encode(rollout));

        assertThat(new String(stored, StandardCharsets.UTF_8))
                .isEqualTo("{\"arms\":[{\"id\":\"main\",\"version\":12,\"weight\":8800,\"mode\":\"serving\"},"
                        + "{\"id\":\"canary\",\"version\":13,\"weight\":1000,"
                        + "\"audience\":{\"hospital\":[\"st-mary\",\"north\"]},\"mode\":\"serving\"},"
                        + "{\"id\":\"shadow\",\"version\":14,\"weight\":0,\"mode\":\"shadow\"},"
                        + "{\"id\":\"held\",\"version\":12,\"weight\":200,\"mode\":\"holdout\"}],\"salt\":\"salt\","
                        + "\"steps\":[{\"weight\":2500,\"at\":\"2026-12-01T06:00:00Z\"},"
                        + "{\"weight\":9800,\"at\":\"2026-12-02T06:00:00Z\"}],"
                        + "\"experiment\":{\"id\":\"dose-7\",\"hypothesis\":\"fewer readmissions\","
                        + "\"outcome\":\"readmission-30d\"}}");
        assertThat(RolloutCodec.decode(Fields.of(JsonFormat.readObject(stored))))
                .isEqualTo(rollout);
    }

    @Test
    void aWeightThatIsNoShareIsMalformedHoweverLarge() {
        for (String weight : List.of("-1", "10001", "4294967301")) {
            byte[] stored = ("{\"arms\":[{\"id\":\"main\",\"version\":12,\"weight\":" + weight
                            + ",\"mode\":\"serving\"}],\"salt\":\"\"}")
                    .getBytes(StandardCharsets.UTF_8);

            assertThatThrownBy(() -> RolloutCodec.decode(Fields.of(JsonFormat.readObject(stored))))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("weight is not from 0 to 10000");
        }
    }
}
