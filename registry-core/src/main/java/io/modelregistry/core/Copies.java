package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.CopyRequest;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Label;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.RequestId;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.version.CitedEntry;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Citation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Copies versions of other registries, and compares copies with what they were made from. Thread-safe. */
final class Copies {
    /** What was measured in many changes needn't fit into one. */
    private static final int MOST_METRICS_AT_ONCE = 200;

    /** What the request ids of changes begin with that bring what was measured, or assessed, at the original. */
    private static final String COPIED = "copy/";

    private static final String VOUCHED = "vouch/";

    private final Parts parts;

    Copies(Parts parts) {
        this.parts = parts;
    }

    /** Looks for a copy that stands; the request id settles what happens at the same time. */
    ModelVersion copy(ModelName model, CopyRequest wanted, Actor actor) {
        Version original = wanted.original();
        Citation origin = original.citation();
        if (origin.registry().equals(parts.streams().registry())) {
            throw new InvalidRequestException(original.id() + " is a version of this very registry. A copy is one of"
                    + " another; nothing was written");
        }
        if (wanted.vouches()) {
            parts.policies().require(actor, Role.EVALUATOR, "Cannot vouch for " + original.id());
        }
        ModelVersion record = original.require();
        List<CitedEntry> evidence = original instanceof LogBackedVersion here ? here.citable() : List.of();
        Later rest = new Later(origin, record, original.metrics(), evidence, wanted, actor);
        Optional<ModelVersion> standing = find(model, rest);
        if (standing.isPresent()) {
            return complete(standing.get(), rest);
        }
        Registration registration = registration(wanted, record, origin)
                .reason(wanted.reason())
                .request(request(origin).value());
        ModelVersion copy;
        try {
            copy = parts.versions().register(model, registration, actor);
        } catch (InvalidRequestException e) {
            if (e instanceof LabelTakenException taken && taken.registered() > 0) {
                add(parts.versions().require(new VersionId(model, taken.registered())), rest, true);
                throw e;
            }
            // somebody else may have copied it meanwhile, with this label or another
            return complete(find(model, rest).orElseThrow(() -> e), rest);
        }
        add(copy, rest, true);
        return copy;
    }

    private static RequestId request(Citation origin) {
        return RequestId.of(COPIED + origin.entry().hex());
    }

    /** A copy that stands: whoever made it may have died before he was done. */
    private ModelVersion complete(ModelVersion copy, Later later) {
        boolean written = false;
        LabelTakenException taken = null;
        try {
            written = parts.versions().claimLabel(copy, later.actor());
        } catch (LabelTakenException e) {
            taken = e;
        }
        add(copy, later, written);
        if (taken != null && Objects.equals(later.label(), copy.label())) {
            throw taken; // whoever asks for another label, or none, is given it without
        }
        return copy;
    }

    private static OutcomeUnknownException unfinished(ModelVersion copy, Later later, RegistryException cause) {
        return new OutcomeUnknownException(
                copy.id() + " is registered as a copy of " + later.origin()
                        + "; whether what was found out later is recorded is not known: " + cause.getMessage()
                        + ". Copy it again: that adds what is missing",
                new OutcomeToken(
                        KeyLayout.versions(copy.id().model()).path(), copy.number(), "", request(later.origin())),
                cause);
    }

    /**
     * What is known of the original.
     *
     * @param metrics measured by contributors, at registration and later
     * @param evidence all other entries about it
     */
    private record Later(
            Citation origin,
            ModelVersion record,
            List<Metric> metrics,
            List<CitedEntry> evidence,
            CopyRequest wanted,
            Actor actor) {

        /** The label asked for; null for none. */
        @Nullable
        Label label() {
            return wanted.keepsLabel() ? record.label() : wanted.label();
        }
    }

    /**
     * Adds what isn't here yet.
     *
     * @param before whether something was written before, so that nothing that fails may say that nothing was
     */
    private void add(ModelVersion copy, Later later, boolean before) {
        String reason = later.wanted().reason();
        boolean written = before;
        try {
            for (Evaluation measured : measured(copy, later)) {
                parts.evaluations().add(copy.id(), measured, later.actor());
                written = true;
            }
            List<CitedEntry> left = parts.evidence().missing(copy.id(), later.origin(), later.evidence());
            while (!left.isEmpty()) {
                left = parts.evidence().cite(copy.id(), later.origin(), left, reason, later.actor());
                written = true;
            }
            for (Evaluation assessed : vouched(copy, later)) {
                parts.evaluations().assess(copy.id(), assessed, later.actor());
                written = true;
            }
        } catch (RegistryException e) {
            throw written ? unfinished(copy, later, e) : e;
        }
    }

