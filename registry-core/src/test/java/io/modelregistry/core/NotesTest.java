package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.NoteId;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.Version;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.SimulatedCrash;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Note;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that can be erased, and what remains of them. */
class NotesTest {
    private static final String TEXT = "Mrs Curie of ward 7 disagrees\nwith the label";
    private static final String EVALUATIONS = "evaluations/tumor/0000000001/";

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Version version;

    @BeforeEach
    void registerAVersion() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        version = ada.version("tumor@1");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void aNoteIsReadBackByOthers() {
        NoteId id = version.addNote(TEXT);

        Note note = rig.client("ben").version("tumor@1").notes().get(0);

        assertThat(note.id()).isEqualTo(id);
        assertThat(note.text()).contains(TEXT);
        assertThat(note.writtenBy()).hasToString("ada");
        assertThat(note.writtenAt()).isEqualTo(rig.host.now());
        assertThat(note.erased()).isEmpty();
    }

    @Test
    void theTrailHoldsTheDigestOfTextAndSaltAndNeitherOfThem() {
        NoteId id = version.addNote(TEXT);

        String stored = text(note(id));
        String salt = stored.replaceAll(".*\"salt\":\"([0-9a-f]{32})\".*", "$1");

        assertThat(salt).hasSize(32);
        assertThat(text(EVALUATIONS + "0000000001.json"))
                .contains(Digest.of(stored.getBytes(StandardCharsets.UTF_8)).hex());
        assertThat(rig.store.keys())
                .filteredOn(key -> !key.equals(note(id)))
                .allSatisfy(key -> assertThat(text(key)).doesNotContain(salt, "Curie"));
    }

    @Test
    void theStoredFormIsFixed() {
        version.evaluate(Evaluation.of("", Metric.lowerIsBetter("loss", 0.5)));
        NoteId id = version.addNote("a\nb");
        String digest = Digest.of(rig.store.bytes(note(id)).orElseThrow()).hex();

        version.eraseNote(version.addNote("another"), "asked for");

        assertThat(text(note(id)))
                .matches(Pattern.quote("{\"format\":1,\"id\":\"" + id + "\",\"salt\":\"") + "[0-9a-f]{32}"
                        + Pattern.quote("\",\"text\":\"a\\nb\"}"));
        assertThat(text(EVALUATIONS + "0000000002.json"))
                .contains("\"change\":{\"type\":\"add-note\",\"note\":\"" + id + "\",\"sha256\":\"" + digest + "\"}")
                .contains("\"direction\":\"lower-is-better\"}],\"notes\":[{\"id\":\"" + id + "\",\"sha256\":\"" + digest
                        + "\",\"added\":2}]}");
        assertThat(text(EVALUATIONS + "0000000004.json"))
                .contains("\"change\":{\"type\":\"erase-note\",\"note\":\"")
                .contains("\"added\":2},{\"id\":\"")
                .contains("\"added\":3,\"erased\":4}]}");
    }

