package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Model;
import io.modelregistry.NotFoundException;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last value that is taken, and the first that isn't. */
class LimitsTest {
    private static final int LARGEST_RECORD = EntryCodec.MAX_BYTES - 64 * 1024;

    @TempDir
    Path cache;

    private Rig rig;
    private Model tumor;

    @BeforeEach
    void makeRig() {
        rig = new Rig(cache);
        tumor = rig.client("ada").model("tumor");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void aRecordIsTakenUpToItsLastByte() {
        String refusal = catchThrowable(() -> tumor.register(record(1_000))).getMessage();
        Matcher size = Pattern.compile("takes (\\d+) bytes").matcher(refusal);
        assertThat(size.find()).isTrue();
        int spare = Integer.parseInt(size.group(1)) - LARGEST_RECORD;
        assertThat(spare).isBetween(1, 999);

        assertThatThrownBy(() -> tumor.register(record(1_000 - spare + 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The record of a new version of tumor takes " + (LARGEST_RECORD + 1)
                        + " bytes; at most " + LARGEST_RECORD + " are kept");
        assertThat(rig.store.keys()).containsExactly("registry.json");
        ModelVersion version = tumor.register(record(1_000 - spare));

        assertThat(rig.client("ben").version("tumor@1").require()).isEqualTo(version);
    }

    @Test
    void theLastVersionThatHasANumberIsFound() {
        tumor.register(model("one"));
        String entry =
                new String(rig.store.bytes("versions/tumor/0000000001.json").orElseThrow(), StandardCharsets.UTF_8);
        String last = entry.substring(0, entry.indexOf('\n'))
                .replace("\"sequence\":1,", "\"sequence\":9999999999,")
                .replace("\"version\":1,", "\"version\":9999999999,")
                .replace(
                        "\"previous\":null",
                        "\"previous\":{\"sha256\":\"" + "0".repeat(64) + "\",\"storedAt\":\"2026-01-01T00:00:00Z\"}");
        rig.store.put("versions/tumor/9999999999.json", SelfVerifying.seal(last.getBytes(StandardCharsets.UTF_8)));
        Model bens = rig.client("ben").model("tumor");

        assertThat(bens.version(9_999_999_999L).find())
                .hasValueSatisfying(found -> assertThat(found.number()).isEqualTo(9_999_999_999L));
        assertThat(bens.version(10_000_000_000L).find()).isEmpty();
        assertThatThrownBy(() -> bens.version(10_000_000_000L).require()).isInstanceOf(NotFoundException.class);
    }

    /** A registration whose record is about as large as it may be. */
    private static Registration record(int tail) {
        Registration registration = model("one").parameter("filler", "x".repeat(500));
        for (int i = 0; i < 971; i++) {
            registration = registration.parameter("p" + (1_000 + i), "x".repeat(1_000));
        }
        return registration.parameter("tail", "x".repeat(tail));
    }
}
