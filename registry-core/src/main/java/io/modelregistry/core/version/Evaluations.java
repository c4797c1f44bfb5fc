package io.modelregistry.core.version;

import io.modelregistry.Actor;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was found out after registration: the streams {@code evaluations/}, which contributors write, and {@code assessments/}, which evaluators do. The
 * state keeps the latest value of each metric, dataset and slice, and the latest attestation of each name.
 */
public final class Evaluations {
    private static final int MOST_METRICS = 2_000;
    private static final String METRICS = "metrics";

    private static final String ATTESTATIONS = "attestations";

    private final Streams streams;
    private final PolicyStore policies;

    public Evaluations(Streams streams, PolicyStore policies) {
        this.streams = streams;
        this.policies = policies;
    }

    /** Adds what a contributor measured of a version that stands. */
    public void add(VersionId version, Evaluation evaluation, Actor actor) {
        if (!evaluation.attestations().isEmpty()) {
            throw new InvalidRequestException(
                    "Cannot evaluate " + version
                            + ": attestations are for those who are independent of its training. Use assess(); nothing was written");
        }
        append(KeyLayout.evaluations(version), version, evaluation, actor, Role.CONTRIBUTOR);
    }

    /** Adds what an evaluator measured and attests of a version that stands. */
    public void assess(VersionId version, Evaluation assessment, Actor actor) {
        append(KeyLayout.assessments(version), version, assessment, actor, Role.EVALUATOR);
    }

    private void append(StreamName stream, VersionId version, Evaluation evaluation, Actor actor, Role role) {
        String type = role.equals(Role.EVALUATOR) ? "assess" : "evaluate";
        Json.Obj change = Json.object()
                .put("type", type)
                .put(METRICS, Json.array(evaluation.metrics(), MetricCodec::encode))
                .optionalArray(ATTESTATIONS, evaluation.attestations(), AttestationCodec::encode)
                .build();
        Operation operation = new Operation(
                change, actor, evaluation.reason(), evaluation.request().orElse(null));
        new RecordedTexts(streams.guard()).check(evaluation);
        EventLog log = streams.log(stream);
        if (operation.request() != null) {
            log.read(); // another process may have carried it out
        }
        if (log.earlier(operation).isPresent()) {
            return; // whoever may do it now
        }
        Rulebook book = policies.require(actor, role, "Cannot " + type + " " + version);
        Map<String, Long> seen = new TreeMap<>();
        seen.put(KeyLayout.versions(version.model()).path(), version.number());
        book.cite(seen);
        log.append(operation, List.of(), tip -> Optional.of(new Draft(after(version, tip, evaluation), seen)));
    }

    /** What evaluators found out about a version; asks the store. */
    public Tip assessed(VersionId version) {
        return streams.log(KeyLayout.assessments(version)).read();
    }

    /** What contributors found out about a version; asks the store. */
    public Tip evaluated(VersionId version) {
        return streams.log(KeyLayout.evaluations(version)).read();
    }

    /** The changes up to a tip whose request ids begin so, oldest first; reads the stream. */
    public List<Json.Obj> changes(Tip tip, String requests) {
        return streams.log(tip.stream()).entries(1, tip.sequence()).stream()
                .map(StoredEntry::entry)
                .filter(entry ->
                        entry.request() != null && entry.request().value().startsWith(requests))
                .map(Entry::change)
                .toList();
    }

    /** All metrics of a version, the latest value of each; asks the store. */
    public List<Metric> metrics(ModelVersion version) {
        return metrics(version, evaluated(version.id()));
    }

    /** All metrics of a version, with what contributors have found out. */
    public static List<Metric> metrics(ModelVersion version, Tip evaluated) {
        return merge(version.metrics(), evaluated.decode(Evaluations::measured));
    }

    /** As {@link #metrics}, without asking the store if it was asked within this process. */
    public List<Metric> cachedMetrics(ModelVersion version) {
        EventLog log = streams.log(KeyLayout.evaluations(version.id()));
        Tip tip = log.cached().orElseGet(log::read);
        return metrics(version, tip);
    }

    /** The metrics that an evaluation's entry carries. */
    public static List<Metric> measured(Json.Obj state) {
        return Fields.of(state).objects(METRICS, MetricCodec::decode);
    }

    /** The latest value of each metric, from the earliest measurements to the latest. */
    public static Map<Metric.Key, Metric> latest(List<? extends Collection<Metric>> measurements) {
        Map<Metric.Key, Metric> latest = new LinkedHashMap<>();
        measurements.forEach(metrics -> metrics.forEach(m -> latest.put(m.key(), m)));
        return latest;
    }

    /** The latest attestation of each name. */
    public static List<Attestation> latestAttested(List<Attestation> earlier, List<Attestation> later) {
        Map<String, Attestation> latest = new LinkedHashMap<>();
        earlier.forEach(a -> latest.put(a.name(), a));
        later.forEach(a -> latest.put(a.name(), a));
        return List.copyOf(latest.values());
    }

    /** What the entry of an assessment carries beside metrics. */
    public static List<Attestation> attested(Json.Obj state) {
        return Fields.of(state).objects(ATTESTATIONS, AttestationCodec::decode);
    }

    private static Json.Obj after(VersionId version, Tip before, Evaluation evaluation) {
        // only what stands is decoded there: what is added and too much is no damage
        List<Metric> all = merge(before.decode(Evaluations::measured), evaluation.metrics());
        if (all.size() > MOST_METRICS) {
            throw new InvalidRequestException("The evaluations of " + version + " would hold " + all.size()
                    + " metrics, one for each name, dataset and slice; at most " + MOST_METRICS
                    + " are kept. Put long tables into a file of the artifact. Nothing was written");
        }
        List<Attestation> attested = latestAttested(before.decode(Evaluations::attested), evaluation.attestations());
        return Json.object()
                .put(METRICS, Json.array(all, MetricCodec::encode))
                .optionalArray(ATTESTATIONS, attested, AttestationCodec::encode)
                .keep(before.state().fields())
                .build();
    }

    private static List<Metric> merge(Collection<Metric> earlier, Collection<Metric> later) {
        return List.copyOf(latest(List.of(earlier, later)).values());
    }
}
