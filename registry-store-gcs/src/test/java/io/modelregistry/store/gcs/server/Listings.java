package io.modelregistry.store.gcs.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** {@code objects.list}: https://cloud.google.com/storage/docs/json_api/v1/objects/list */
final class Listings {
    private static final int LARGEST_PAGE = 1_000;

    private Listings() {}

    static Answer list(Request request, Bucket bucket, Caller caller) {
        request.allow("prefix", "delimiter", "startOffset", "endOffset", "pageToken", "maxResults", "versions");
        String prefix = orEmpty(request.parameter("prefix"));
        caller.requireToList(bucket.name(), prefix);
        Long asked = request.number("maxResults");
        if (asked != null && asked < 1) {
            throw Refusal.badRequest("Invalid maxResults");
        }
        int limit = asked == null ? LARGEST_PAGE : (int) Math.min(asked, LARGEST_PAGE);
        return Answer.json(200, page(request, bucket, prefix, limit), request.parameter("fields"));
    }

    private static JsonObject page(Request request, Bucket bucket, String prefix, int limit) {
        String delimiter = orEmpty(request.parameter("delimiter"));
        String start = orEmpty(request.parameter("startOffset"));
        String end = request.parameter("endOffset");
        boolean versions = "true".equals(request.parameter("versions"));
        String last = token(request.parameter("pageToken"));
        JsonArray items = new JsonArray();
        JsonArray prefixes = new JsonArray();
        String folder = "";
        String told = null;
        JsonObject page = new JsonObject();
        page.addProperty("kind", "storage#objects");
        String from = start.compareTo(prefix) > 0 ? start : prefix;
        for (ObjectVersion version : bucket.from(from)) {
            String name = version.name();
            if (!name.startsWith(prefix) || (end != null && name.compareTo(end) >= 0)) {
                break;
            }
            int cut = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
            String entry = cut < 0 ? name : name.substring(0, cut + delimiter.length());
            String position = entry + (versions && cut < 0 ? "\0" + version.generation() : "");
            boolean alreadyTold = last != null && position.compareTo(last) <= 0;
            if (alreadyTold || entry.equals(folder) || (version.deleted() != null && !versions)) {
                continue;
            }
            if (items.size() + prefixes.size() == limit) {
                page.addProperty(
                        "nextPageToken", Base64.getUrlEncoder().encodeToString(told.getBytes(StandardCharsets.UTF_8)));
                break;
            }
            if (cut < 0) {
                items.add(version.resource());
            } else {
                prefixes.add(entry);
                folder = entry;
            }
            told = position;
        }
        if (!items.isEmpty()) {
            page.add("items", items);
        }
        if (!prefixes.isEmpty()) {
            page.add("prefixes", prefixes);
        }
        return page;
    }

    private static String token(String pageToken) {
        try {
            return pageToken == null
                    ? null
                    : new String(Base64.getUrlDecoder().decode(pageToken), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("Invalid pageToken");
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