    /** What the original's evaluators found, as far as that doesn't stand here already; nothing for who doesn't vouch. */
    private List<Evaluation> vouched(ModelVersion copy, Later later) {
        if (!later.wanted().vouches()) {
            return List.of();
        }
        StreamName assessments = KeyLayout.assessments(later.origin().version());
        Json.Obj there = later.evidence().stream()
                .filter(cited -> cited.stream().equals(assessments))
                .reduce((earlier, newer) -> newer)
                .map(newest -> newest.entry(later.origin().registry()).state())
                .orElse(Json.Obj.EMPTY);
        Tip here = parts.evaluations().assessed(copy.id());
        List<Metric> metrics = new ArrayList<>(Evaluations.measured(there));
        metrics.removeAll(here.decode(Evaluations::measured));
        List<Attestation> attestations = new ArrayList<>(Evaluations.attested(there));
        attestations.removeAll(here.decode(Evaluations::attested));
        if (!metrics.isEmpty() || !attestations.isEmpty()) {
            List<Json.Obj> brought = parts.evaluations().changes(here, VOUCHED);
            metrics.removeAll(latest(List.of(), brought));
            attestations.removeAll(
                    brought.stream().map(Evaluations::attested).reduce(List.of(), Evaluations::latestAttested));
        }
        return evaluations(VOUCHED, here, metrics, attestations, later.wanted().reason());
    }

    /** The latest values that copies have brought here. */
    private static Collection<Metric> latest(List<Metric> registered, List<Json.Obj> brought) {
        List<List<Metric>> measurements = new ArrayList<>();
        measurements.add(registered);
        brought.forEach(change -> measurements.add(Evaluations.measured(change)));
        return Evaluations.latest(measurements).values();
    }

    /**
     * What was measured at the original since the last copy, whatever was measured here meanwhile. Each set of metrics is a change of its own, so that what is measured
     * after this copy can be added by another.
     */
    private List<Evaluation> measured(ModelVersion copy, Later later) {
        if (later.metrics().isEmpty()) {
            return List.of();
        }
        Tip here = parts.evaluations().evaluated(copy.id());
        List<Metric> more = new ArrayList<>(later.metrics());
        more.removeAll(Evaluations.metrics(copy, here));
        if (!more.isEmpty()) {
            more.removeAll(latest(copy.metrics(), parts.evaluations().changes(here, COPIED)));
        }
        return evaluations(COPIED, here, more, List.of(), later.wanted().reason());
    }

    /** As many as it takes; none for nothing. What is attested comes last, because it rests on what was measured. */
    private static List<Evaluation> evaluations(
            String request, Tip here, List<Metric> metrics, List<Attestation> attestations, String reason) {
        List<Evaluation> evaluations = new ArrayList<>();
        List<Metric> rest = metrics;
        while (rest.size() > MOST_METRICS_AT_ONCE) {
            evaluations.add(evaluation(request, here, rest.subList(0, MOST_METRICS_AT_ONCE), List.of(), reason));
            rest = rest.subList(MOST_METRICS_AT_ONCE, rest.size());
        }
        if (!rest.isEmpty() || !attestations.isEmpty()) {
            evaluations.add(evaluation(request, here, rest, attestations, reason));
        }
        return evaluations;
    }

    /** Its request says what it holds and what it follows, so that it is recorded once, whoever copies, and again when the original goes back to it. */
    private static Evaluation evaluation(
            String request, Tip here, List<Metric> metrics, List<Attestation> attestations, String reason) {
        String content = here.revision() + " " + metrics + " " + attestations;
        String digest = Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex();
        return new Evaluation(metrics, attestations, reason, RequestId.of(request + digest));
    }

