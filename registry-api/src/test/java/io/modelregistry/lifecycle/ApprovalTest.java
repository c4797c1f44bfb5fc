package io.modelregistry.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.lifecycle.Approval.Meaning;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ApprovalTest {
    private static final Instant INSTANT = Instant.parse("2026-11-25T09:30:00Z");
    private static final Digest MANIFEST = Digest.of(new byte[] {1});

    @Test
    void whatIsAddedLeavesTheRestAsItWas() {
        Approval approval = Approval.of("sound")
                .printedName("Dr. Ben Adams")
                .authenticatedAt(INSTANT)
                .manifest(MANIFEST)
                .meaning(Meaning.RELEASE);

        assertThat(approval)
                .isEqualTo(new Approval(Meaning.RELEASE, "sound", "Dr. Ben Adams", INSTANT, MANIFEST))
                .isEqualTo(Approval.of("sound")
                        .meaning(Meaning.RELEASE)
                        .manifest(MANIFEST)
                        .authenticatedAt(INSTANT)
                        .printedName("Dr. Ben Adams"));
        assertThat(Approval.of("sound")).isEqualTo(new Approval(Meaning.APPROVAL, "sound", null, null, null));
    }

    @Test
    void aPrintedNameIsOneLineOfAHundredCharacters() {
        Approval approval = Approval.of("sound");

        assertThat(approval.printedName("n".repeat(100)).printedName()).hasSize(100);
        assertThatThrownBy(() -> approval.printedName("n".repeat(101))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> approval.printedName("Ben\nAdams"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("printed name");
    }

    @Test
    void aVersionThatWasNotRegisteredYetStoodNowhere() {
        assertThat(new StateAt(INSTANT, null, Certainty.PINNED).state()).isEmpty();
        assertThat(new StateAt(INSTANT, LifecycleState.APPROVED, Certainty.PINNED).state())
                .contains(LifecycleState.APPROVED);
    }
}
