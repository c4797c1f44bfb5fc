package io.modelregistry.store.gcs;

import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Grant;
import io.modelregistry.access.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The policy of a bucket that makes Google Cloud Storage enforce {@link AccessRules}, in the form of {@code gcloud storage buckets set-iam-policy}.
 *
 * <pre>{@code
 * GcsAccess.of("gs://models/team", "projects/acme/roles/registryDeleter")
 *         .grant(Role.CONTRIBUTOR, "serviceAccount:trainer@acme.iam.gserviceaccount.com")
 *         .grant(Role.releaser("production"), "group:release@acme.com")
 *         .policy();
 * }</pre>
 *
 * <p>Who may create and not delete can't overwrite: Cloud Storage asks for {@code storage.objects.delete} before it replaces what stands. So who may
 * overwrite hints or notes may delete them too, and nobody should have two roles of which one creates what the other deletes. Conditions need a
 * bucket with uniform bucket-level access: https://cloud.google.com/storage/docs/access-control/iam#conditions. Immutable.
 */
public final class GcsAccess {
    private static final String VIEWER = "roles/storage.objectViewer";
    private static final String CREATOR = "roles/storage.objectCreator";
    private static final Pattern CUSTOM_ROLE =
            Pattern.compile("(projects|organizations)/[A-Za-z0-9.:-]+/roles/[A-Za-z0-9_.]{3,64}");
    private static final Pattern MEMBER = Pattern.compile("[A-Za-z]+:[!-~&&[^\"\\\\]]+");

    private final GcsLocation location;
    private final String deleter;
    private final NavigableMap<Role, NavigableSet<String>> members;

    private GcsAccess(GcsLocation location, String deleter, NavigableMap<Role, NavigableSet<String>> members) {
        if (!CUSTOM_ROLE.matcher(deleter).matches()) {
            throw new IllegalArgumentException("Not the name of a custom role: " + deleter
                    + ": it looks like projects/acme/roles/registryDeleter");
        }
        this.location = location;
        this.deleter = deleter;
        this.members = members;
    }

    /**
     * @param location as a registry is opened with it, {@code gs://bucket/prefix}
     * @param deleter name of the custom role that {@link #deleterRole} defines, {@code projects/acme/roles/registryDeleter}
     */
    public static GcsAccess of(String location, String deleter) {
        return new GcsAccess(GcsLocation.parse(URI.create(location)), deleter, new TreeMap<>());
    }

    /** Besides those who have it, gives a role to somebody. */
    public GcsAccess grant(Role role, String member) {
        if (!MEMBER.matcher(member).matches()) {
            throw new IllegalArgumentException("Not a member of a policy: " + member
                    + ": it looks like serviceAccount:trainer@acme.iam.gserviceaccount.com");
        }
        NavigableMap<Role, NavigableSet<String>> more = new TreeMap<>(members);
        NavigableSet<String> those = new TreeSet<>(members.getOrDefault(role, new TreeSet<>()));
        those.add(member);
        more.put(role, those);
        return new GcsAccess(location, deleter, more);
    }

    /** The definition of the one role that Google has none of: to delete objects and nothing else. For {@code gcloud iam roles create --file}. */
    public static String deleterRole() {
        Map<String, Object> role = new LinkedHashMap<>();
        role.put("title", "Model registry: delete objects");
        role.put("stage", "GA");
        role.put("includedPermissions", List.of("storage.objects.delete"));
        return json(role);
    }

    /**
     * The bindings. Setting a policy replaces the one that stands, so add the bindings of that one that are still wanted, those of the bucket's
     * administrators first of all.
     */
    public String policy() {
        List<Map<String, Object>> bindings = new ArrayList<>();
        NavigableSet<String> everybody = new TreeSet<>();
        members.values().forEach(everybody::addAll);
        if (!everybody.isEmpty()) {
            bindings.add(reading(everybody));
        }
        members.forEach((role, those) -> {
            List<Grant> grants = AccessRules.grants(role);
            add(bindings, CREATOR, role + " creates", those, grants, grant -> grant.allows(Action.CREATE));
            add(
                    bindings,
                    deleter,
                    role + " deletes",
                    those,
                    grants,
                    grant -> grant.allows(Action.DELETE) || grant.allows(Action.OVERWRITE));
        });
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("version", 3); // the first that has conditions
        policy.put("bindings", bindings);
        return json(policy);
    }

    private Map<String, Object> reading(NavigableSet<String> everybody) {
        if (location.prefix().isEmpty()) {
            return binding(VIEWER, everybody);
        }
        String root = location.root();
        // A listing is asked of the bucket and names its prefix. That a key is missing is told only to those who may
        // list, and that question names
        // none: so the last clause lets a question without prefix through, to those who ask about the bucket.
        String condition = "resource.name.startsWith('" + object("") + "') || "
                + listed("") + ".startsWith('" + root + "') || "
                + "(resource.name == '" + bucket() + "' && " + listed(root) + ".startsWith('" + root + "'))";
        return conditional(VIEWER, everybody, "Model registry: everybody reads", condition);
    }

    /** The prefix of a listing, or something else where there is none. */
    private static String listed(String otherwise) {
        return "api.getAttribute('storage.googleapis.com/objectListPrefix', '" + otherwise + "')";
    }

    private void add(
            List<Map<String, Object>> bindings,
            String gcsRole,
            String title,
            NavigableSet<String> those,
            List<Grant> grants,
            Predicate<Grant> wanted) {
        String condition = grants.stream().filter(wanted).map(this::clause).collect(Collectors.joining(" || "));
        if (!condition.isEmpty()) {
            bindings.add(conditional(gcsRole, those, "Model registry: " + title, condition));
        }
    }

    private String clause(Grant grant) {
        String name = "'" + object(grant.keys()) + "'";
        return grant.isPrefix() ? "resource.name.startsWith(" + name + ")" : "resource.name == " + name;
    }

    private static Map<String, Object> conditional(
            String gcsRole, NavigableSet<String> those, String title, String expression) {
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("title", title);
        condition.put("expression", expression);
        Map<String, Object> binding = binding(gcsRole, those);
        binding.put("condition", condition);
        return binding;
    }

    private static Map<String, Object> binding(String gcsRole, NavigableSet<String> those) {
        Map<String, Object> binding = new LinkedHashMap<>();
        binding.put("role", gcsRole);
        binding.put("members", List.copyOf(those));
        return binding;
    }

    private String bucket() {
        return "projects/_/buckets/" + location.bucket();
    }

    private String object(String key) {
        return bucket() + "/objects/" + location.root() + key;
    }

    private static String json(Map<String, Object> value) {
        try {
            return Answer.JSON.toPrettyString(value) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written anywhere
        }
    }
}
