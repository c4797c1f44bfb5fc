package io.modelregistry.store.gcs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition in the part of CEL that policies of a registry use: {@code ||}, {@code &&}, parentheses, {@code ==}, {@code startsWith},
 * {@code resource.name} and {@code api.getAttribute}: https://cloud.google.com/iam/docs/conditions-attribute-reference
 */
final class CelCondition {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*('[^'\\\\]*'|\\|\\||&&|==|resource\\.name|api\\.getAttribute|startsWith|[().,])");
    private static final String END = "";

    private final List<String> tokens = new ArrayList<>();
    private final String resource;
    private final String listed;
    private int next;

    /** @param listed the prefix of a listing, which is an attribute of it; null when there is none */
    CelCondition(String expression, String resource, String listed) {
        Matcher matcher = TOKEN.matcher(expression);
        while (matcher.regionStart() < expression.length()) {
            if (!matcher.lookingAt()) {
                throw new AssertionError("Not to be evaluated: " + expression.substring(matcher.regionStart()));
            }
            tokens.add(matcher.group(1));
            matcher.region(matcher.end(), expression.length());
        }
        this.resource = resource;
        this.listed = listed;
    }

    boolean holds() {
        boolean value = or();
        take(END);
        return value;
    }

    private boolean or() {
        boolean value = and();
        while (isNext("||")) {
            take("||");
            value |= and();
        }
        return value;
    }

    private boolean and() {
        boolean value = comparison();
        while (isNext("&&")) {
            take("&&");
            value &= comparison();
        }
        return value;
    }

    private boolean comparison() {
        if (isNext("(")) {
            take("(");
            boolean value = or();
            take(")");
            return value;
        }
        String text = text();
        if (isNext("==")) {
            take("==");
            return text.equals(text());
        }
        take(".");
        take("startsWith");
        take("(");
        boolean value = text.startsWith(text());
        take(")");
        return value;
    }

    private String text() {
        String token = token();
        next++;
        return switch (token) {
            case "resource.name" -> resource;
            case "api.getAttribute" -> attribute();
            default -> {
                if (!token.startsWith("'")) {
                    throw new AssertionError("A text was expected, not " + token + " in " + tokens);
                }
                yield token.substring(1, token.length() - 1);
            }
        };
    }

    private String attribute() {
        take("(");
        take("'storage.googleapis.com/objectListPrefix'");
        take(",");
        String otherwise = text();
        take(")");
        return listed == null ? otherwise : listed;
    }

    private boolean isNext(String token) {
        return token().equals(token);
    }

    private void take(String token) {
        if (!isNext(token)) {
            throw new AssertionError(token + " was expected at token " + next + " of " + tokens);
        }
        next++;
    }

    private String token() {
        return next < tokens.size() ? tokens.get(next) : END;
    }
}
