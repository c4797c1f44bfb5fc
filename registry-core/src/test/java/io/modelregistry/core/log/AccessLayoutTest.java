package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Authority;
import io.modelregistry.access.Authority.Content;
import io.modelregistry.access.Role;
import io.modelregistry.testkit.access.AccessMatrix;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The keys there are, and the rules of who may write them, are of one mind. */
final class AccessLayoutTest {

    /** Whatever the layout names, a field that is added to it as well. */
    private static Set<String> authoritiesOfTheLayout() throws IllegalAccessException {
        Set<String> authorities = new TreeSet<>();
        for (Field field : KeyLayout.class.getDeclaredFields()) {
            if (!Modifier.isPublic(field.getModifiers())) {
                continue;
            }
            Object value = field.get(null);
            if (value instanceof String text) {
                authorities.add(text);
            } else if (value instanceof StreamName stream) {
                authorities.add(stream.prefix());
            } else if (value instanceof List<?> list) {
                list.forEach(each -> authorities.add((String) each));
            }
        }
        return authorities;
    }

    @Test
    void everyAuthorityOfTheLayoutHasItsRule() throws IllegalAccessException {
        assertThat(Arrays.stream(Authority.values()).map(Authority::prefix))
                .containsExactlyInAnyOrderElementsOf(authoritiesOfTheLayout());
    }

    @Test
    void theSameAuthoritiesHoldStreams() {
        assertThat(Arrays.stream(Authority.values())
                        .filter(authority -> authority.content() == Content.STREAMS)
                        .map(Authority::prefix))
                .containsExactlyInAnyOrderElementsOf(KeyLayout.STREAM_AUTHORITIES);
    }

    @ParameterizedTest
    @EnumSource(Authority.class)
    void thePoliciesAreTestedWithKeysOfTheLayout(Authority authority) {
        List<String> keys = AccessMatrix.keys(authority);

        assertThat(keys).isNotEmpty();
        for (String key : keys) {
            assertThat(KeyLayout.stream(key).isPresent()).as(key).isEqualTo(authority.content() == Content.STREAMS);
            KeyLayout.stream(key)
                    .ifPresent(stream ->
                            assertThat(AccessMatrix.keys(Authority.HINTS)).contains(KeyLayout.hint(stream)));
        }
    }

    /** With {@code hints/policy.json}, which lies beside the folders of the others, among them. */
    @Test
    void whoMayAppendToAStreamMayOverwriteItsHintAndNobodyElse() {
        List<String> wrong = new ArrayList<>();
        for (String key : AccessMatrix.keys()) {
            KeyLayout.stream(key).ifPresent(stream -> {
                for (Role role : AccessMatrix.roles()) {
                    if (AccessRules.allows(role, Action.CREATE, key)
                            != AccessRules.allows(role, Action.OVERWRITE, KeyLayout.hint(stream))) {
                        wrong.add(role + " on " + key);
                    }
                }
            });
        }

        assertThat(wrong).isEmpty();
    }
}
