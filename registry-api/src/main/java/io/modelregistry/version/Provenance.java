package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a version comes from: what an auditor needs to make it again. Start from {@link #none} and add what is known.
 *
 * @param code null when not stated
 * @param trainingData at most 100
 * @param evaluationData at most 100
 * @param runId the id of the run in an experiment tracker; null when not stated
 * @param parents versions of this registry that this one was made from by fine-tuning or distillation; at most 100
 * @param seeds random seeds by name; at most 100
 * @param runtime null when not captured
 * @param copiedFrom the version of another registry that this one is a copy of; null when it is none
 */
public record Provenance(
        @Nullable TrainingCode code,
        List<Dataset> trainingData,
        List<Dataset> evaluationData,
        @Nullable String runId,
        List<VersionId> parents,
        Map<String, Long> seeds,
        @Nullable RuntimeSnapshot runtime,
        @Nullable Citation copiedFrom) {
    private static final int MOST = 100;

    public Provenance {
        trainingData = List.copyOf(trainingData);
        evaluationData = List.copyOf(evaluationData);
        parents = List.copyOf(parents);
        seeds = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(seeds));
        if (runId != null) {
            Texts.line("run id", runId, 200);
        }
        if (Math.max(Math.max(trainingData.size(), evaluationData.size()), Math.max(parents.size(), seeds.size()))
                > MOST) {
            throw new InvalidRequestException(
                    "Provenance holds at most " + MOST + " datasets of each kind, parents and seeds");
        }
        seeds.keySet().forEach(name -> Texts.line("name of a seed", name, 100));
    }

    /** Nothing known yet. */
    public static Provenance none() {
        return new Provenance(null, List.of(), List.of(), null, List.of(), Map.of(), null, null);
    }

    public Provenance code(TrainingCode trainingCode) {
        return new Provenance(trainingCode, trainingData, evaluationData, runId, parents, seeds, runtime, copiedFrom);
    }

    public Provenance trainedOn(Dataset dataset) {
        return new Provenance(
                code, plus(trainingData, dataset), evaluationData, runId, parents, seeds, runtime, copiedFrom);
    }

    public Provenance evaluatedOn(Dataset dataset) {
        return new Provenance(
                code, trainingData, plus(evaluationData, dataset), runId, parents, seeds, runtime, copiedFrom);
    }

    public Provenance run(String id) {
        return new Provenance(code, trainingData, evaluationData, id, parents, seeds, runtime, copiedFrom);
    }

    public Provenance fineTunedFrom(VersionId parent) {
        return new Provenance(
                code, trainingData, evaluationData, runId, plus(parents, parent), seeds, runtime, copiedFrom);
    }

    public Provenance seed(String name, long value) {
        Map<String, Long> more = new TreeMap<>(seeds);
        more.put(name, value);
        return new Provenance(code, trainingData, evaluationData, runId, parents, more, runtime, copiedFrom);
    }

    public Provenance runtime(RuntimeSnapshot snapshot) {
        return new Provenance(code, trainingData, evaluationData, runId, parents, seeds, snapshot, copiedFrom);
    }

    /** Records the JDK, operating system and class path that this very process runs with. */
    public Provenance captureRuntime() {
        return runtime(RuntimeSnapshot.capture());
    }

    /**
     * The provenance of a copy in another registry: parents are numbers of the registry they stand in, so they are left to the version that is
     * cited.
     */
    public Provenance copiedFrom(Citation origin) {
        return new Provenance(code, trainingData, evaluationData, runId, List.of(), seeds, runtime, origin);
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> more = new ArrayList<>(list);
        more.add(element);
        return more;
    }
}
