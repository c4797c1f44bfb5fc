package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.access.Action;
import io.modelregistry.access.Authority;
import io.modelregistry.access.Role;
import io.modelregistry.testkit.access.AccessMatrix;
import io.modelregistry.testkit.access.AccessMatrix.Case;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies as IAM evaluates them, against the rules they were made from: each role, each action, keys of each authority. */
final class S3AccessTest {
    private static final String BUCKET = "acme-models";
    private static final String KMS_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    /** What somebody has who may do everything in the account. */
    private static final String ACCOUNT_ADMINISTRATOR =
            "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"Everything\", \"Effect\": \"Allow\","
                    + " \"Action\": [\"*\"], \"Resource\": [\"*\"]}]}";

    private static S3Access access(String prefix) {
        return S3Access.of("s3://" + BUCKET + "/" + prefix);
    }

    private static IamPolicies identity(String prefix, Role role) {
        return new IamPolicies(access(prefix).identityPolicy(role));
    }

    private static IamPolicies both(String prefix, Role role) {
        S3Access access = access(prefix);
        return new IamPolicies(access.identityPolicy(role), access.bucketPolicy());
    }

    /** What a registry sends for an action, and what somebody might send who wants the same in another way. */
    private static List<IamRequest> requests(Action action, String key) {
        return switch (action) {
            case READ -> List.of(IamRequest.on(BUCKET, key, "GetObject"));
            case CREATE -> List.of(IamRequest.put(BUCKET, key).ifNoneMatch());
            case OVERWRITE -> List.of(IamRequest.put(BUCKET, key));
            case DELETE ->
                List.of(
                        IamRequest.on(BUCKET, key, "DeleteObject"),
                        IamRequest.on(BUCKET, key, "DeleteObjectVersion"),
                        IamRequest.on(BUCKET, "", "ListBucketVersions").with("s3:prefix", key));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team", "team/models", "versions"})
    void everyRoleMayDoWithEveryKeyWhatTheRulesSay(String prefix) {
        Map<Role, List<IamPolicies>> policies = new HashMap<>();
        for (Role role : AccessMatrix.roles()) {
            policies.put(role, List.of(identity(prefix, role), both(prefix, role)));
        }
        String root = prefix.isEmpty() ? "" : prefix + "/";
        List<String> wrong = new ArrayList<>();
        int asked = 0;

        for (Case each : AccessMatrix.cases()) {
            for (IamRequest request : requests(each.action(), root + each.key())) {
                for (IamPolicies policy : policies.get(each.role())) {
                    asked++;
                    if (policy.allow(request) != each.allowed()) {
                        wrong.add(each + ": " + request);
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({"team/models, team/models2", "team/models, team", "team, team/models", "team, teams", "team, tea"})
    void anotherPrefixOfTheBucketIsNotTouched(String prefix, String other) {
        List<String> wrong = new ArrayList<>();

        for (Role role : AccessMatrix.roles()) {
            IamPolicies policy = identity(prefix, role);
            for (String key : AccessMatrix.keys()) {
                String elsewhere = other + "/" + key;
                if (elsewhere.startsWith(prefix + "/")) {
                    continue;
                }
                for (Action action : Action.values()) {
                    requests(action, elsewhere).stream()
                            .filter(policy::allow)
                            .forEach(request -> wrong.add(role + ": " + request));
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void everybodyListsTheRegistryAndNothingBesideIt() {
        IamRequest list = IamRequest.on(BUCKET, "", "ListBucket");
        for (Role role : AccessMatrix.roles()) {
            IamPolicies policy = both("team/models", role);

            assertThat(policy.allow(list.with("s3:prefix", "team/models/"))).isTrue();
            assertThat(policy.allow(list.with("s3:prefix", "team/models/environments/production/")))
                    .isTrue();
            for (String other : List.of("", "team/", "team/models", "team/models2/", "other/")) {
                assertThat(policy.allow(list.with("s3:prefix", other)))
                        .as(other)
                        .isFalse();
            }
            assertThat(both("", role).allow(list.with("s3:prefix", ""))).isTrue();
        }
    }

    /** Without the permission to list, S3 answers 403 for a missing key; the question it asks itself then names no prefix. */
    @Test
    void aMissingKeyIsToldFromARefusedOne() {
        for (Role role : AccessMatrix.roles()) {
            assertThat(both("team/models", role).allow(IamRequest.on(BUCKET, "", "ListBucket")))
                    .isTrue();
        }
    }

    @Test
    void onlyWhoAddsBlobsSendsThemInParts() {
        List<String> wrong = new ArrayList<>();
        for (Role role : AccessMatrix.roles()) {
            for (String key : AccessMatrix.keys()) {
                boolean blob = key.startsWith(Authority.BLOBS.prefix()) && role.equals(Role.CONTRIBUTOR);
                boolean overwritable =
                        requests(Action.OVERWRITE, "team/" + key).stream().allMatch(identity("team", role)::allow);
                IamRequest part =
                        IamRequest.on(BUCKET, "team/" + key, "PutObject").with("s3:ObjectCreationOperation", "false");
                IamRequest abort = IamRequest.on(BUCKET, "team/" + key, "AbortMultipartUpload");
                if (both("team", role).allow(part) != (blob || overwritable)
                        || both("team", role).allow(abort) != blob) {
                    wrong.add(role + " on " + key);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void notEvenTheAccountsAdministratorOverwritesOrDeletesWhatIsWrittenOnce() {
        IamPolicies policies =
                new IamPolicies(ACCOUNT_ADMINISTRATOR, access("team/models").bucketPolicy());

        for (Authority authority : Authority.values()) {
            for (String key : AccessMatrix.keys(authority)) {
                String name = "team/models/" + key;
                assertThat(policies.allow(IamRequest.put(BUCKET, name))).as(key).isEqualTo(!authority.isCreateOnly());
                assertThat(policies.allow(IamRequest.put(BUCKET, name).ifNoneMatch()))
                        .as(key)
                        .isTrue();
                for (String delete : List.of("DeleteObject", "DeleteObjectVersion")) {
                    assertThat(policies.allow(IamRequest.on(BUCKET, name, delete)))
                            .as(key)
                            .isEqualTo(!authority.isKept());
                }
            }
        }
        assertThat(policies.allow(IamRequest.put(BUCKET, "team/models2/versions/tumor/0000000001.json")))
                .isTrue();
    }

    @Test
    void nothingGoesOverTheWireUnencrypted() {
        IamPolicies policies =
                new IamPolicies(ACCOUNT_ADMINISTRATOR, access("team/models").bucketPolicy());

        assertThat(policies.allow(IamRequest.on(BUCKET, "team/models/registry.json", "GetObject")
                        .with("aws:SecureTransport", "false")))
                .isFalse();
        assertThat(policies.allow(IamRequest.on(BUCKET, "", "ListBucket").with("aws:SecureTransport", "false")))
                .isFalse();
    }

    @Test
    void theBucketsPolicyAloneLetsNobodyIn() {
        IamPolicies policies = new IamPolicies(access("team/models").bucketPolicy());

        for (Action action : Action.values()) {
            assertThat(requests(action, "team/models/versions/tumor/0000000001.json"))
                    .noneMatch(policies::allow);
        }
    }

    @Test
    void whoWritesMayUseTheKeyToEncryptAndWhoReadsToDecrypt() {
        for (Role role : AccessMatrix.roles()) {
            IamPolicies policy =
                    new IamPolicies(access("team").withKmsKey(KMS_KEY).identityPolicy(role));

            assertThat(policy.allow(new IamRequest("kms:Decrypt", KMS_KEY, Map.of())))
                    .isTrue();
            assertThat(policy.allow(new IamRequest("kms:GenerateDataKey", KMS_KEY, Map.of())))
                    .as("%s", role)
                    .isEqualTo(!role.equals(Role.READER));
            assertThat(policy.allow(new IamRequest("kms:Decrypt", KMS_KEY + "0", Map.of())))
                    .isFalse();
        }
        assertThat(S3Access.of("s3://b-1/team?kms-key=" + KMS_KEY).identityPolicy(Role.READER))
                .contains(KMS_KEY);
    }

    /** 6,144 characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
    @Test
    void theLargestPolicyFitsAManagedPolicyAlsoWithALongPrefix() {
        S3Access access =
                S3Access.of("s3://" + "b".repeat(63) + "/" + "p".repeat(100)).withKmsKey(KMS_KEY);

        for (Role role : AccessMatrix.roles()) {
            assertThat(access.identityPolicy(role).replaceAll("\\s", "")).hasSizeLessThan(6_144);
        }
        assertThat(access.bucketPolicy().replaceAll("\\s", "")).hasSizeLessThan(20 << 10);
    }

    @Test
    void aPolicyIsTheSameTextEveryTime() {
        assertThat(access("team").identityPolicy(Role.releaser("production"))).isEqualTo("""
                        {
                          "Version": "2012-10-17",
                          "Statement": [
                            {
                              "Sid": "Read",
                              "Effect": "Allow",
                              "Action": [
                                "s3:GetObject"
                              ],
                              "Resource": [
                                "arn:aws:s3:::acme-models/team/*"
                              ]
                            },
                            {
                              "Sid": "List",
                              "Effect": "Allow",
                              "Action": [
                                "s3:ListBucket"
                              ],
                              "Resource": [
                                "arn:aws:s3:::acme-models"
                              ],
                              "Condition": {
                                "StringLikeIfExists": {
                                  "s3:prefix": [
                                    "team/*"
                                  ]
                                }
                              }
                            },
                            {
                              "Sid": "Create",
                              "Effect": "Allow",
                              "Action": [
                                "s3:PutObject"
                              ],
                              "Resource": [
                                "arn:aws:s3:::acme-models/team/environments/production/*"
                              ],
                              "Condition": {
                                "Null": {
                                  "s3:if-none-match": [
                                    "false"
                                  ]
                                }
                              }
                            },
                            {
                              "Sid": "Overwrite",
                              "Effect": "Allow",
                              "Action": [
                                "s3:PutObject"
                              ],
                              "Resource": [
                                "arn:aws:s3:::acme-models/team/hints/environments/production/*"
                              ]
                            }
                          ]
                        }
                        """);
    }

    @Test
    void aRegionOfAnotherPartitionNamesItsBucketsThere() {
        assertThat(S3Access.of("s3://b-1/team?region=cn-north-1").bucketPolicy())
                .contains("\"arn:aws-cn:s3:::b-1/team/versions/*\"");
        assertThat(S3Access.of("s3://b-1/team?region=us-gov-west-1").bucketPolicy())
                .contains("\"arn:aws-us-gov:s3:::b-1/team/versions/*\"");
    }

    @Test
    void whatNoPolicyCanNameIsRefused() {
        assertThatThrownBy(() -> S3Access.of("s3://b-1/team").withKmsKey("alias/models"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not the ARN of a KMS key: alias/models: it looks like arn:aws:kms:");
        assertThatThrownBy(() -> S3Access.of("s3://b-1/team*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a prefix for a registry: \"team*\"");
        assertThatThrownBy(() -> S3Access.of("s3://arn:aws:s3:eu-west-1:111122223333:accesspoint/models"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("arn:aws:s3:eu-west-1:111122223333:accesspoint");
    }
}
