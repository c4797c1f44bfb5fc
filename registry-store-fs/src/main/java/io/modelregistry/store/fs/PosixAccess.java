package io.modelregistry.store.fs;

import io.modelregistry.EnvironmentName;
import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Authority;
import io.modelregistry.access.Authority.Content;
import io.modelregistry.access.Role;
import io.modelregistry.access.Role.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The owners and modes that make a Linux file system enforce {@link AccessRules} as far as it can: a shell script that makes a group for each role and
 * a folder for each authority.
 *
 * <pre>{@code
 * PosixAccess.of("file:/srv/registry")
 *         .withEnvironment("staging")
 *         .withEnvironment("production")
 *         .script();
 * }</pre>
 *
 * <p>A file system can't let somebody create and keep him from what he created: who wrote a file may write it again, and who made a folder may take away
 * what others put there. Running the script again ends that for all that was written before, since root owns it then. Who may replace hints or
 * notes may delete them, and blobs and notes are purged by root. Immutable.
 */
public final class PosixAccess {
    private static final Pattern GROUP = Pattern.compile("[a-z_][a-z0-9_-]{0,31}|[0-9]{1,9}");

    private final Path root;
    private final NavigableMap<Role, String> groups;

    private PosixAccess(Path root, NavigableMap<Role, String> groups) {
        if (!root.isAbsolute() || root.toString().chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException(
                    "Not a folder that a script can name: " + root + ": it looks like file:/srv/registry");
        }
        this.root = root;
        this.groups = groups;
    }

