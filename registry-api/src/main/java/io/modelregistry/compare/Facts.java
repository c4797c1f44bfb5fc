package io.modelregistry.compare;

import io.modelregistry.compare.ValueDifference.Section;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Everything a version states beside its metrics, as named text, so that two versions can be held against each other. */
final class Facts {

    /** What a text is about. */
    record Fact(Section section, String name) implements Comparable<Fact> {
        private static final Comparator<Fact> ORDER =
                Comparator.comparing(Fact::section).thenComparing(Fact::name);

        @Override
        public int compareTo(Fact other) {
            return ORDER.compare(this, other);
        }
    }

    private static final String JAVA = "java";
    private static final String OPERATING_SYSTEM = "operating system";
    private static final String ARCHITECTURE = "architecture";
    private static final String SDK = "registry sdk";

    /** The facts of a runtime that aren't elements of its class path. */
    static final Set<String> MACHINE = Set.of(JAVA, OPERATING_SYSTEM, ARCHITECTURE, SDK);

    private final Map<Fact, String> values = new TreeMap<>();

    private Facts() {}

    static Map<Fact, String> of(ModelVersion version) {
        Facts facts = new Facts();
        version.parameters().forEach((name, value) -> facts.put(Section.PARAMETER, name, value));
        version.tags().forEach((name, value) -> facts.put(Section.TAG, name, value));
        facts.provenance(version.provenance());
        facts.artifact(version.artifact());
        Signature signature = version.signature();
        if (signature != null) {
            signature.inputs().forEach(t -> facts.tensor("input ", t));
            signature.outputs().forEach(t -> facts.tensor("output ", t));
        }
        facts.put(Section.DESCRIPTION, "description", version.description());
        ModelCard card = version.card();
        if (card != null) {
            facts.put(Section.DESCRIPTION, "intended use", card.intendedUse());
            facts.put(Section.DESCRIPTION, "limits", card.limits());
        }
        return facts.values;
    }

    static Map<Fact, String> of(RuntimeSnapshot runtime) {
        Facts facts = new Facts();
        facts.runtime(runtime);
        return facts.values;
    }

    /** Those that are not the same, by section and name. */
    static List<ValueDifference> differences(Map<Fact, String> before, Map<Fact, String> after) {
        List<ValueDifference> differences = new ArrayList<>();
        Set<Fact> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        for (Fact fact : all) {
            String was = before.get(fact);
            String is = after.get(fact);
            if (!Objects.equals(was, is)) {
                differences.add(new ValueDifference(fact.section(), fact.name(), was, is));
            }
        }
        return differences;
    }

    private void provenance(Provenance provenance) {
        var code = provenance.code();
        if (code != null) {
            put(Section.CODE, "repository", code.repository());
            put(Section.CODE, "commit", code.commit());
            put(Section.CODE, "working tree", code.workingTree().name());
        }
        put(Section.CODE, "run", provenance.runId());
        if (!provenance.parents().isEmpty()) {
            put(Section.CODE, "fine-tuned from", provenance.parents().toString());
        }
        if (provenance.copiedFrom() != null) {
            put(Section.CODE, "copied from", provenance.copiedFrom().toString());
        }
        provenance.trainingData().forEach(d -> dataset("training ", d));
        provenance.evaluationData().forEach(d -> dataset("evaluation ", d));
        provenance.seeds().forEach((name, seed) -> put(Section.SEED, name, Long.toString(seed)));
        RuntimeSnapshot runtime = provenance.runtime();
        if (runtime != null) {
            runtime(runtime);
        }
    }

    private void runtime(RuntimeSnapshot runtime) {
        put(Section.RUNTIME, JAVA, runtime.javaVersion() + " " + runtime.javaVendor());
        put(Section.RUNTIME, OPERATING_SYSTEM, runtime.operatingSystem());
        put(Section.RUNTIME, ARCHITECTURE, runtime.architecture());
        put(Section.RUNTIME, SDK, runtime.sdkVersion());
        for (RuntimeSnapshot.Library library : runtime.classPath()) {
            // a library is recognised without its version, so that an upgrade shows as one difference
            int version = library.name().lastIndexOf(':');
            String name = version < 0 ? library.name() : library.name().substring(0, version);
            String text = version < 0 ? "present" : library.name().substring(version + 1);
            var digest = library.digest();
            merge(
                    Section.RUNTIME,
                    name,
                    digest == null ? text : text + " " + digest.hex().substring(0, 12));
        }
    }

    private void artifact(Artifact artifact) {
        put(Section.FILE, "(format)", artifact.format().id());
        if (artifact.files().isEmpty()) {
            put(
                    Section.FILE,
                    "(all " + artifact.fileCount() + " files)",
                    artifact.manifest().toString());
        }
        artifact.files()
                .forEach(f -> put(
                        Section.FILE,
                        f.path().value(),
                        f.sizeBytes() + " bytes " + f.digest().hex().substring(0, 12)));
    }

    private void dataset(String kind, Dataset dataset) {
        List<String> text = new ArrayList<>();
        if (dataset.uri() != null) {
            text.add(dataset.uri());
        }
        if (dataset.rows() != null) {
            text.add(dataset.rows() + " rows");
        }
        if (dataset.digest() != null) {
            text.add("sha256:" + dataset.digest().hex().substring(0, 12));
        }
        merge(Section.DATASET, kind + dataset.name(), text.isEmpty() ? "named only" : String.join(" ", text));
    }

    private void tensor(String kind, TensorSpec tensor) {
        put(Section.SIGNATURE, kind + tensor.name(), tensor.typeAndShape());
    }

    private void put(Section section, String name, @Nullable String value) {
        if (value != null) {
            values.put(new Fact(section, name), value);
        }
    }

    /** For names that may come twice: all values, in the order they came. */
    private void merge(Section section, String name, String value) {
        values.merge(new Fact(section, name), value, (a, b) -> a + "; " + b);
    }
}
