package io.modelregistry.core.specs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models of {@code docs/specs}, checked in every state they can reach; the broken ones fall, each by the invariant that it breaks. */
class ModelsTest {
    private static final int DEEP_FROM_SECONDS = 120;

    private static final List<Model> RIGHT = List.of(
            new Model("RegLog", "ok2"),
            new Model("RegLog", "ok3"),
            new Model("RegLog", "okrepeat"),
            new Model("Retire", "retire"),
            new Model("Retire", "retire_two"),
            new Model("Label", "label"),
            new Model("Gc", "gc_dekker"));

    /** Larger ones, for when there is time. */
    private static final List<Model> DEEP =
            List.of(new Model("RegLog", "deep_ok2"), new Model("Retire", "deep_retire"));

    private static final List<Broken> BROKEN = List.of(
            new Broken("RegLog", "b412", "FailedAbsent"),
            new Broken("RegLog", "headfirst", "HeadBehind"),
            new Broken("RegLog", "moveon", "NoDup"),
            new Broken("RegLog", "hasty", "FailedAbsent"),
            new Broken("RegLog", "noid", "NoDup"),
            new Broken("Retire", "retire_norecheck", "NoneRetiredWhereToldServed"),
            new Broken("Retire", "retire_blindlook", "NoneRetiredWhereToldServed"),
            new Broken("Retire", "retire_lookfirst", "NoneRetiredWhereToldServed"),
            new Broken("Retire", "retire_oldlook", "NoneRetiredWhereToldServed"),
            new Broken("Retire", "retire_blindrepeat", "NoneRetiredWhereToldServed"),
            new Broken("Label", "label_overwrite", "RegisteredHasItsLabel"),
            new Broken("Label", "label_first", "LabelNamesAVersion"),
            new Broken("Label", "label_noclaim", "RegisteredHasItsLabel"),
            new Broken("Gc", "gc_naive", "NoDangling"),
            new Broken("Gc", "gc_recheck", "NoDangling"),
            new Broken("Gcl", "gc_dekker", "NoDangling"));

    @TempDir
    Path scratch;

    private Tlc tlc;

    private record Model(String spec, String config) {}

    private record Broken(String spec, String config, String violates) {}

    @BeforeEach
    void copyTheModels() {
        tlc = new Tlc(scratch);
    }

    @Test
    void theCheckerTellsAProtocolThatHoldsFromOneThatDoesNot() {
        assertThat(tlc.check("Gc", "gc_dekker", 1).violated()).isEmpty();
        assertThat(tlc.check("RegLog", "moveon", 1).violated()).contains("NoDup");
    }

    @Test
    void everyConfigurationIsChecked() throws IOException {
        List<String> checked =
                Stream.of(RIGHT, DEEP).flatMap(List::stream).map(Model::config).toList();
        List<String> all = new ArrayList<>(checked);
        BROKEN.forEach(broken -> all.add(broken.config()));

        try (Stream<Path> files = Files.list(Tlc.SPECS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".cfg"))
                            .map(name -> name.substring(0, name.length() - ".cfg".length())))
                    .containsExactlyInAnyOrderElementsOf(all.stream().distinct().toList());
        }
    }

    @Test
    @Tag("proof")
    void noStateOfTheProtocolsViolatesAnything() {
        List<Model> models = new ArrayList<>(RIGHT);
        if (Integer.getInteger("proof.seconds", 5) >= DEEP_FROM_SECONDS) {
            models.addAll(DEEP);
        }
        List<String> figures = new ArrayList<>();
        long states = 0;
        for (Model model : models) {
            Tlc.Result result = tlc.check(model.spec(), model.config(), 2);
            assertThat(result.violated()).as(model.toString()).isEmpty();
            figures.add(model.config() + " " + result.distinctStates());
            states += result.distinctStates();
        }
        System.out.println("proof: models: " + models.size() + " hold in all " + states + " distinct states: "
                + String.join(", ", figures));
    }

    @Test
    @Tag("proof")
    void everyBrokenProtocolFallsByTheInvariantThatItBreaks() {
        List<String> figures = new ArrayList<>();
        for (Broken broken : BROKEN) {
            Tlc.Result result = tlc.check(broken.spec(), broken.config(), 1);
            assertThat(result.violated()).as(broken.toString()).isEqualTo(Optional.of(broken.violates()));
            figures.add(broken.config() + " " + result.distinctStates());
        }
        System.out.println("proof: models: all " + BROKEN.size() + " broken ones fall, after so many distinct states: "
                + String.join(", ", figures));
    }
}