    /** @param location as a registry is opened with it, {@code file:/srv/registry} */
    public static PosixAccess of(String location) {
        NavigableMap<Role, String> groups = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            Role role = new Role(kind, null);
            groups.put(role, "registry-" + role);
        }
        return new PosixAccess(FileBackendProvider.folder(URI.create(location)), groups);
    }

    /** With a group {@code registry-releaser-<name>} for the releasers of one environment. The others are changed by releasers of every environment. */
    public PosixAccess withEnvironment(String name) {
        return withGroup(Role.releaser(EnvironmentName.of(name)), "registry-releaser-" + name);
    }

    /** With another group for a role, by name or by number. One that has a name and doesn't exist is made. */
    public PosixAccess withGroup(Role role, String group) {
        if (!GROUP.matcher(group).matches()) {
            throw new IllegalArgumentException("Not a group's name: " + group
                    + ": up to 32 characters of [a-z0-9_-], or a number. Name the group of " + role + " yourself");
        }
        NavigableMap<Role, String> more = new TreeMap<>(groups);
        more.put(role, group);
        return new PosixAccess(root, more);
    }

    /** To be run as root, before or after the registry is made, and again whenever what was written since is to be sealed. */
    public String script() {
        StringBuilder script = new StringBuilder("""
                #!/bin/sh
                # Lets each role of a model registry write what it may, and keeps the rest from it. For Linux; run it as root.
                #
                # Everybody who uses the registry belongs to the readers' group, and to those of his roles besides. Who releases to every
                # environment belongs to the groups of all of them. Root makes the registry: nobody else may create registry.json.
                #
                # Run it again at any time, say every night. Until then who wrote a file may write it again, and who made a folder may take
                # away what others put there; afterwards root owns both, and they may not.
                #
                # Not promised: who may replace a hint or a note may delete it. Only root deletes blobs, intents, and other people's notes and
                # probes. The policy has no hint, which makes the first look at it slower.
                set -eu
                umask 022
                """);
        script.append("root=").append(quoted(root.toString())).append('\n');
        script.append("""

                # group NAME: makes it, unless it stands or is a number
                group() {
                  case $1 in
                    *[!0-9]*) getent group "$1" > /dev/null || groupadd --system "$1" ;;
                  esac
                }

                # once GROUP FOLDER: the group creates there, and replaces and removes nothing. What stands becomes root's first: nothing that
                # another could exchange meanwhile for a link to elsewhere gets a mode.
                once() {
                  mkdir -p "$root/$2"
                  chown -hR "root:$1" "$root/$2"
                  find "$root/$2" -user root -type d -exec chmod 3775 {} +
                  find "$root/$2" -user root -type f -links 1 -exec chmod 644 {} +
                }

                # any GROUP FOLDER: the group creates, replaces and removes there
                any() {
                  find "$root/$2" -maxdepth 0 -type d -user root -group "$1" -perm 2775 2> /dev/null | grep -q . && return
                  [ -e "$root/$2" ] || [ -L "$root/$2" ] || mkdir "$root/$2"
                  chown -h "root:$1" "$root/$2"
                  find "$root/$2" -maxdepth 0 -type d -exec chmod 2775 {} +
                }

                # hints GROUP FOLDER: as any; hints of another time or group are dropped, since they only save readers requests
                hints() {
                  find "$root/$2" -maxdepth 0 -type d -user root -group "$1" -perm 2775 2> /dev/null | grep -q . && return
                  rm -rf "$root/$2"
                  mkdir -m 2775 "$root/$2"
                  chown -h "root:$1" "$root/$2"
                }

                """);
        for (String group : groups.values()) {
            script.append("group ").append(group).append('\n');
        }
        script.append("""

                # All else is readable to everybody who gets through here.
                mkdir -p "$root"
                chown "root:%s" "$root"
                chmod 750 "$root"
                find "$root/registry.json" -type f -exec chown "root:%s" {} + -exec chmod 640 {} + 2> /dev/null || true

                """.replace("%s", groups.get(Role.READER)));
        for (Authority authority : Authority.values()) {
            appendFolder(authority, script);
        }
        appendHints(script);
        return script.toString();
    }

    private void appendFolder(Authority authority, StringBuilder script) {
        if (authority == Authority.ENVIRONMENTS) {
            appendEnvironments(script);
        } else if (authority.prefix().endsWith("/") && authority.content() != Content.HINTS) {
            append(authority.isCreateOnly() ? "once" : "any", group(authority), authority.prefix(), script);
        }
    }

    /** The environments with releasers of their own are left out of what is done with the others, so that they aren't the others' for a moment. */
    private void appendEnvironments(StringBuilder script) {
        String all = groups.get(Role.RELEASER);
        script.append("mkdir -p \"$root/environments\"\n")
                .append("chown root:" + all + " \"$root/environments\"\n")
                .append("chmod 3775 \"$root/environments\"\n")
                .append("for each in \"$root\"/environments/*; do\n")
                .append("  case ${each##*/} in\n    '*'");
        groups.keySet().stream()
                .filter(role -> role.environment() != null)
                .forEach(role -> script.append(" | ").append(role.environment()));
        script.append(") ;;\n    *) once " + all + " \"environments/${each##*/}\" ;;\n  esac\ndone\n");
        groups.forEach((role, group) -> {
            if (role.environment() != null) {
                append("once", group, "environments/" + role.environment() + "/", script);
            }
        });
    }

    /** Nobody but root writes beside the folders of the authorities, where the one hint of the policy would be. */
    private void appendHints(StringBuilder script) {
        script.append("mkdir -p \"$root/hints\"\nchown root:root \"$root/hints\"\nchmod 755 \"$root/hints\"\n");
        for (Authority authority : Authority.values()) {
            if (authority.content() == Content.STREAMS && authority != Authority.POLICY) {
                append("hints", group(authority), "hints/" + authority.prefix(), script);
            }
        }
        groups.forEach((role, group) -> {
            if (role.environment() != null) {
                append("hints", group, "hints/environments/" + role.environment() + "/", script);
            }
        });
    }

    private static void append(String function, String group, String folder, StringBuilder script) {
        script.append(function)
                .append(' ')
                .append(group)
                .append(' ')
                .append(folder, 0, folder.length() - 1)
                .append('\n');
    }

    private String group(Authority authority) {
        return AccessRules.needed(Action.CREATE, authority.prefix() + "any")
                .map(groups::get)
                .orElseThrow(() -> new IllegalStateException("Nobody writes " + authority.prefix()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
