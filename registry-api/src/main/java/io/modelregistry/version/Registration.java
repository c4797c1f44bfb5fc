package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Label;
import io.modelregistry.RequestId;
import io.modelregistry.Texts;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version to register: its files and everything said about it. Immutable; each method returns a copy with one thing more.
 *
 * <pre>{@code
 * model.register(Registration.of(Path.of("trained-model"))
 *         .metric(Metric.higherIsBetter("auc", 0.987).on("held-out"))
 *         .parameter("epochs", 20)
 *         .provenance(Provenance.none().captureRuntime())
 *         .reason("nightly training"));
 * }</pre>
 */
public final class Registration {
    private static final int MOST_ENTRIES = 1_000;
    private static final int MOST_METRICS = 2_000;

    private List<Path> roots = List.of();
    private Map<ArtifactPath, Content> files = Map.of();
    private Optional<Label> label = Optional.empty();
    private Optional<String> description = Optional.empty();
    private Map<Metric.Key, Metric> metrics = Map.of();
    private Map<String, String> parameters = Map.of();
    private Map<String, String> tags = Map.of();
    private Provenance provenance = Provenance.none();
    private Optional<Signature> signature = Optional.empty();
    private Optional<ModelCard> card = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private Optional<RequestId> request = Optional.empty();
    private Progress progress = Progress.none();

    /** Where the bytes of one file come from. */
    public sealed interface Content {
        /** A file on disk. */
        record OnDisk(Path file) implements Content {}

        /** Bytes in memory; copied when the registration is made. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record InMemory(byte[] bytes) implements Content {}
    }

    private Registration() {}

    private Registration(Registration other) {
        roots = other.roots;
        files = other.files;
        label = other.label;
        description = other.description;
        metrics = other.metrics;
        parameters = other.parameters;
        tags = other.tags;
        provenance = other.provenance;
        signature = other.signature;
        card = other.card;
        reason = other.reason;
        request = other.request;
        progress = other.progress;
    }

    /** All files in a folder and its subfolders, under their paths relative to it; or one file, under its name. */
    public static Registration of(Path folderOrFile) {
        Registration registration = new Registration();
        registration.roots = List.of(folderOrFile);
        return registration;
    }

    /** No files yet; add them with {@link #file}. */
    public static Registration empty() {
        return new Registration();
    }

    /** Adds a file under a path of the artifact. */
    public Registration file(String path, Path source) {
        return files(Map.of(path, new Content.OnDisk(source)));
    }

    /** Adds bytes under a path of the artifact. */
    public Registration file(String path, byte[] content) {
        return files(Map.of(path, new Content.InMemory(content.clone())));
    }

    /** Adds many files under their paths of the artifact. */
    public Registration files(Map<String, Content> more) {
        Map<ArtifactPath, Content> all = new LinkedHashMap<>(files);
        more.forEach((path, content) -> {
            if (all.put(ArtifactPath.of(path), content) != null) {
                throw new InvalidRequestException("The file \"" + Texts.printable(path) + "\" was added twice");
            }
        });
        Registration copy = new Registration(this);
        copy.files = Collections.unmodifiableMap(all);
        return copy;
    }

    /** A fixed name for the version beside its number, unique within the model, such as {@code 1.4.0}. */
    public Registration label(String name) {
        Registration copy = new Registration(this);
        copy.label = Optional.of(Label.of(name));
        return copy;
    }

    /** Up to 10,000 characters. */
    public Registration description(String text) {
        Registration copy = new Registration(this);
        copy.description = Optional.of(Texts.check("description", text, 10_000));
        return copy;
    }

    /** At most one for each name, dataset and slice; at most {@value #MOST_METRICS}. */
    public Registration metric(Metric metric) {
        if (metrics.containsKey(metric.key())) {
            throw new InvalidRequestException("The metric " + metric.key() + " was added twice");
        }
        Registration copy = new Registration(this);
        copy.metrics = limited("metrics", MOST_METRICS, plus(metrics, metric.key(), metric));
        return copy;
    }

    public Registration metrics(Collection<Metric> more) {
        Registration all = this;
        for (Metric metric : more) {
            all = all.metric(metric);
        }
        return all;
    }

    /** A hyperparameter; kept as text. A second value for the same name replaces the first. */
    public Registration parameter(String name, Object value) {
        Registration copy = new Registration(this);
        copy.parameters =
                limited("parameters", MOST_ENTRIES, plus(parameters, key("parameter", name), text(name, value)));
        return copy;
    }

    public Registration tag(String name, String value) {
        Registration copy = new Registration(this);
        copy.tags = limited("tags", MOST_ENTRIES, plus(tags, key("tag", name), text(name, value)));
        return copy;
    }

    public Registration provenance(Provenance origin) {
        Registration copy = new Registration(this);
        copy.provenance = origin;
        return copy;
    }

    public Registration signature(Signature inputsAndOutputs) {
        Registration copy = new Registration(this);
        copy.signature = Optional.of(inputsAndOutputs);
        return copy;
    }

    public Registration card(ModelCard modelCard) {
        Registration copy = new Registration(this);
        copy.card = Optional.of(modelCard);
        return copy;
    }

    /** Why, for the audit trail: up to 200 characters, kept for ever, so no personal data. */
    public Registration reason(String why) {
        Registration copy = new Registration(this);
        copy.reason = Optional.of(Texts.line("reason", why, 200));
        return copy;
    }

    /** Registering again with the same id returns the version that was registered first. */
    public Registration request(String id) {
        Registration copy = new Registration(this);
        copy.request = Optional.of(RequestId.of(id));
        return copy;
    }

    public Registration progress(Progress listener) {
        Registration copy = new Registration(this);
        copy.progress = listener;
        return copy;
    }

    /** Folders and files to take as they are found on disk. */
    public List<Path> roots() {
        return roots;
    }

    /** Files added one by one. */
    public Map<ArtifactPath, Content> files() {
        return files;
    }

    public Optional<Label> label() {
        return label;
    }

    public Optional<String> description() {
        return description;
    }

    public List<Metric> metrics() {
        return List.copyOf(metrics.values());
    }

    public Map<String, String> parameters() {
        return parameters;
    }

    public Map<String, String> tags() {
        return tags;
    }

    public Provenance provenance() {
        return provenance;
    }

    public Optional<Signature> signature() {
        return signature;
    }

    public Optional<ModelCard> card() {
        return card;
    }

    public Optional<String> reason() {
        return reason;
    }

    public Optional<RequestId> request() {
        return request;
    }

    public Progress progress() {
        return progress;
    }

    private static String key(String what, String name) {
        if (name.isBlank()) {
            throw new InvalidRequestException("The name of a " + what + " is blank");
        }
        return Texts.line("name of a " + what, name, 200);
    }

    private static String text(String name, Object value) {
        return Texts.check("value of " + name, String.valueOf(value), 1_000);
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        Map<K, V> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return Collections.unmodifiableMap(more);
    }

    private static <K, V> Map<K, V> limited(String what, int most, Map<K, V> map) {
        if (map.size() > most) {
            throw new InvalidRequestException("A version has at most " + most + " " + what);
        }
        return map;
    }
}
