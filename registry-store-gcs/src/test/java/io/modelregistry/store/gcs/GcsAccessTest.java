package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Role;
import io.modelregistry.store.gcs.server.Caller;
import io.modelregistry.testkit.access.AccessMatrix;
import io.modelregistry.testkit.access.AccessMatrix.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy as IAM evaluates it, against the rules it was made from: each role, each action, keys of each authority. */
final class GcsAccessTest {
    private static final String OBJECTS = "projects/_/buckets/acme-models/objects/";

    private static String member(Role role) {
        return "serviceAccount:" + role.toString().replace(':', '-') + "@acme.iam.gserviceaccount.com";
    }

    /** A bucket in which each role is somebody's. */
    private static GcsPolicy policy(String prefix) {
        GcsAccess access = GcsAccess.of("gs://acme-models/" + prefix, GcsPolicy.DELETER);
        for (Role role : AccessMatrix.roles()) {
            access = access.grant(role, member(role));
        }
        return new GcsPolicy(access.policy());
    }

    private static boolean may(Caller.Access access, Action action, String object) {
        return permissions(action).allMatch(permission -> access.allows(permission, OBJECTS + object, null));
    }

    private static Stream<String> permissions(Action action) {
        return switch (action) {
            case READ -> Stream.of("storage.objects.get");
            case CREATE -> Stream.of("storage.objects.create");
            case OVERWRITE -> Stream.of("storage.objects.create", "storage.objects.delete");
            case DELETE -> Stream.of("storage.objects.delete");
        };
    }

