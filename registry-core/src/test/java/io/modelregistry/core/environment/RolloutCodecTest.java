package io.modelregistry.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rollouts that this release reads and carries on, but doesn't make: several arms, audiences, shadows. */
final class RolloutCodecTest {
    @Test
    void armsAudiencesAndModesAreStoredAndReadBack() {
        Arm everybody = new Arm("main", 12, 9_000, Map.of(), Arm.Mode.SERVING);
        Arm some = new Arm("canary", 13, 1_000, Map.of("hospital", List.of("st-mary", "north")), Arm.Mode.SERVING);
        Arm shadow = new Arm("shadow", 14, 0, Map.of(), Arm.Mode.SHADOW);
        Rollout rollout = new Rollout(List.of(everybody, some, shadow), "salt");

        byte[] stored = JsonFormat.write(RolloutCodec.encode(rollout));

        assertThat(new String(stored, StandardCharsets.UTF_8))
                .isEqualTo("{\"arms\":[{\"id\":\"main\",\"version\":12,\"weight\":9000,\"mode\":\"serving\"},"
                        + "{\"id\":\"canary\",\"version\":13,\"weight\":1000,"
                        + "\"audience\":{\"hospital\":[\"st-mary\",\"north\"]},\"mode\":\"serving\"},"
                        + "{\"id\":\"shadow\",\"version\":14,\"weight\":0,\"mode\":\"shadow\"}],\"salt\":\"salt\"}");
        assertThat(RolloutCodec.decode(Fields.of(JsonFormat.readObject(stored))))
                .isEqualTo(rollout);
    }
}
