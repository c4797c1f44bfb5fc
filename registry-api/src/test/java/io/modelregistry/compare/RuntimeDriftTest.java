package io.modelregistry.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Digest;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.RuntimeSnapshot.Library;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuntimeDriftTest {
    private static final Library TRIBUO = new Library("org.tribuo:tribuo-core:4.3.2", Digest.of(new byte[] {1}));
    private static final Library CLASSES = new Library("classes", null);

    @Test
    void theSameSoftwareDoesNotDrift() {
        RuntimeDrift drift =
                RuntimeDrift.between(runtime("17.0.15", TRIBUO, CLASSES), runtime("17.0.15", CLASSES, TRIBUO));

        assertThat(drift.isNone()).isTrue();
        assertThat(drift).hasToString("no drift");
        assertThat(drift.toText()).isEqualTo("no drift\n");
    }

    @Test
    void anUpgradeOfALibraryAndOfTheJvmAreOneDifferenceEach() {
        Library newer = new Library("org.tribuo:tribuo-core:4.4.0", Digest.of(new byte[] {2}));

        RuntimeDrift drift = RuntimeDrift.between(runtime("17.0.15", TRIBUO), runtime("21.0.5", newer));

        assertThat(drift)
                .hasToString("java: 17.0.15 Debian → 21.0.5 Debian;"
                        + " org.tribuo:tribuo-core: 4.3.2 4bf5122f3445 → 4.4.0 dbc1b4c900ff");
        assertThat(drift.toText()).isEqualTo("""
                                                captured            now
                        java                    17.0.15 Debian      21.0.5 Debian
                        org.tribuo:tribuo-core  4.3.2 4bf5122f3445  4.4.0 dbc1b4c900ff
                        """);
    }

    @Test
    void theSameVersionFromAnotherJarIsADifference() {
        Library rebuilt = new Library(TRIBUO.name(), Digest.of(new byte[] {2}));

        assertThat(RuntimeDrift.between(runtime("17", TRIBUO), runtime("17", rebuilt))
                        .differences())
                .hasSize(1);
    }

    @Test
    void theMachineComesBeforeTheClassPath() {
        assertThat(RuntimeDrift.between(runtime("17"), runtime("21", new Library("a.jar", null))))
                .hasToString("java: 17 Debian → 21 Debian; a.jar: – → present");
    }

    @Test
    void whatIsMissingNowAndWhatIsNewAreSaid() {
        assertThat(RuntimeDrift.between(runtime("17", TRIBUO), runtime("17", CLASSES)))
                .hasToString("classes: – → present; org.tribuo:tribuo-core: 4.3.2 4bf5122f3445 → –");
    }

    @Test
    void aLogLineNamesTheFirstFew() {
        Library[] many = IntStream.range(0, 9)
                .mapToObj(i -> new Library("lib" + i, null))
                .toArray(Library[]::new);

        assertThat(RuntimeDrift.between(runtime("17"), runtime("17", many)).toString())
                .startsWith("lib0: – → present; lib1: ")
                .endsWith("lib4: – → present; and 4 more");
    }

    private static RuntimeSnapshot runtime(String java, Library... libraries) {
        return new RuntimeSnapshot(java, "Debian", "Linux 6.1", "amd64", "0.1.0", List.of(libraries));
    }
}
