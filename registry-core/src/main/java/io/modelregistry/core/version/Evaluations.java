package io.modelregistry.core.version;

import io.modelregistry.Actor;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Metrics measured after registration: the streams {@code evaluations/}. The state keeps the latest value of each metric, dataset and slice. */
public final class Evaluations {
    private static final int MOST_METRICS = 2_000;
    private static final String METRICS = "metrics";

    private final Streams streams;

    public Evaluations(Streams streams) {
        this.streams = streams;
    }

    /** Adds to a version that stands. */
    public void add(VersionId version, Evaluation evaluation, Actor actor) {
        Json.Obj change = Json.object()
                .put("type", "evaluate")
                .put(METRICS, Json.array(evaluation.metrics(), MetricCodec::encode))
                .build();
        Operation operation = new Operation(
                change, actor, evaluation.reason(), evaluation.request().orElse(null));
        new RecordedTexts(streams.guard()).check(evaluation.metrics());
        Map<String, Long> seen = Map.of(KeyLayout.versions(version.model()).path(), version.number());
        streams.log(KeyLayout.evaluations(version))
                .append(operation, List.of(), tip -> Optional.of(new Draft(after(version, tip, evaluation), seen)));
    }

    /** All metrics of a version, the latest value of each; asks the store. */
    public List<Metric> metrics(ModelVersion version) {
        return merge(
                version.metrics(),
                streams.log(KeyLayout.evaluations(version.id())).read().decode(Evaluations::measured));
    }

    /** As {@link #metrics}, without asking the store if it was asked within this process. */
    public List<Metric> cachedMetrics(ModelVersion version) {
        EventLog log = streams.log(KeyLayout.evaluations(version.id()));
        Tip tip = log.cached().orElseGet(log::read);
        return merge(version.metrics(), tip.decode(Evaluations::measured));
    }

    /** The metrics that an evaluation's entry carries. */
    public static List<Metric> measured(Json.Obj state) {
        return Fields.of(state).objects(METRICS, MetricCodec::decode);
    }

    private static Json.Obj after(VersionId version, Tip before, Evaluation evaluation) {
        // only what stands is decoded there: what is added and too much is no damage
        List<Metric> all = merge(before.decode(Evaluations::measured), evaluation.metrics());
        if (all.size() > MOST_METRICS) {
            throw new InvalidRequestException("The evaluations of " + version + " would hold " + all.size()
                    + " metrics, one for each name, dataset and slice; at most " + MOST_METRICS
                    + " are kept. Put long tables into a file of the artifact. Nothing was written");
        }
        return Json.object()
                .put(METRICS, Json.array(all, MetricCodec::encode))
                .keep(before.state().fields())
                .build();
    }

    private static List<Metric> merge(Collection<Metric> earlier, Collection<Metric> later) {
        Map<Metric.Key, Metric> latest = new LinkedHashMap<>();
        earlier.forEach(m -> latest.put(m.key(), m));
        later.forEach(m -> latest.put(m.key(), m));
        return List.copyOf(latest.values());
    }
}