    void verify(ModelVersion copy, ModelRegistry source) {
        Citation origin = copy.provenance().copiedFrom();
        if (origin == null) {
            throw new InvalidRequestException(copy.id() + " is no copy: its provenance cites no other registry");
        }
        if (!origin.registry().equals(source.id())) {
            throw new InvalidRequestException(copy.id() + " is a copy of " + origin + ", and the registry at "
                    + source.location() + " is " + source.id());
        }
        Version original = source.version(origin.version());
        Citation found = original.citation();
        if (!found.equals(origin)) {
            throw differs(copy, origin, "that registry's " + origin.version() + " is now the entry " + found.entry());
        }
        List<String> differences = differences(original.require(), copy, origin);
        compareEvidence(copy, origin, source, differences);
        if (!differences.isEmpty()) {
            throw differs(copy, origin, "they differ in " + String.join(", ", differences));
        }
    }

    private static List<String> differences(ModelVersion record, ModelVersion copy, Citation origin) {
        List<String> differences = new ArrayList<>();
        same("the files", record.artifact().manifest(), copy.artifact().manifest(), differences);
        same("the description", record.description(), copy.description(), differences);
        same("the metrics", record.metrics(), copy.metrics(), differences);
        same("the parameters", record.parameters(), copy.parameters(), differences);
        same("the tags", record.tags(), copy.tags(), differences);
        same("the provenance", record.provenance().copiedFrom(origin), copy.provenance(), differences);
        same("the signature", record.signature(), copy.signature(), differences);
        same("the model card", record.card(), copy.card(), differences);
        return differences;
    }

    private void compareEvidence(ModelVersion copy, Citation origin, ModelRegistry source, List<String> differences) {
        List<CitedEntry> cited = parts.evidence().of(copy.id());
        if (cited.isEmpty()) {
            return;
        }
        Map<StreamName, Map<Long, Digest>> there = new HashMap<>();
        if (source.version(origin.version()) instanceof LogBackedVersion original) {
            original.citable()
                    .forEach(entry -> there.computeIfAbsent(entry.stream(), s -> new HashMap<>())
                            .put(entry.sequence(), entry.digest()));
        }
        for (CitedEntry entry : cited) {
            Digest found = there.getOrDefault(entry.stream(), Map.of()).get(entry.sequence());
            if (!entry.digest().equals(found)) {
                differences.add(
                        "the entry " + KeyLayout.entry(entry.stream(), entry.sequence()) + " cited as evidence");
            }
        }
    }

    /** A copy that stands already, the newest if there are several. Anybody may register something else that says it is one. */
    private Optional<ModelVersion> find(ModelName model, Later later) {
        Citation origin = later.origin();
        return parts.versions()
                .newest(
                        model,
                        version -> origin.equals(version.provenance().copiedFrom())
                                && differences(later.record(), version, origin).isEmpty());
    }

    private static Registration registration(CopyRequest wanted, ModelVersion record, Citation origin) {
        Version original = wanted.original();
        LocalArtifact local = original.download();
        if (!local.version().artifact().manifest().equals(record.artifact().manifest())) {
            throw new IllegalStateException("The handle on " + original.id() + " gave the files of another version");
        }
        Map<String, Registration.Content> files = new LinkedHashMap<>();
        for (ArtifactFile file : local.files()) {
            files.put(
                    file.path().value(),
                    new Registration.Content.OnDisk(
                            local.folder().resolve(file.path().value())));
        }
        Registration copy = Registration.empty()
                .files(files)
                .metrics(record.metrics())
                .provenance(record.provenance().copiedFrom(origin));
        for (var parameter : record.parameters().entrySet()) {
            copy = copy.parameter(parameter.getKey(), parameter.getValue());
        }
        for (var tag : record.tags().entrySet()) {
            copy = copy.tag(tag.getKey(), tag.getValue());
        }
        copy = record.description() == null ? copy : copy.description(record.description());
        copy = record.signature() == null ? copy : copy.signature(record.signature());
        copy = record.card() == null ? copy : copy.card(record.card());
        Optional<Label> label = wanted.keepsLabel() ? original.label() : wanted.otherLabel();
        return label.isEmpty() ? copy : copy.label(label.get().value());
    }

    private static void same(String what, @Nullable Object original, @Nullable Object copy, List<String> differences) {
        if (!Objects.equals(original, copy)) {
            differences.add(what);
        }
    }

    private static IntegrityException differs(ModelVersion copy, Citation origin, String how) {
        VersionId id = copy.id();
        return new IntegrityException(
                Damage.TAMPERED,
                KeyLayout.entry(KeyLayout.versions(id.model()), id.number()),
                id + " says it is a copy of " + origin + ", but " + how + ". Find out which was changed, and by whom",
                null);
    }
}
