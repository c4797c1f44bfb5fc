package io.modelregistry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reader",
                "contributor",
                "evaluator",
                "reviewer",
                "releaser",
                "releaser:production",
                "administrator",
                "collector"
            })
    void aRoleIsReadAsItIsWritten(String text) {
        assertThat(Role.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Reviewer", "owner", "releaser:", "releaser:Production", "reviewer:production"})
    void whatIsNoRoleIsRefused(String text) {
        assertThatThrownBy(() -> Role.parse(text)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aReleaserOfEveryEnvironmentMayWhatTheReleaserOfOneMay() {
        assertThat(Role.RELEASER.includes(Role.releaser("production"))).isTrue();
        assertThat(Role.releaser("production").includes(Role.releaser("production")))
                .isTrue();
        assertThat(Role.releaser("production").includes(Role.RELEASER)).isFalse();
        assertThat(Role.releaser("staging").includes(Role.releaser("production")))
                .isFalse();
        assertThat(Role.REVIEWER.includes(Role.releaser(EnvironmentName.of("production"))))
                .isFalse();
    }

    @Test
    void rolesAreListedByWhatTheyMayDo() {
        assertThat(java.util.stream.Stream.of(
                                Role.releaser("b"), Role.COLLECTOR, Role.releaser("a"), Role.RELEASER, Role.READER)
                        .sorted())
                .containsExactly(Role.READER, Role.RELEASER, Role.releaser("a"), Role.releaser("b"), Role.COLLECTOR);
    }
}
