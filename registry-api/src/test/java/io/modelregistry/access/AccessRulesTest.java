package io.modelregistry.access;

import static io.modelregistry.access.Action.CREATE;
import static io.modelregistry.access.Action.DELETE;
import static io.modelregistry.access.Action.OVERWRITE;
import static io.modelregistry.access.Action.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessRulesTest {

    /** What a role may write, as {@code CREATE models/}. */
    private static List<String> writes(Role role) {
        return AccessRules.grants(role).stream()
                .flatMap(grant -> grant.actions().stream()
                        .filter(action -> action != READ)
                        .map(action -> action + " " + grant.keys()))
                .toList();
    }

    @Test
    void readersWriteNothing() {
        assertThat(AccessRules.grants(Role.READER)).containsExactly(new Grant("", Set.of(READ)));
    }

    @Test
    void contributorsCreateEntriesAndBlobsAndOverwriteNotesAndTheirHints() {
        assertThat(writes(Role.CONTRIBUTOR))
                .containsExactly(
                        "CREATE models/",
                        "CREATE versions/",
                        "CREATE labels/",
                        "CREATE evaluations/",
                        "CREATE submissions/",
                        "CREATE blobs/",
                        "CREATE intents/",
                        "CREATE notes/",
                        "OVERWRITE notes/",
                        "CREATE hints/models/",
                        "OVERWRITE hints/models/",
                        "CREATE hints/versions/",
                        "OVERWRITE hints/versions/",
                        "CREATE hints/labels/",
                        "OVERWRITE hints/labels/",
                        "CREATE hints/evaluations/",
                        "OVERWRITE hints/evaluations/",
                        "CREATE hints/submissions/",
                        "OVERWRITE hints/submissions/");
    }

    @ParameterizedTest
    @CsvSource({
        "evaluator, assessments/",
        "reviewer, reviews/",
        "releaser, environments/",
        "releaser:production, environments/production/"
    })
    void whoJudgesAndReleasesWritesStreamsOfOneAuthority(String role, String keys) {
        assertThat(writes(Role.parse(role)))
                .containsExactly("CREATE " + keys, "CREATE hints/" + keys, "OVERWRITE hints/" + keys);
    }

    @Test
    void administratorsSetThePolicyMakeRegistriesProveStoresAndPurgeNotes() {
        assertThat(writes(Role.ADMINISTRATOR))
                .containsExactly(
                        "CREATE registry.json",
                        "CREATE policy/",
                        "DELETE notes/",
                        "CREATE probe/",
                        "DELETE probe/",
                        "CREATE hints/policy.json",
                        "OVERWRITE hints/policy.json");
    }

    @Test
    void theCollectorDeletesBlobsAndIntentsAndWritesWhatItDid() {
        assertThat(writes(Role.COLLECTOR))
                .containsExactly(
                        "CREATE gc/", "DELETE blobs/", "DELETE intents/", "CREATE hints/gc/", "OVERWRITE hints/gc/");
    }

    @ParameterizedTest
    @EnumSource(Role.Kind.class)
    void nobodyOverwritesOrDeletesAnEntry(Role.Kind kind) {
        List<Grant> grants = AccessRules.grants(new Role(kind, null));

        for (Authority authority : Authority.values()) {
            if (authority.content() == Authority.Content.STREAMS || authority == Authority.REGISTRY) {
                String key = authority.prefix() + (authority == Authority.REGISTRY ? "" : "tumor/0000000001.json");
                assertThat(grants)
                        .noneMatch(grant -> grant.covers(key) && (grant.allows(OVERWRITE) || grant.allows(DELETE)));
                assertThat(authority.isCreateOnly()).isTrue();
                assertThat(authority.isKept()).isTrue();
            }
        }
    }

    @Test
    void aStoreMayRefuseToEverybodyWhatNoRoleMay() {
        assertThat(Arrays.stream(Authority.values()).filter(each -> !each.isCreateOnly()))
                .containsExactly(Authority.NOTES, Authority.HINTS);
        assertThat(Arrays.stream(Authority.values()).filter(each -> !each.isKept()))
                .containsExactly(Authority.BLOBS, Authority.INTENTS, Authority.NOTES, Authority.HINTS, Authority.PROBE);
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE, models/versions/0000000001.json, contributor",
        "CREATE, environments/production/tumor/0000000001.json, releaser:production",
        "CREATE, environments/production-eu/tumor/0000000001.json, releaser:production-eu",
        "OVERWRITE, hints/environments/production/tumor.json, releaser:production",
        "OVERWRITE, hints/versions/reviews.json, contributor",
        "OVERWRITE, hints/policy.json, administrator",
        "CREATE, registry.json, administrator",
        "CREATE, environments/CON/tumor/0000000001.json, releaser",
        "DELETE, blobs/tumor/sha256/ab, collector",
        "DELETE, notes/tumor/ab, administrator",
        "READ, versions/tumor/0000000001.json, reader",
        "READ, other/tumor, reader"
    })
    void aKeyTellsTheRoleItTakes(Action action, String key, String role) {
        assertThat(AccessRules.needed(action, key)).contains(Role.parse(role));
    }

    @ParameterizedTest
    @CsvSource({
        "OVERWRITE, versions/tumor/0000000001.json",
        "DELETE, environments/production/tumor/0000000001.json",
        "DELETE, hints/versions/tumor.json",
        "OVERWRITE, hints/blobs/tumor.json",
        "OVERWRITE, hints/other/tumor.json",
        "OVERWRITE, hints/versions/tumor",
        "CREATE, registry.jsonx",
        "CREATE, models2/tumor/0000000001.json",
        "CREATE, other/tumor",
        "DELETE, other/tumor"
    })
    void whatNobodyMayTakesNoRole(Action action, String key) {
        assertThat(AccessRules.needed(action, key)).isEmpty();
    }

    @Test
    void theRoleThatIsNeededIsOneThatMay() {
        List<String> keys = List.of(
                "models/a/1.json",
                "reviews/a/1/1.json",
                "environments/production/a/1.json",
                "hints/environments/production/a.json",
                "hints/policy.json",
                "notes/a/b",
                "blobs/a/b",
                "other/a");
        List<Role> roles = Stream.of(
                        "reader",
                        "contributor",
                        "evaluator",
                        "reviewer",
                        "releaser",
                        "releaser:production",
                        "releaser:staging",
                        "administrator",
                        "collector")
                .map(Role::parse)
                .toList();

        for (String key : keys) {
            for (Action action : List.of(CREATE, OVERWRITE, DELETE)) {
                for (Role role : roles) {
                    assertThat(AccessRules.allows(role, action, key))
                            .as("%s %s %s", role, action, key)
                            .isEqualTo(AccessRules.needed(action, key)
                                    .filter(role::includes)
                                    .isPresent());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "models//", "*", "models/*/", "models/$"})
    void aGrantIsOnKeysThatAStoreTakesLiterally(String keys) {
        assertThatThrownBy(() -> new Grant(keys, Set.of(CREATE))).isInstanceOf(IllegalArgumentException.class);
    }
}