    /** Where replacing is creating and deleting, nobody can be given the one without the others. */
    private static boolean expected(Case each) {
        Role role = each.role();
        return each.allowed()
                || switch (each.action()) {
                    case READ, CREATE -> false;
                    case OVERWRITE ->
                        AccessRules.allows(role, Action.CREATE, each.key())
                                && AccessRules.allows(role, Action.DELETE, each.key());
                    case DELETE -> AccessRules.allows(role, Action.OVERWRITE, each.key());
                };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team", "team/models", "versions"})
    void everyRoleMayDoWithEveryKeyWhatTheRulesSay(String prefix) {
        GcsPolicy policy = policy(prefix);
        String root = prefix.isEmpty() ? "" : prefix + "/";
        List<String> wrong = new ArrayList<>();
        List<Case> cases = AccessMatrix.cases();

        for (Case each : cases) {
            if (may(policy.of(member(each.role())), each.action(), root + each.key()) != expected(each)) {
                wrong.add(each.toString());
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(cases).hasSizeGreaterThan(5_000);
    }

    /** Hints and notes, which may be overwritten, and an administrator's own probes: no more than that comes of Cloud Storage's way. */
    @Test
    void whatCloudStorageCannotTellApartIsNoEntry() {
        assertThat(AccessMatrix.cases().stream()
                        .filter(each -> expected(each) != each.allowed())
                        .map(each -> each.action() + " "
                                + each.key().substring(0, each.key().indexOf('/') + 1)))
                .containsOnly("DELETE hints/", "DELETE notes/", "OVERWRITE probe/");
    }

    @ParameterizedTest
    @CsvSource({"team/models, team/models2", "team/models, team", "team, team/models", "team, teams", "team, tea"})
    void anotherPrefixOfTheBucketIsNotTouched(String prefix, String other) {
        GcsPolicy policy = policy(prefix);
        List<String> wrong = new ArrayList<>();

        for (Role role : AccessMatrix.roles()) {
            for (String key : AccessMatrix.keys()) {
                String elsewhere = other + "/" + key;
                for (Action action : Action.values()) {
                    if (!elsewhere.startsWith(prefix + "/") && may(policy.of(member(role)), action, elsewhere)) {
                        wrong.add(role + " may " + action + " " + elsewhere);
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void everybodyListsTheRegistryAndNothingBesideIt() {
        String bucket = "projects/_/buckets/acme-models";
        for (Role role : AccessMatrix.roles()) {
            Caller.Access access = policy("team/models").of(member(role));

            assertThat(access.allows("storage.objects.list", bucket, "team/models/"))
                    .isTrue();
            assertThat(access.allows("storage.objects.list", bucket, "team/models/environments/production/"))
                    .isTrue();
            for (String other : List.of("", "team/", "team/models", "team/models2/", "other/")) {
                assertThat(access.allows("storage.objects.list", bucket, other))
                        .as(other)
                        .isFalse();
            }
            assertThat(access.allows("storage.objects.list", bucket, null))
                    .as("to be told that a key is missing")
                    .isTrue();
            assertThat(policy("").of(member(role)).allows("storage.objects.list", bucket, ""))
                    .isTrue();
        }
    }

    @Test
    void aStrangerMayNothing() {
        Caller.Access stranger = policy("team").of("user:eve@acme.com");

        for (Action action : Action.values()) {
            assertThat(AccessMatrix.keys()).noneMatch(key -> may(stranger, action, "team/" + key));
        }
    }

    /** 12 logical operators: https://cloud.google.com/iam/quotas */
    @ParameterizedTest
    @ValueSource(strings = {"", "team"})
    void aConditionIsNoLongerThanIamTakes(String prefix) {
        for (JsonNode binding : policy(prefix).bindings()) {
            if (binding.has("condition")) {
                String expression = binding.get("condition").get("expression").textValue();
                assertThat(expression.split("\\|\\||&&", -1)).hasSizeLessThanOrEqualTo(13);
                assertThat(binding.get("condition").get("title").textValue()).hasSizeLessThanOrEqualTo(100);
            }
        }
    }

    @Test
    void aPolicyIsTheSameTextEveryTime() {
        assertThat(GcsAccess.of("gs://acme-models/team", GcsPolicy.DELETER)
                        .grant(Role.releaser("production"), "group:release@acme.com")
                        .grant(Role.READER, "serviceAccount:serving@acme.iam.gserviceaccount.com")
                        .grant(Role.READER, "group:audit@acme.com")
                        .policy())
                .isEqualTo("""
                        {
                          "version": 3,
                          "bindings": [
                            {
                              "role": "roles/storage.objectViewer",
                              "members": [
                                "group:audit@acme.com",
                                "group:release@acme.com",
                                "serviceAccount:serving@acme.iam.gserviceaccount.com"
                              ],
                              "condition": {
                                "title": "Model registry: everybody reads",
                                "expression": "resource.name.startsWith('projects/_/buckets/acme-models/objects/team/') || \
                        api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('team/') || \
                        (resource.name == 'projects/_/buckets/acme-models' && \
                        api.getAttribute('storage.googleapis.com/objectListPrefix', 'team/').startsWith('team/'))"
                              }
                            },
                            {
                              "role": "roles/storage.objectCreator",
                              "members": [
                                "group:release@acme.com"
                              ],
                              "condition": {
                                "title": "Model registry: releaser:production creates",
                                "expression": "resource.name.startsWith('projects/_/buckets/acme-models/objects/team/environments/production/') || \
                        resource.name.startsWith('projects/_/buckets/acme-models/objects/team/hints/environments/production/')"
                              }
                            },
                            {
                              "role": "projects/acme/roles/registryDeleter",
                              "members": [
                                "group:release@acme.com"
                              ],
                              "condition": {
                                "title": "Model registry: releaser:production deletes",
                                "expression": "resource.name.startsWith('projects/_/buckets/acme-models/objects/team/hints/environments/production/')"
                              }
                            }
                          ]
                        }
                        """);
    }

    @Test
    void theCustomRoleDeletesAndDoesNothingElse() {
        assertThat(GcsPolicy.parse(GcsAccess.deleterRole()).get("includedPermissions"))
                .hasToString("[\"storage.objects.delete\"]");
    }

    @Test
    void whatNoPolicyCanNameIsRefused() {
        assertThatThrownBy(() -> GcsAccess.of("gs://acme-models/team", "roles/storage.objectAdmin"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not the name of a custom role: roles/storage.objectAdmin: it looks like"
                        + " projects/acme/roles/registryDeleter");
        assertThatThrownBy(() -> GcsAccess.of("gs://acme-models/team", GcsPolicy.DELETER)
                        .grant(Role.READER, "serving@acme.iam.gserviceaccount.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Not a member of a policy: serving@acme.iam.gserviceaccount.com: it looks like");
        assertThatThrownBy(() -> GcsAccess.of("gs://acme-models/team'", GcsPolicy.DELETER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a prefix for a registry: \"team'\"");
    }
}
