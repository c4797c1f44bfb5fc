package io.modelregistry.store.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * IAM's decision over a caller's and a bucket's policies, within one account: what a statement denies is denied, what none allows is denied too:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. An element or an operator that it doesn't know is an error, so
 * that no policy passes because a part of it was overlooked.
 */
final class IamPolicies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> statements = new ArrayList<>();

    IamPolicies(String... policies) {
        for (String policy : policies) {
            JsonNode document = parse(policy);
            requireFields(document, "Version", "Statement");
            requireThat(document.get("Version").textValue().equals("2012-10-17"), document);
            document.get("Statement").forEach(statements::add);
        }
        requireThat(
                statements.stream()
                                .map(each -> each.get("Sid").textValue())
                                .distinct()
                                .count()
                        == statements.size(),
                "ids that differ");
    }

    static JsonNode parse(String policy) {
        try {
            return JSON.readTree(policy);
        } catch (JsonProcessingException e) {
            throw new AssertionError(policy, e);
        }
    }

    boolean allow(IamRequest request) {
        boolean allowed = false;
        for (JsonNode statement : statements) {
            requireFields(statement, "Sid", "Effect", "Principal", "Action", "Resource", "Condition");
            requireThat(
                    !statement.has("Principal")
                            || statement.get("Principal").textValue().equals("*"),
                    statement);
            if (!applies(statement, request)) {
                continue;
            }
            switch (statement.get("Effect").textValue()) {
                case "Deny" -> {
                    return false;
                }
                case "Allow" -> allowed = true;
                default -> throw new AssertionError(statement);
            }
        }
        return allowed;
    }

    private static boolean applies(JsonNode statement, IamRequest request) {
        return anyLike(statement.get("Action"), request.action())
                && anyLike(statement.get("Resource"), request.resource())
                && (!statement.has("Condition") || allHold(statement.get("Condition"), request.context()));
    }

    private static boolean allHold(JsonNode conditions, Map<String, String> context) {
        for (Map.Entry<String, JsonNode> operator : conditions.properties()) {
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                if (!holds(operator.getKey(), key.getValue(), context.get(key.getKey()))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** @param found null when the request has no such key, which fails every operator that doesn't say what then */
    private static boolean holds(String operator, JsonNode values, String found) {
        return switch (operator) {
            case "Null" -> anyLike(values, found == null ? "true" : "false");
            case "Bool" -> found != null && anyLike(values, found);
            case "StringLike" -> found != null && anyLike(values, found);
            case "StringLikeIfExists" -> found == null || anyLike(values, found);
            default -> throw new AssertionError("What is " + operator + "?");
        };
    }

    private static boolean anyLike(JsonNode patterns, String text) {
        requireThat(patterns.isArray() && !patterns.isEmpty(), patterns);
        return StreamSupport.stream(patterns.spliterator(), false)
                .anyMatch(pattern -> isLike(pattern.textValue(), text));
    }

    /** {@code *} is any number of characters, slashes included, {@code ?} is one. */
    private static boolean isLike(String pattern, String text) {
        String regex = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf((char) c)))
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }

    private static void requireFields(JsonNode object, String... known) {
        object.fieldNames().forEachRemaining(name -> requireThat(List.of(known).contains(name), name));
    }

    private static void requireThat(boolean condition, Object what) {
        if (!condition) {
            throw new AssertionError("Not to be evaluated: " + what);
        }
    }
}
