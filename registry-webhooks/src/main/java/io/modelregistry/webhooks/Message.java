package io.modelregistry.webhooks;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.ObjectBuilder;
import io.modelregistry.core.log.KeyLayout;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an endpoint is told about an event. The same event gives the same id, whoever tells it and however often, because that follows from the stored entry; and the same
 * body, unless its store was restored and has other times.
 *
 * @param id the entry's digest: what a receiver knows a repetition by
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Message(String id, byte[] body) {
    /** Evaluations of many metrics tell all of them; a body has to stay below the 20 kB that receivers are advised to expect. */
    private static final int MOST_CHARACTERS = 1_000;

    private static final Pattern NOT_IN_TYPES = Pattern.compile("[^a-zA-Z0-9_]");
    private static final Pattern STABLE_VERSION = Pattern.compile("version ([0-9]{1,10})( .*)?");

    private static final Map<String, String> SUBJECTS = Map.of(
            KeyLayout.MODELS, "model",
            KeyLayout.VERSIONS, "version",
            KeyLayout.LABELS, "label",
            KeyLayout.EVALUATIONS, "evaluation",
            KeyLayout.ASSESSMENTS, "assessment",
            KeyLayout.SUBMISSIONS, "submission",
            KeyLayout.REVIEWS, "review",
            KeyLayout.ENVIRONMENTS, "environment");

    static Message of(String registry, AuditEvent event) {
        String[] segments = event.revision().stream().split("/", -1);
        ObjectBuilder data = Json.object()
                .put("registry", registry)
                .put("stream", event.revision().stream())
                .put("sequence", event.revision().sequence())
                .put("entry", event.entry().toString())
                .put("what", cut(event.what()))
                .put("subject", cut(event.subject()))
                .put("before", cut(event.before()))
                .put("after", cut(event.after()));
        name(data, segments, event);
        data.put("actor", event.actor().id())
                .put("reason", cut(event.reason()))
                .put("writtenAt", event.writtenAt().toString());
        if (event.request() != null) {
            data.put("request", event.request().toString());
        }
        Json body = Json.object()
                .put("type", type(segments[0], event.what()))
                .put("timestamp", event.at().toString())
                .put("data", data.build())
                .build();
        return new Message(id(event), JsonFormat.write(body));
    }

    /** Of hexadecimal digits, so that no full stop of it can pass for one of what is signed. */
    static String id(AuditEvent event) {
        return "evt_" + event.entry().hex();
    }

    /** The names that a stream is made of, so that a receiver needn't take it apart. */
    private static void name(ObjectBuilder data, String[] segments, AuditEvent event) {
        switch (segments[0] + "/") {
            case KeyLayout.ENVIRONMENTS -> {
                data.put("environment", segments[1]).put("model", segments[2]);
                Matcher stable = STABLE_VERSION.matcher(event.after());
                if (stable.matches()) {
                    data.put("version", Long.parseLong(stable.group(1)));
                }
            }
            case KeyLayout.VERSIONS ->
                data.put("model", segments[1]).put("version", event.revision().sequence());
            case KeyLayout.EVALUATIONS, KeyLayout.ASSESSMENTS, KeyLayout.SUBMISSIONS, KeyLayout.REVIEWS ->
                data.put("model", segments[1]).put("version", Long.parseLong(segments[2]));
            case KeyLayout.LABELS -> data.put("model", segments[1]).put("label", segments[2]);
            case KeyLayout.MODELS, KeyLayout.COLLECTOR -> data.put("model", segments[1]);
            default -> {
                // the policy is the whole registry's
            }
        }
    }

    private static String type(String authority, String what) {
        String subject = SUBJECTS.getOrDefault(authority + "/", authority);
        return subject + "." + NOT_IN_TYPES.matcher(cut(what)).replaceAll("_");
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        boolean splits = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 2));
        return text.substring(0, MOST_CHARACTERS - (splits ? 2 : 1)) + "…";
    }
}
