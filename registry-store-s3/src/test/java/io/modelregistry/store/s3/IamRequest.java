package io.modelregistry.store.s3;

import io.modelregistry.testkit.proxy.ProxiedRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What IAM is asked when a request comes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * @param context the condition keys that the request has; one that it hasn't is absent
 */
record IamRequest(String action, String resource, Map<String, String> context) {
    private static final String BUCKETS = "arn:aws:s3:::";

    IamRequest {
        context = Map.copyOf(context);
    }

    static IamRequest on(String bucket, String key, String action) {
        return new IamRequest("s3:" + action, BUCKETS + bucket + (key.isEmpty() ? "" : "/" + key), Map.of())
                .with("aws:SecureTransport", "true");
    }

    IamRequest with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(context);
        more.put(key, value);
        return new IamRequest(action, resource, more);
    }

    /** A {@code PutObject}, or the completion of an upload in parts. */
    static IamRequest put(String bucket, String key) {
        return on(bucket, key, "PutObject").with("s3:ObjectCreationOperation", "true");
    }

    IamRequest ifNoneMatch() {
        return with("s3:if-none-match", "*");
    }

    /** As S3 sees a request with the bucket in its path; that these tests have no TLS is left out of account. */
    static IamRequest of(ProxiedRequest request) {
        String[] path =
                URLDecoder.decode(request.path(), StandardCharsets.UTF_8).split("/", 3);
        String bucket = path[1];
        String key = path.length < 3 ? "" : path[2];
        Map<String, String> query = query(request.target());
        return switch (request.method()) {
            case "GET", "HEAD" -> key.isEmpty() ? list(bucket, query) : on(bucket, key, "GetObject");
            case "PUT", "POST" -> write(request, bucket, key, query);
            case "DELETE" ->
                on(
                        bucket,
                        key,
                        query.containsKey("uploadId")
                                ? "AbortMultipartUpload"
                                : query.containsKey("versionId") ? "DeleteObjectVersion" : "DeleteObject");
            default -> throw new AssertionError("What is " + request + "?");
        };
    }

    private static IamRequest list(String bucket, Map<String, String> query) {
        IamRequest list = on(bucket, "", query.containsKey("versions") ? "ListBucketVersions" : "ListBucket");
        return query.containsKey("prefix") ? list.with("s3:prefix", query.get("prefix")) : list;
    }

    private static IamRequest write(ProxiedRequest request, String bucket, String key, Map<String, String> query) {
        boolean part = query.containsKey("uploads") || query.containsKey("partNumber");
        IamRequest put = on(bucket, key, "PutObject").with("s3:ObjectCreationOperation", part ? "false" : "true");
        return request.header("if-none-match")
                .map(value -> put.with("s3:if-none-match", value))
                .orElse(put);
    }

    private static Map<String, String> query(String target) {
        Map<String, String> query = new LinkedHashMap<>();
        int question = target.indexOf('?');
        for (String each :
                question < 0 ? new String[0] : target.substring(question + 1).split("&", -1)) {
            String[] pair = each.split("=", 2);
            query.put(pair[0], pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return query;
    }
}
