package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Role;
import io.modelregistry.access.Role.Kind;
import io.modelregistry.testkit.access.AccessMatrix;
import io.modelregistry.testkit.access.AccessMatrix.Case;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class PosixAccessTest {
    private static final byte[] CONTENT = {1};

    @TempDir
    private Path folder;

    /** The script as it is run, by users as there are: each a process with groups of its own. */
    @Nested
    final class AsRoot {
        private final Map<Role, String> groups = new HashMap<>();
        private final List<String> users = new ArrayList<>();
        private Path root;
        private String classPath;

        @BeforeEach
        void makeARegistry() throws IOException, URISyntaxException {
            Command.run("chmod", "755", folder.toString());
            assumeThat(obstacle()).as("skipped, no users try").isEmpty();
            for (Role role : AccessMatrix.roles()) {
                groups.put(role, Integer.toString(41_000 + groups.size()));
            }
            root = folder.resolve("a team's registry");
            classPath =
                    copyOf(FileBackend.class) + ":" + copyOf(AccessWorker.class) + ":" + copyOf(ModelRegistry.class);
            runScript();
        }

        /** Why nobody else can be become here; empty where it is possible. */
        private String obstacle() {
            return Command.complaint(
                    "setpriv",
                    "--reuid=42000",
                    "--regid=42000",
                    "--clear-groups",
                    "sh",
                    "-c",
                    "cd \"$1\" && \"$2\" -version",
                    "sh",
                    folder.toString(),
                    java());
        }

        private String java() {
            return Path.of(System.getProperty("java.home"), "bin", "java").toString();
        }

        /** Where users who may not read this project's folders can read it. */
        private Path copyOf(Class<?> one) throws URISyntaxException {
            Path from = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path to = folder.resolve(one.getSimpleName());
            Command.run("cp", "-r", from.toString(), to.toString());
            Command.run("chmod", "-R", "a+rX", to.toString());
            return to;
        }

        private void runScript() throws IOException {
            PosixAccess access = PosixAccess.of(location());
            for (Map.Entry<Role, String> each : groups.entrySet()) {
                access = access.withGroup(each.getKey(), each.getValue());
            }
            Path script = Files.writeString(folder.resolve("script"), access.script());
            Command.run("sh", script.toString());
        }

        private String location() {
            return "file:" + URI.create(root.toUri().getRawPath()).getRawPath();
        }

        /** What stands, written by root. */
        private void stand(List<String> keys) {
            FileBackend backend = FileBackend.at(root, Host.system());
            keys.forEach(key -> backend.create(key, CONTENT));
        }

        /** The groups of somebody with this role: the readers', and for a releaser of every environment those of each. */
        private String groupsOf(Role role) {
            return groups.keySet().stream()
                    .filter(each -> each.equals(Role.READER) || role.includes(each))
                    .map(groups::get)
                    .collect(Collectors.joining(","));
        }

        /** Whether each task was let, in a process of a user with a role and with a umask that lets nobody in. */
        private List<Boolean> let(String user, Role role, List<String> tasks) throws IOException {
            Path input = Files.write(folder.resolve("tasks"), tasks);
            Process process = new ProcessBuilder(
                            "setpriv",
                            "--reuid=" + user,
                            "--regid=" + user,
                            "--groups=" + groupsOf(role),
                            "--inh-caps=-all",
                            "--no-new-privs",
                            "sh",
                            "-c",
                            "umask 077; exec \"$@\"",
                            "sh",
                            java(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xshare:auto",
                            "-cp",
                            classPath,
                            AccessWorker.class.getName(),
                            root.toString())
                    .directory(folder.toFile())
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .start();
            List<String> said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(said).allMatch(line -> line.equals("true") || line.equals("false"));
            assertThat(said).hasSameSizeAs(tasks);
            return said.stream().map(Boolean::valueOf).toList();
        }

        private boolean isLet(String user, Role role, Action action, String key) throws IOException {
            return let(user, role, List.of(action + " " + key)).get(0);
        }

        private String freshUser() {
            users.add("user");
            return Integer.toString(42_000 + users.size());
        }

        @Test
        void everyRoleMayDoWithEveryKeyWhatTheRulesAndTheFileSystemSay() throws IOException {
            List<String> keys = AccessMatrix.keys().stream()
                    .filter(key -> !key.equals("registry.json/a"))
                    .toList();
            List<String> wrong = new ArrayList<>();
            stand(keys);
            runScript();
            for (Role role : AccessMatrix.roles()) {
                stand(keys); // what the last one deleted
                List<Case> cases = AccessMatrix.cases().stream()
                        .filter(each -> each.role().equals(role) && keys.contains(each.key()))
                        .toList();
                List<String> tasks = cases.stream()
                        .map(each -> each.action() + " "
                                + (each.action() == Action.CREATE ? besides(each.key(), role) : each.key()))
                        .toList();

                List<Boolean> let = let(freshUser(), role, tasks);

                for (int i = 0; i < cases.size(); i++) {
                    if (let.get(i) != expected(cases.get(i))) {
                        wrong.add(cases.get(i) + ", but was " + (let.get(i) ? "" : "not ") + "let: " + tasks.get(i));
                    }
                }
            }

            assertThat(wrong).isEmpty();
        }

        /** Another key of the same kind, in the same folder. */
        private String besides(String key, Role role) {
            String suffix = "-" + role.toString().replace(':', '-');
            if (key.endsWith("/0000000001.json")) {
                int number = 100 + AccessMatrix.roles().indexOf(role);
                return key.substring(0, key.length() - "0000000001.json".length()) + "0000000" + number + ".json";
            }
            return key.endsWith(".json") ? key.substring(0, key.length() - 5) + suffix + ".json" : key + suffix;
        }

        @Test
        void contributorsShareWhatOneOfThemBegan() throws IOException {
            String ada = freshUser();
            String bob = freshUser();

            assertThat(isLet(ada, Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000001.json"))
                    .isTrue();
            assertThat(isLet(bob, Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000002.json"))
                    .isTrue();

            assertThat(isLet(bob, Role.CONTRIBUTOR, Action.OVERWRITE, "versions/tumor/0000000001.json"))
                    .isFalse();
            assertThat(isLet(bob, Role.CONTRIBUTOR, Action.DELETE, "versions/tumor/0000000001.json"))
                    .isFalse();
            assertThat(isLet(ada, Role.CONTRIBUTOR, Action.OVERWRITE, "hints/versions/tumor.json"))
                    .isTrue();
            assertThat(isLet(bob, Role.CONTRIBUTOR, Action.OVERWRITE, "hints/versions/tumor.json"))
                    .isTrue();
            assertThat(isLet(freshUser(), Role.READER, Action.READ, "versions/tumor/0000000002.json"))
                    .isTrue();
        }

        /** What the script's own comment says of it: fails when it becomes untrue, so that the comment can go. */
        @Test
        void whoWroteAFileMayWriteItAgainUntilTheScriptRunsAgain() throws IOException {
            String ada = freshUser();
            String bob = freshUser();
            isLet(ada, Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000001.json");
            isLet(bob, Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000002.json");
            isLet(bob, Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000003.json");

            assertThat(isLet(ada, Role.CONTRIBUTOR, Action.OVERWRITE, "versions/tumor/0000000001.json"))
                    .as("her own file")
                    .isTrue();
            assertThat(isLet(ada, Role.CONTRIBUTOR, Action.DELETE, "versions/tumor/0000000003.json"))
                    .as("his file in the folder that she made")
                    .isTrue();
            runScript();

            for (String user : List.of(ada, bob)) {
                for (String key : List.of("versions/tumor/0000000001.json", "versions/tumor/0000000002.json")) {
                    assertThat(isLet(user, Role.CONTRIBUTOR, Action.OVERWRITE, key))
                            .isFalse();
                    assertThat(isLet(user, Role.CONTRIBUTOR, Action.DELETE, key))
                            .isFalse();
                }
            }
            assertThat(isLet(bob, Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000003.json"))
                    .isTrue();
        }

        @Test
        void anAdministratorRemovesHisOwnProbes() throws IOException {
            String user = freshUser();

            assertThat(let(user, Role.ADMINISTRATOR, List.of("CREATE probe/a", "DELETE probe/a")))
                    .containsExactly(true, true);
        }

        @Test
        void whoIsNotAmongTheReadersSeesNothing() throws IOException {
            stand(List.of("versions/tumor/0000000001.json"));
            groups.put(Role.READER, "41999"); // the script ran with another

            assertThat(isLet(freshUser(), Role.READER, Action.READ, "versions/tumor/0000000001.json"))
                    .isFalse();
        }

        @Test
        void aRegistryThatStandsIsTakenOver() throws IOException {
            Path old = folder.resolve("old");
            FileBackend backend = FileBackend.at(old, Host.system());
            List<String> keys = List.of(
                    "registry.json", "versions/tumor/0000000001.json", "environments/production/tumor/0000000001.json");
            keys.forEach(key -> backend.create(key, CONTENT));
            backend.overwrite("hints/versions/tumor.json", CONTENT);
            Command.run("chown", "-R", "42900:42900", old.toString());
            Command.run("chmod", "-R", "u=rwX,go=", old.toString());
            root = old;

            runScript();

            for (String key : keys) {
                assertThat(isLet("42900", Role.CONTRIBUTOR, Action.READ, key)).isTrue();
                assertThat(isLet("42900", Role.CONTRIBUTOR, Action.OVERWRITE, key))
                        .isFalse();
            }
            assertThat(isLet("42901", Role.CONTRIBUTOR, Action.CREATE, "versions/tumor/0000000002.json"))
                    .isTrue();
            assertThat(isLet("42901", Role.CONTRIBUTOR, Action.OVERWRITE, "hints/versions/tumor.json"))
                    .isTrue();
        }

        /** A link that somebody planted leads root to nothing outside. */
        @Test
        void theScriptFollowsNoLink() throws IOException {
            Path secret = Files.createDirectory(folder.resolve("secret"));
            Path file = Files.write(secret.resolve("file"), CONTENT);
            Command.run("chmod", "600", file.toString());
            Command.run("chmod", "700", secret.toString());
            Command.run("chown", "-R", "42999:42999", secret.toString());
            for (String place : List.of("versions/a", "environments/dev", "hints/versions/a", "notes/a")) {
                Files.createSymbolicLink(root.resolve(place), secret);
            }
            Files.createLink(root.resolve("versions/b"), file);

            runScript();

            assertThat(modeAndOwner(secret)).isEqualTo("40700 42999");
            assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100600);
        }

        private String modeAndOwner(Path path) throws IOException {
            Map<String, Object> facts = Files.readAttributes(path, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
            return Integer.toOctalString((Integer) facts.get("mode")) + " " + facts.get("uid");
        }
    }

    /**
     * What the rules say, but for what a file system can't tell apart: whoever may replace may remove, and nobody but root removes what is another's.
     * Root alone writes beside the folders of the authorities.
     */
    private static boolean expected(Case each) {
        boolean besideTheFolders =
                each.key().equals("registry.json") || each.key().equals("hints/policy.json");
        return switch (each.action()) {
            case READ -> true;
            case CREATE, OVERWRITE -> each.allowed() && !besideTheFolders;
            case DELETE -> AccessRules.allows(each.role(), Action.OVERWRITE, each.key()) && !besideTheFolders;
        };
    }

    /** In short: root purges, makes registries, and no hint of the policy is kept. */
    @Test
    void whatAFileSystemCannotTellApartIsNoEntry() {
        assertThat(AccessMatrix.cases().stream()
                        .filter(each -> expected(each) != each.allowed())
                        .map(each -> each.role() + " " + each.action() + " "
                                + each.key().replaceFirst("/.*", "/")
                                + (expected(each) ? " more" : " less"))
                        .distinct())
                .allMatch(each -> each.matches("[a-z:-]+ DELETE (hints|notes)/ more")
                        || List.of(
                                        "administrator CREATE registry.json less",
                                        "administrator CREATE hints/ less",
                                        "administrator OVERWRITE hints/ less",
                                        "administrator DELETE probe/ less",
                                        "administrator DELETE notes/ less",
                                        "collector DELETE blobs/ less",
                                        "collector DELETE intents/ less")
                                .contains(each));
    }

    @Test
    void aScriptNamesEachGroupAndFolder() {
        String script = PosixAccess.of("file:/srv/it's%20here")
                .withEnvironment("production")
                .withGroup(Role.READER, "ml")
                .script();

        assertThat(script)
                .startsWith("#!/bin/sh\n")
                .contains(
                        "\nroot='/srv/it'\\''s here'\n",
                        "\ngroup ml\n",
                        "\ngroup registry-releaser-production\n",
                        "\nchown \"root:ml\" \"$root\"\n",
                        "\nonce registry-contributor versions\n",
                        "\nonce registry-releaser-production environments/production\n",
                        "\n    '*' | production) ;;\n",
                        "\nany registry-contributor notes\n",
                        "\nhints registry-reviewer hints/reviews\n",
                        "\nhints registry-releaser-production hints/environments/production\n")
                .doesNotContain("%s", "hints/policy", "once registry-administrator registry.json");
        assertThat(Stream.of(Kind.values()).map(kind -> new Role(kind, null)).filter(role -> !role.equals(Role.READER)))
                .allMatch(role -> script.contains("\ngroup registry-" + role + "\n"));
    }

    @Test
    void whatNoScriptCanNameIsRefused() {
        PosixAccess access = PosixAccess.of("file:/srv/registry");

        assertThatThrownBy(() -> PosixAccess.of("file:registry"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a folder that a script can name: registry");
        assertThatThrownBy(() -> access.withEnvironment("production.eu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Not a group's name: registry-releaser-production.eu: up to 32 characters of [a-z0-9_-], or a"
                                + " number. Name the group of releaser:production.eu yourself");
        assertThatThrownBy(() -> access.withGroup(Role.READER, "$(reboot)"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