    @Test
    void theSameTextTwiceHasTwoSaltsAndTwoDigests() {
        version.addNote(TEXT);
        version.addNote(TEXT);

        String entry = text(EVALUATIONS + "0000000002.json");
        String state = entry.substring(entry.indexOf("\"state\":"));
        assertThat(Pattern.compile("\"sha256\":\"([0-9a-f]{64})\"")
                        .matcher(state)
                        .results()
                        .map(digest -> digest.group(1)))
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(rig.store.keys())
                .filteredOn(key -> key.startsWith("notes/"))
                .extracting(key -> text(key).replaceAll(".*\"salt\":\"([0-9a-f]{32})\".*", "$1"))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void anErasedNoteLeavesTheTrailWholeAndNothingOfItsText() {
        NoteId id = version.addNote(TEXT);
        version.evaluate(Evaluation.of("later", Metric.higherIsBetter("auc", 0.9)));

        rig.client("ben").version("tumor@1").eraseNote(id, "she asked for it");

        assertThat(rig.store.keys()).allSatisfy(key -> assertThat(text(key)).doesNotContain("Curie"));
        assertThat(rig.store.keys()).doesNotContain(note(id));
        Note note = version.notes().get(0);
        assertThat(note.text()).isEmpty();
        assertThat(note.writtenBy()).hasToString("ada");
        assertThat(note.erased().orElseThrow().by()).hasToString("ben");
        assertThat(note.erased().orElseThrow().reason()).isEqualTo("she asked for it");
        assertThat(findings())
                .containsExactly(new Finding(
                        Severity.NOTE,
                        note(id),
                        "it was erased: " + EVALUATIONS + "0000000003.json says by whom and why"));
        assertThat(ada.model("tumor").history().get(4).toString())
                .contains("ben  erase-note tumor@1: note " + id + " → erased  \"she asked for it\"");
        assertThat(version.metrics()).hasSize(1);
    }

    @Test
    void notesAndMetricsOfAVersionDoNotDisturbEachOther() {
        version.evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.9)));
        NoteId id = version.addNote(TEXT);
        version.evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.8), Metric.lowerIsBetter("loss", 0.1)));

        assertThat(version.metrics()).extracting(Metric::value).containsExactly(0.8, 0.1);
        assertThat(version.notes()).extracting(Note::id).containsExactly(id);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aCrashBeforeTheEntryLeavesANoteThatNobodyCites() {
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.onceOn(Operation.CREATE, EVALUATIONS + ".*", 1, Fault.CRASH_BEFORE));

        assertThatThrownBy(() -> ben.registry().version("tumor@1").addNote(TEXT))
                .isInstanceOf(SimulatedCrash.class);

        assertThat(version.notes()).isEmpty();
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.NOTE);
            assertThat(finding.key()).startsWith("notes/tumor/");
            assertThat(finding.message()).startsWith("no entry cites this note: adding it didn't finish");
        });
    }

    @Test
    void aCrashBeforeTheDeletionLeavesAnErasureThatIsRepeated() {
        NoteId id = version.addNote(TEXT);
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.onceOn(Operation.DELETE, "notes/.*", 1, Fault.CRASH_BEFORE));

        assertThatThrownBy(() -> ben.registry().version("tumor@1").eraseNote(id, "asked for"))
                .isInstanceOf(SimulatedCrash.class);

        assertThat(version.notes().get(0).text()).isEmpty();
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.message()).endsWith("but is still there. Erase it again");
        });

        version.eraseNote(id, "once more");

        assertThat(rig.store.keys()).doesNotContain(note(id));
        assertThat(version.notes().get(0).erased().orElseThrow().reason()).isEqualTo("asked for");
        assertThat(rig.store.keys())
                .filteredOn(key -> key.startsWith(EVALUATIONS))
                .hasSize(2);
    }

    @Test
    void whoMayNotDeleteIsToldThatTheTextMayStillBeThere() {
        NoteId id = version.addNote(TEXT);
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.everyTimeOn(Operation.DELETE, "notes/.*", Fault.DENIED));

        assertThatThrownBy(() -> ben.registry().version("tumor@1").eraseNote(id, "asked for"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("That the note " + id + " of tumor@1 is erased stands in the audit trail, but it"
                        + " is not known whether its text is deleted")
                .hasMessageContaining(". Deleting it needs role administrator")
                .hasMessageContaining("Let somebody who may delete under notes/ erase it again");
        ben.faults().set(FaultPlan.everyTimeOn(Operation.DELETE, "notes/.*", Fault.UNAVAILABLE));
        assertThatThrownBy(() -> ben.registry().version("tumor@1").eraseNote(id, "asked for"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("Erase it again: that only deletes");
    }

    /** Some file systems need room to delete. */
    @Test
    void anErasureOnAFullStoreDoesNotSayThatNothingWasWritten() {
        NoteId id = version.addNote(TEXT);
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.everyTimeOn(Operation.DELETE, "notes/.*", Fault.FULL));

        assertThatThrownBy(() -> ben.registry().version("tumor@1").eraseNote(id, "asked for"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("make room and try again")
                .hasMessageNotContaining("Nothing was written");

        ben.faults().set(FaultPlan.none());
        ben.registry().version("tumor@1").eraseNote(id, "asked for");
        assertThat(rig.store.keys()).doesNotContain(note(id));
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsLookedAtAgain() {
        NoteId id = version.addNote(TEXT);
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.onceOn(Operation.DELETE, "notes/.*", 1, Fault.LOST_ANSWER));

        ben.registry().version("tumor@1").eraseNote(id, "asked for");

        assertThat(ben.backend().faults()).hasSize(1);
        assertThat(rig.store.keys()).doesNotContain(note(id));
    }

    @Test
    void aNoteThatNobodyErasedAndThatIsGoneIsMissing() {
        NoteId id = version.addNote(TEXT);
        rig.store.remove(note(id));

        assertThatThrownBy(version::notes)
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.MISSING_NOTE);
                    assertThat(e.key()).isEqualTo(note(id));
                })
                .hasMessageContaining("it isn't there, and no entry says that it was erased");
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.key()).isEqualTo(note(id));
        });
    }

    @Test
    void aNoteThatWasChangedIsFoundOut() {
        NoteId id = version.addNote(TEXT);
        rig.store.put(note(id), text(note(id)).replace("disagrees", "agrees").getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(version::notes)
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.CORRUPT_NOTE));
        assertThat(findings()).extracting(Finding::key).containsExactly(note(id));
    }

    @Test
    void aNoteThatIsErasedWhileItIsReadIsErasedRatherThanMissing() {
        NoteId id = version.addNote(TEXT);
        Rig.Faulty ben = rig.faulty("ben");
        AtomicBoolean erased = new AtomicBoolean();
        ben.faults().set(call -> {
            if (call.operation() == Operation.GET && call.key().equals(note(id)) && !erased.getAndSet(true)) {
                version.eraseNote(id, "meanwhile");
            }
            return Fault.NONE;
        });

        List<Note> notes = ben.registry().version("tumor@1").notes();

        assertThat(notes.get(0).erased().orElseThrow().reason()).isEqualTo("meanwhile");
        erased.set(false);
        NoteId another = version.addNote("another");
        ben.faults().set(call -> {
            if (call.operation() == Operation.GET && call.key().equals(note(another)) && !erased.getAndSet(true)) {
                version.eraseNote(another, "meanwhile");
            }
            return Fault.NONE;
        });
        assertThat(ben.registry().verify().errors()).isEmpty();
        assertThat(erased).isTrue();
    }

    @Test
    void aNoteThatIsNotThereCannotBeErased() {
        assertThatThrownBy(() -> version.eraseNote(NoteId.of("0".repeat(32)), "asked for"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No note 00000000000000000000000000000000 of tumor@1");
        assertThatThrownBy(() -> NoteId.of("../registry.json"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("it has 32 digits");
    }

    @Test
    void aNoteThatAnotherProcessAddedIsErasedByOneThatKnewTheStreamWithoutIt() {
        version.notes();
        NoteId id = rig.client("ben").version("tumor@1").addNote(TEXT);

        version.eraseNote(id, "asked for");

        assertThat(rig.store.keys()).doesNotContain(note(id));
    }

    @Test
    void aVersionHasTwoHundredNotesAtMost() {
        for (int i = 0; i < 200; i++) {
            version.addNote("note " + i);
        }
        int keys = rig.store.keys().size();

        assertThatThrownBy(() -> version.addNote("one more"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("tumor@1 has 200 notes, as many as are kept");
        assertThat(rig.store.keys()).hasSize(keys);
        assertThat(version.notes()).hasSize(200);
    }

    @Test
    void whoKnewOfRoomForOneMoreNoteIsRefusedOnceAnotherTookIt() {
        for (int i = 0; i < 199; i++) {
            version.addNote("note " + i);
        }
        Version bens = rig.client("ben").version("tumor@1");
        bens.notes();
        version.addNote("the last");

        assertThatThrownBy(() -> bens.addNote("one more"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("tumor@1 has 200 notes, as many as are kept");
        assertThat(version.notes()).hasSize(200);
    }

    @Test
    void aNoteIsReadOnceOrTwiceWhenAConnectionSpoiltIt() {
        NoteId id = version.addNote(TEXT);
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.onceOn(Operation.GET, "notes/.*", 1, Fault.FLIPPED));

        for (int i = 0; i < 2; i++) {
            assertThat(ben.registry().version("tumor@1").notes().get(0).text()).contains(TEXT);
        }

        assertThat(ben.backend().faults()).hasSize(1);
        assertThat(ben.backend().calls())
                .filteredOn(call -> call.key().equals(note(id)))
                .hasSize(3);
    }

    @Test
    void theEntryOfANoteCitesTheVersion() {
        version.eraseNote(version.addNote(TEXT), "asked for");

        assertThat(text(EVALUATIONS + "0000000001.json")).contains("\"seen\":{\"versions/tumor\":1}");
        assertThat(text(EVALUATIONS + "0000000002.json")).contains("\"seen\":{\"versions/tumor\":1}");
    }

    @Test
    void addingCreatesTheNoteAndTheEntryAndErasingAddsTwoLooksAndADeletion() {
        Rig.Counted ben = rig.counted("ben");
        Version bens = ben.registry().version("tumor@1");
        NoteId id = bens.addNote("first");
        ben.backend().reset();

        bens.addNote(TEXT);
        // the look-up is for the store time of the entry before
        assertThat(ben.backend()).hasToString("2 create, 1 stat, 1 overwrite");

        ben.backend().reset();
        bens.eraseNote(id, "asked for");
        // the stream, the entry and its hint; then the note: there, deleted, gone
        assertThat(ben.backend()).hasToString("1 create, 1 get, 3 stat, 1 overwrite, 1 delete");
    }

    private List<Finding> findings() {
        return rig.client("auditor").verify().findings();
    }

    private String text(String key) {
        return new String(rig.store.bytes(key).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static String note(NoteId id) {
        return "notes/tumor/" + id;
    }
}
