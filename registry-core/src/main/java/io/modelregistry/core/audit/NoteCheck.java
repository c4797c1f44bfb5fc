package io.modelregistry.core.audit;

import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.version.NoteItem;
import io.modelregistry.core.version.Notes;
import io.modelregistry.storage.Depth;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares the notes that entries cite with those that stand. Used once. */
final class NoteCheck {
    private final Streams streams;
    private final Notes notes;
    private final Findings findings;
    private final Set<String> cited = new HashSet<>();

    NoteCheck(Streams streams, Findings findings) {
        this.streams = streams;
        this.notes = new Notes(streams);
        this.findings = findings;
    }

    /** @param tips the newest entry of each stream */
    void run(Map<StreamName, StoredEntry> tips) {
        Set<String> standing = new HashSet<>(streams.store().listAll(KeyLayout.NOTES, Depth.ALL));
        tips.forEach((name, tip) -> {
            if (name.path().startsWith(KeyLayout.EVALUATIONS)) {
                try {
                    ModelName model = ModelName.of(name.path().split("/", -1)[1]);
                    tip.decode(entry -> NoteItem.of(entry.state())).forEach(item -> check(name, model, item, standing));
                } catch (IntegrityException e) {
                    findings.error(KeyLayout.entry(name, tip.sequence()), e);
                } catch (InvalidRequestException e) {
                    // the name is reported with the stream's
                }
            }
        });
        standing.stream()
                .filter(key -> !cited.contains(key))
                .sorted()
                .forEach(key -> findings.note(
                        key,
                        "no entry cites this note: adding it didn't finish. Nothing reads it; delete it if its text must"
                                + " not be kept"));
    }

    private void check(StreamName stream, ModelName model, NoteItem item, Set<String> standing) {
        String key = KeyLayout.note(model, item.id());
        cited.add(key);
        if (item.isErased()) {
            sayErased(stream, item, key, standing.contains(key));
            return;
        }
        IntegrityException damage = notes.check(model, item);
        if (damage != null && !isErasedBy(stream, item)) {
            findings.error(key, damage);
        }
    }

    private void sayErased(StreamName stream, NoteItem item, String key, boolean stands) {
        String entry = KeyLayout.entry(stream, item.erased());
        if (stands) {
            findings.warning(key, "it was erased (" + entry + "), but is still there. Erase it again");
        } else {
            findings.note(key, "it was erased: " + entry + " says by whom and why");
        }
    }

    /** Others may be erasing while this reads. */
    private boolean isErasedBy(StreamName stream, NoteItem item) {
        return streams.log(stream).read().decode(NoteItem::of).stream()
                .anyMatch(now -> now.id().equals(item.id()) && now.isErased());
    }
}
