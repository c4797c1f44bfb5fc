package io.modelregistry.store.s3;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy in IAM's language, written as JSON of two spaces that is the same every time:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
final class PolicyDocument {

    /** The one version of the language in which every element means what its documentation says. */
    private static final String VERSION = "2012-10-17";

    private final List<Statement> statements = new ArrayList<>();

    /** @param conditions values by key by operator; all have to hold */
    record Statement(
            String id,
            String effect,
            String principal,
            List<String> actions,
            List<String> resources,
            Map<String, Map<String, List<String>>> conditions) {}

    /** Lets whoever has the policy do something. A statement on nothing is left out. */
    PolicyDocument allow(String id, List<String> actions, List<String> resources, Condition... conditions) {
        return add(new Statement(id, "Allow", "", actions, resources, byOperator(conditions)));
    }

    /** Forbids everybody to do something, whatever else allows it. */
    PolicyDocument denyEverybody(String id, List<String> actions, List<String> resources, Condition... conditions) {
        return add(new Statement(id, "Deny", "*", actions, resources, byOperator(conditions)));
    }

    record Condition(String operator, String key, List<String> values) {}

    private PolicyDocument add(Statement statement) {
        if (!statement.resources().isEmpty()) {
            statements.add(statement);
        }
        return this;
    }

    private static Map<String, Map<String, List<String>>> byOperator(Condition... conditions) {
        Map<String, Map<String, List<String>>> byOperator = new LinkedHashMap<>();
        for (Condition each : conditions) {
            byOperator
                    .computeIfAbsent(each.operator(), operator -> new LinkedHashMap<>())
                    .put(each.key(), each.values());
        }
        return byOperator;
    }

    String json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("Version", VERSION);
        document.put(
                "Statement", statements.stream().map(PolicyDocument::element).toList());
        StringBuilder json = new StringBuilder();
        write(document, "\n", json);
        return json.append('\n').toString();
    }

    private static Map<String, Object> element(Statement statement) {
        Map<String, Object> element = new LinkedHashMap<>();
        element.put("Sid", statement.id());
        element.put("Effect", statement.effect());
        if (!statement.principal().isEmpty()) {
            element.put("Principal", statement.principal());
        }
        element.put("Action", statement.actions());
        element.put("Resource", statement.resources());
        if (!statement.conditions().isEmpty()) {
            element.put("Condition", statement.conditions());
        }
        return element;
    }

    /** @param line a line feed and the indentation of what is written */
    private static void write(Object value, String line, StringBuilder to) {
        if (value instanceof Map<?, ?> map) {
            writeAll(map.entrySet().iterator(), '{', '}', line, to);
        } else if (value instanceof List<?> list) {
            writeAll(list.iterator(), '[', ']', line, to);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            write(entry.getKey(), line, to);
            to.append(": ");
            write(entry.getValue(), line, to);
        } else {
            to.append('"').append(quotable(value.toString())).append('"');
        }
    }

    private static void writeAll(Iterator<?> each, char open, char close, String line, StringBuilder to) {
        to.append(open);
        while (each.hasNext()) {
            to.append(line).append("  ");
            write(each.next(), line + "  ", to);
            to.append(each.hasNext() ? "," : "");
        }
        to.append(line).append(close);
    }

    /** Names of buckets, keys and ARNs need no escapes; one that would is none. */
    private static String quotable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                throw new IllegalArgumentException("Not to be named in a policy: " + text);
            }
        }
        return text;
    }
}
