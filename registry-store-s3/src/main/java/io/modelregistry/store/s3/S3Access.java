package io.modelregistry.store.s3;

import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Authority;
import io.modelregistry.access.Grant;
import io.modelregistry.access.Role;
import io.modelregistry.store.s3.PolicyDocument.Condition;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The policies that make Amazon S3 enforce {@link AccessRules}: one for each role's identity, and one for the bucket that holds for everybody, whatever
 * their identity allows them.
 *
 * <pre>{@code
 * S3Access access = S3Access.of("s3://models/team");
 * access.identityPolicy(Role.releaser("production"));
 * access.bucketPolicy();
 * }</pre>
 *
 * <p>The policies use condition keys that Amazon's own S3 knows; another store may refuse them, or never find them true.
 * What they rest on: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html. Immutable.
 */
public final class S3Access {
    private static final Pattern KMS_KEY = Pattern.compile("arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+");

    /** A request says that what stands must not be replaced; its only value is {@code *}. */
    private static final String IF_NONE_MATCH = "s3:if-none-match";

    /** False for the requests of an upload in parts before the one that completes it. They can't be conditional. */
    private static final String MAKES_AN_OBJECT = "s3:ObjectCreationOperation";

    private static final String PREFIX = "s3:prefix";
    private static final List<String> PUT = List.of("s3:PutObject");
    private static final List<String> DELETE = List.of("s3:DeleteObject", "s3:DeleteObjectVersion");

    private final S3Location location;
    private final @Nullable String kmsKey;

    private S3Access(S3Location location, @Nullable String kmsKey) {
        if (location.bucket().startsWith("arn:")) {
            throw new IllegalArgumentException("Policies are made for a bucket, and " + location.bucket()
                    + " is an access point: name the bucket behind it");
        }
        if (kmsKey != null && !KMS_KEY.matcher(kmsKey).matches()) {
            throw new IllegalArgumentException("Not the ARN of a KMS key: " + kmsKey
                    + ": it looks like arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        }
        this.location = location;
        this.kmsKey = kmsKey;
    }

    /** @param location as a registry is opened with it, {@code s3://bucket/prefix}; of its settings, region and KMS key matter */
    public static S3Access of(String location) {
        S3Location parsed = S3Location.parse(URI.create(location));
        return new S3Access(parsed, parsed.settings().kmsKey());
    }

    /** For a bucket that is encrypted with a key of one's own. */
    public S3Access withKmsKey(String arn) {
        return new S3Access(location, arn);
    }

    /** What a role's users and machines may do: a policy to attach to an IAM role, user or group. */
    public String identityPolicy(Role role) {
        List<Grant> grants = AccessRules.grants(role);
        List<String> createOnly = objects(grants, grant -> may(grant, Action.CREATE) && !may(grant, Action.OVERWRITE));
        List<String> overwrite = objects(grants, grant -> may(grant, Action.OVERWRITE));
        List<String> blobs = objects(
                grants, grant -> may(grant, Action.CREATE) && grant.keys().equals(Authority.BLOBS.prefix()));
        List<String> delete = objects(grants, grant -> may(grant, Action.DELETE));
        PolicyDocument policy = new PolicyDocument()
                .allow("Read", List.of("s3:GetObject"), List.of(object("*")))
                .allow("List", List.of("s3:ListBucket"), List.of(bucket()), listed())
                .allow("Create", PUT, createOnly, condition("Null", IF_NONE_MATCH, "false"))
                .allow("SendParts", PUT, blobs, condition("Bool", MAKES_AN_OBJECT, "false"))
                .allow("GiveUpParts", List.of("s3:AbortMultipartUpload"), blobs)
                .allow("Overwrite", PUT, overwrite)
                .allow("Delete", DELETE, delete);
        if (!delete.isEmpty()) {
            policy.allow(
                    "ListVersions",
                    List.of("s3:ListBucketVersions"),
                    List.of(bucket()),
                    new Condition("StringLike", PREFIX, keys(grants, grant -> may(grant, Action.DELETE))));
        }
        if (kmsKey != null) {
            policy.allow("Decrypt", List.of("kms:Decrypt"), List.of(kmsKey));
            if (!createOnly.isEmpty() || !overwrite.isEmpty()) {
                policy.allow("Encrypt", List.of("kms:GenerateDataKey"), List.of(kmsKey));
            }
        }
        return policy.json();
    }

    /**
     * What nobody may do, the account's administrators included: overwrite what is created once, delete entries, or send anything unencrypted. Statements
     * to add to the bucket's policy; they allow nothing.
     */
    public String bucketPolicy() {
        return new PolicyDocument()
                .denyEverybody(
                        "OnlyOverTls",
                        List.of("s3:*"),
                        List.of(bucket(), object("*")),
                        condition("Bool", "aws:SecureTransport", "false"))
                .denyEverybody(
                        "NeverOverwrite",
                        PUT,
                        authorities(Authority::isCreateOnly),
                        condition("Null", IF_NONE_MATCH, "true"),
                        condition("Bool", MAKES_AN_OBJECT, "true"))
                .denyEverybody("NeverDelete", DELETE, authorities(Authority::isKept))
                .json();
    }

    /**
     * Lists below the prefix. A missing key is told as missing only to those who may list, and that question names no prefix; so a request without
     * one is let through, and shows the names of what else is in the bucket.
     */
    private Condition[] listed() {
        return location.prefix().isEmpty()
                ? new Condition[0]
                : new Condition[] {condition("StringLikeIfExists", PREFIX, location.root() + "*")};
    }

    private static Condition condition(String operator, String key, String value) {
        return new Condition(operator, key, List.of(value));
    }

    private static boolean may(Grant grant, Action action) {
        return grant.allows(action);
    }

    private List<String> objects(List<Grant> grants, Predicate<Grant> wanted) {
        return grants.stream()
                .filter(wanted)
                .map(grant -> object(pattern(grant.keys())))
                .toList();
    }

    private List<String> keys(List<Grant> grants, Predicate<Grant> wanted) {
        return grants.stream()
                .filter(wanted)
                .map(grant -> location.root() + pattern(grant.keys()))
                .toList();
    }

    private List<String> authorities(Predicate<Authority> wanted) {
        return Arrays.stream(Authority.values())
                .filter(wanted)
                .map(authority -> object(pattern(authority.prefix())))
                .toList();
    }

    /** A {@code *} matches slashes too, so a pattern ends in one or none. */
    private static String pattern(String keys) {
        return keys.endsWith("/") ? keys + "*" : keys;
    }

    private String object(String key) {
        return bucket() + "/" + location.root() + key;
    }

    private String bucket() {
        return "arn:" + partition() + ":s3:::" + location.bucket();
    }

    private String partition() {
        String region = location.settings().region();
        if (region != null && region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region != null && region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
