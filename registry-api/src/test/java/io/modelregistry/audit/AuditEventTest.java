package io.modelregistry.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.Revision;
import io.modelregistry.audit.Finding.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AuditEventTest {
    @Test
    void anEventPrintsOnOneLine() {
        assertThat(event("11", "12", "better sensitivity"))
                .hasToString("2026-11-22T09:30:00Z  ada  promote production: 11 → 12  \"better sensitivity\""
                        + "  [environments/production/m#7]");
        assertThat(event("", "12", ""))
                .hasToString("2026-11-22T09:30:00Z  ada  promote production: 12  [environments/production/m#7]");
        assertThat(event("", "", ""))
                .hasToString("2026-11-22T09:30:00Z  ada  promote production  [environments/production/m#7]");
    }

    @Test
    void whatWasSeenIsOrderedAndCannotBeChanged() {
        Map<String, Long> seen = new HashMap<>(Map.of("versions/m", 3L, "reviews/m", 1L));
        AuditEvent event = new AuditEvent(
                new Revision("environments/production/m", 7),
                Instant.EPOCH,
                Instant.EPOCH,
                Actor.of("ada"),
                "promote",
                "production",
                "",
                "",
                "",
                null,
                seen,
                Digest.of(new byte[0]));

        seen.clear();

        assertThat(event.seen().keySet()).containsExactly("reviews/m", "versions/m");
        assertThat(event.seen()).isUnmodifiable();
    }

    @Test
    void aVerificationListsErrorsFirstThenByKey() {
        List<Finding> findings = new ArrayList<>(List.of(
                new Finding(Severity.NOTE, "blobs/m/sha256/0", "left over"),
                new Finding(Severity.ERROR, "versions/m/2", "gone"),
                new Finding(Severity.WARNING, "x", "stray"),
                new Finding(Severity.ERROR, "versions/m/1", "torn")));
        Verification verification = new Verification(2, 5, 1, 3, 700, findings);

        findings.clear();

        assertThat(verification.findings())
                .extracting(Finding::key)
                .containsExactly("versions/m/1", "versions/m/2", "x", "blobs/m/sha256/0");
        assertThat(verification.findings()).isUnmodifiable();
        assertThat(verification.errors()).hasSize(2);
        assertThat(verification.isClean()).isFalse();
        assertThat(verification.toText())
                .isEqualTo("2 errors: 2 streams, 5 entries, 1 versions, 3 blobs, 700 bytes"
                        + "\n  ERROR versions/m/1: torn"
                        + "\n  ERROR versions/m/2: gone"
                        + "\n  WARNING x: stray"
                        + "\n  NOTE blobs/m/sha256/0: left over");
    }

    @Test
    void warningsAndNotesLeaveAVerificationClean() {
        Verification verification =
                new Verification(1, 1, 0, 0, 0, List.of(new Finding(Severity.WARNING, "x", "stray")));

        assertThat(verification.isClean()).isTrue();
        assertThat(verification.toText())
                .isEqualTo("clean: 1 streams, 1 entries, 0 versions, 0 blobs, 0 bytes\n  WARNING x: stray");
    }

    private static AuditEvent event(String before, String after, String reason) {
        return new AuditEvent(
                new Revision("environments/production/m", 7),
                Instant.parse("2026-11-22T09:30:00Z"),
                Instant.parse("2026-11-22T09:29:59Z"),
                Actor.of("ada"),
                "promote",
                "production",
                before,
                after,
                reason,
                null,
                Map.of(),
                Digest.of(new byte[0]));
    }
}
