package io.modelregistry.store.gcs.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** A partial answer, as in {@code items(name,size),nextPageToken}: https://cloud.google.com/storage/docs/json_api#partial-response */
final class Fields {
    private final Map<String, Fields> selected = new LinkedHashMap<>();

    static Fields parse(String text) {
        int[] position = {0};
        Fields fields = parse(text, position);
        if (position[0] != text.length()) {
            throw Refusal.badRequest("Invalid field selection " + text);
        }
        return fields;
    }

    private static Fields parse(String text, int[] position) {
        Fields fields = new Fields();
        StringBuilder name = new StringBuilder();
        while (position[0] < text.length()) {
            char c = text.charAt(position[0]);
            if (c == ')') {
                break;
            }
            position[0]++;
            if (c == '(') {
                fields.selected.put(name.toString(), parse(text, position));
                position[0]++;
                name.setLength(0);
            } else if (c == ',') {
                fields.add(name);
            } else {
                name.append(c);
            }
        }
        fields.add(name);
        return fields;
    }

    private void add(StringBuilder name) {
        if (!name.isEmpty()) {
            selected.put(name.toString(), null);
            name.setLength(0);
        }
    }

    JsonObject select(JsonObject whole) {
        JsonObject part = new JsonObject();
        selected.forEach((name, below) -> {
            JsonElement value = whole.get(name);
            if (value != null) {
                part.add(name, below == null ? value : below.select(value));
            }
        });
        return part;
    }

    private JsonElement select(JsonElement value) {
        if (value instanceof JsonArray array) {
            JsonArray parts = new JsonArray();
            array.forEach(each -> parts.add(select(each)));
            return parts;
        }
        return value instanceof JsonObject object ? select(object) : value;
    }
}
