package io.modelregistry.store.gcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelregistry.store.gcs.server.Caller;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a bucket's policy lets a member do, as IAM evaluates it. Something that it doesn't know is an error, so that no policy passes because a part of it
 * was overlooked.
 */
final class GcsPolicy {
    static final String DELETER = "projects/acme/roles/registryDeleter";

    /** The permissions on objects that the roles have: https://cloud.google.com/storage/docs/access-control/iam-roles */
    private static final Map<String, Set<String>> PERMISSIONS = Map.of(
            "roles/storage.objectViewer",
            Set.of("storage.objects.get", "storage.objects.list"),
            "roles/storage.objectCreator",
            Set.of("storage.objects.create"),
            DELETER,
            Set.of("storage.objects.delete"));

    private final JsonNode policy;

    GcsPolicy(String policy) {
        this.policy = parse(policy);
        requireFields(this.policy, "version", "bindings");
        if (this.policy.get("version").intValue() != 3) {
            throw new AssertionError("Conditions need version 3");
        }
    }

    static JsonNode parse(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    JsonNode bindings() {
        return policy.get("bindings");
    }

    Caller.Access of(String member) {
        return (permission, resource, listed) -> allows(member, permission, resource, listed);
    }

    private boolean allows(String member, String permission, String resource, String listed) {
        boolean allowed = false;
        for (JsonNode binding : bindings()) {
            requireFields(binding, "role", "members", "condition");
            Set<String> permissions = PERMISSIONS.get(binding.get("role").textValue());
            if (permissions == null) {
                throw new AssertionError("What may a " + binding + "?");
            }
            allowed |= permissions.contains(permission)
                    && names(binding.get("members"), member)
                    && (!binding.has("condition") || holds(binding.get("condition"), resource, listed));
        }
        return allowed;
    }

    private static boolean holds(JsonNode condition, String resource, String listed) {
        requireFields(condition, "title", "expression");
        return new CelCondition(condition.get("expression").textValue(), resource, listed).holds();
    }

    private static boolean names(JsonNode members, String member) {
        for (JsonNode each : members) {
            if (each.textValue().equals(member)) {
                return true;
            }
        }
        return false;
    }

    private static void requireFields(JsonNode object, String... known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!List.of(known).contains(name)) {
                throw new AssertionError("Not to be evaluated: " + name);
            }
        });
    }
}
