package io.modelregistry.core.audit;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.RegistryOptions;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.environment.Environments;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.offline.LastKnown;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Analysis;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.ArmResult;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Share;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleMove;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.Waiver;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.DataType;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import io.modelregistry.version.TrainingCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One of everything that a registry can hold, written with a clock and identities that repeat, by a writer of a fixed name. Each step may be
 * looked at in the golden files that it gives.
 */
final class History {
    /** Of the {@code registry.json} among the golden files. */
    static final String REGISTRY = "0000000100000000000000000000000b";

    private static final ModelName FRAUD = ModelName.of("fraud-detector");
    private static final ModelName TUMOR = ModelName.of("tumor-classifier");
    private static final Actor ADA = Actor.of("u-ada");
    private static final Actor BEN = Actor.of("u-ben");
    private static final Actor TRAINER = Actor.of("ci:train");

    private final ManualHost host = new ManualHost();
    private final MemoryStore store = new MemoryStore(host);
    private final PolicyStore policies;
    private final VersionStore versions;
    private final Evaluations evaluations;
    private final Reviews reviews;
    private final Environments environments;

    private History(Path cache) {
        Store checked = new Store(store.open(), host, Duration.ofSeconds(60));
        Streams streams = new Streams(checked, REGISTRY, "model-registry golden");
        Artifacts artifacts = new Artifacts(
                checked,
                streams.parallel(),
                REGISTRY,
                RegistryOptions.defaults().withCacheFolder(cache),
                new Listeners("a test"));
        policies = new PolicyStore(streams, Duration.ZERO);
        versions = new VersionStore(streams, artifacts, policies, LastKnown.none(host));
        evaluations = new Evaluations(streams, policies);
        reviews = new Reviews(streams, policies);
        environments = new Environments(streams, versions, reviews, policies);
    }

    /** Everything but {@code registry.json}. */
    static MemoryStore write(Path cache) {
        History history = new History(cache);
        history.register();
        history.evaluate();
        history.review();
        history.serve();
        history.retire();
        history.govern();
        history.tryOut();
        return history.store;
    }

    private void register() {
        step("first");
        versions.register(FRAUD, everything(), TRAINER);
        step("the same request again writes nothing");
        versions.register(FRAUD, everything(), TRAINER);
        step("a second version that shares a file with the first");
        versions.register(
                FRAUD,
                Registration.empty()
                        .file("model.onnx", bytes("weights 2"))
                        .file("scaler/mean.csv", bytes("0.5,0.25\n"))
                        .label("1.1.0-rc.1")
                        .provenance(Provenance.none().fineTunedFrom(new VersionId(FRAUD, 1))),
                ADA);
        step("a third with an empty file only");
        versions.register(FRAUD, Registration.empty().file("nothing", new byte[0]), ADA);
        step("another model, with more files than a record lists");
        Registration many = Registration.empty().reason("größer 😀 \"quoted\" \\ / \u00a0");
        for (int i = 0; i < 257; i++) {
            many = many.file("shards/" + i + ".bin", bytes("one shard"));
        }
        versions.register(TUMOR, many, BEN);
    }

    private static Registration everything() {
        return Registration.empty()
                .file("model.onnx", bytes("weights 1"))
                .file("scaler/mean.csv", bytes("0.5,0.25\n"))
                .file("数据/é 😀.txt", bytes("unicode"))
                .label("1.0.0")
                .description("Two lines,\n\tone indented")
                .metric(Metric.higherIsBetter("auc", 0.987).on("held-out").within(0.971, 0.996, 0.95))
                .metric(Metric.lowerIsBetter("log-loss", 0.1).slice("age=65+"))
                .metric(Metric.lowerIsBetter("tiny", 4.9E-324))
                .metric(Metric.higherIsBetter("large", -1.7976931348623157E308))
                .parameter("epochs", 20)
                .parameter("learning rate", 1.0E-4)
                .parameter("deterministic", true)
                .tag("team", "risk")
                .tag("area", "eu")
                .provenance(Provenance.none()
                        .code(TrainingCode.dirty(
                                "https://git.example.org/fraud", "9fceb02d0ae598e95dc970b74767f19372d61af8"))
                        .trainedOn(Dataset.named("2025")
                                .at("s3://data/2025.parquet")
                                .digest(Digest.of(bytes("2025")))
                                .rows(9_000_000_000L))
                        .trainedOn(Dataset.named("2024"))
                        .evaluatedOn(Dataset.named("held-out").rows(0))
                        .run("run-118")
                        .seed("sgd", 42)
                        .seed("numpy", Long.MIN_VALUE)
                        .runtime(new RuntimeSnapshot(
                                "17.0.15",
                                "Eclipse Adoptium",
                                "Linux 6.1.0",
                                "amd64",
                                "0.1.0",
                                List.of(
                                        new RuntimeSnapshot.Library("org.example:lib:1.2.3", Digest.of(bytes("lib"))),
                                        new RuntimeSnapshot.Library("classes", null)))))
                .signature(new Signature(
                        List.of(
                                TensorSpec.tensor("input", DataType.FLOAT32, TensorSpec.ANY, 30),
                                TensorSpec.column("country", DataType.STRING)),
                        List.of(TensorSpec.tensor("score", DataType.BFLOAT16))))
                .card(new ModelCard("Second reading", "Not without a person"))
                .reason("first baseline")
                .request("ci/4711");
    }

    private void evaluate() {
        step("measured later");
        evaluations.add(
                new VersionId(FRAUD, 1),
                Evaluation.of("weekly", Metric.higherIsBetter("auc", 0.95).on("week 1"))
                        .request("eval:1"),
                BEN);
        step("measured again: one value replaced, one added");
        evaluations.add(
                new VersionId(FRAUD, 1),
                Evaluation.of(
                        "",
                        Metric.higherIsBetter("auc", 0.96).on("week 1"),
                        Metric.lowerIsBetter("latency-ms", 12).slice("p99")),
                BEN);
    }

    private void review() {
        step("approved");
        reviews.submit(new VersionId(FRAUD, 1), "please", TRAINER);
        step("");
        reviews.approve(versions.require(new VersionId(FRAUD, 1)), Approval.of(""), BEN);
        step("rejected, submitted again and approved");
        reviews.submit(new VersionId(FRAUD, 2), "please", TRAINER);
        reviews.judge(new VersionId(FRAUD, 2), LifecycleMove.REJECT, "no model card", BEN);
        step("");
        reviews.submit(new VersionId(FRAUD, 2), "again", TRAINER);
        reviews.approve(
                versions.require(new VersionId(FRAUD, 2)),
                Approval.of("fine")
                        .meaning(Approval.Meaning.RESPONSIBILITY)
                        .printedName("Ada L.")
                        .authenticatedAt(host.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS)),
                ADA);
        step("deprecated and reinstated");
        reviews.judge(new VersionId(FRAUD, 1), LifecycleMove.DEPRECATE, "drift", ADA);
        reviews.judge(new VersionId(FRAUD, 1), LifecycleMove.REINSTATE, "no drift after all", ADA);
    }

    private void serve() {
        Place production = new Place(EnvironmentName.of("production"), FRAUD);
        step("two releases, the second with everything a promotion may say");
        var first = environments.promote(production, Promotion.of(1, "go live"), null, ADA);
        step("");
        environments.promote(
                production,
                Promotion.of(2, "better").expecting(first.revision()).request("release/2"),
                null,
                ADA);
        step("rolled back");
        environments.rollback(production, "slower", null, BEN);
        step("other environments, and one that serves nothing any more");
        environments.promote(new Place(EnvironmentName.of("staging"), FRAUD), Promotion.of(3, ""), null, BEN);
        environments.withdraw(new Place(EnvironmentName.of("staging"), FRAUD), "empty file", null, BEN);
        environments.promote(new Place(EnvironmentName.of("production"), TUMOR), Promotion.of(1, "pilot"), null, BEN);
    }

    private void retire() {
        step("retired for good");
        reviews.retire(new VersionId(FRAUD, 3), "mistake", ADA, () -> environments.servedBy(new VersionId(FRAUD, 3)));
        step("not retired, because it is served");
        try {
            reviews.retire(new VersionId(FRAUD, 1), "old", ADA, () -> environments.servedBy(new VersionId(FRAUD, 1)));
            throw new AssertionError("a version that is served was retired");
        } catch (ConflictException e) {
            // what was written on the way is part of the history
        }
    }

    private void govern() {
        step("a policy, and what was done by it");
        policies.set(
                Policy.none()
                        .role(Role.REVIEWER, "u-ada", "u-ben")
                        .reviews(ReviewRules.none().approvals(2))
                        .environment(
                                "staging",
                                EnvironmentRules.none()
                                        .metric(MetricRule.noWorseThan("auc", "production")
                                                .tolerating(0.5))
                                        .attestation("validated"))
                        .waive(Waiver.of(new VersionId(TUMOR, 1), "staging", Rule.ATTESTATION, "pilot")),
                "clinical use",
                null,
                ADA);
        step("assessed");
        evaluations.assess(
                new VersionId(TUMOR, 1),
                Evaluation.of("board", Metric.higherIsBetter("auc", 0.97))
                        .attest(Attestation.of("reviewed")
                                .document("https://docs.example.org/1", Digest.of(bytes("report")))),
                BEN);
        step("the first of two approvals, and the second");
        reviews.submit(new VersionId(TUMOR, 1), "please", TRAINER);
        reviews.approve(versions.require(new VersionId(TUMOR, 1)), Approval.of("sound"), ADA);
        step("");
        reviews.approve(versions.require(new VersionId(TUMOR, 1)), Approval.of("sound"), BEN);
        step("promoted by the policy");
        environments.promote(new Place(EnvironmentName.of("staging"), TUMOR), Promotion.of(1, ""), null, ADA);
    }

    private void tryOut() {
        Place production = new Place(EnvironmentName.of("production"), TUMOR);
        step("a canary with everything it may have");
        versions.register(TUMOR, Registration.empty().file("model.onnx", bytes("weights 2")), BEN);
        environments.promote(
                production,
                Promotion.of(
                        Canary.of(2, Share.percent(5))
                                .then(Share.percent(25))
                                .then(Share.percent(98))
                                .audience("hospital", "st-mary", "nord")
                                .holdout(Share.percent(2))
                                .salt("pilot"),
                        "pilot"),
                null,
                ADA);
        step("its next step, another share, and the end");
        environments.promote(production, Promotion.ramp("no complaints"), null, ADA);
        environments.promote(production, Promotion.ramp(Share.percent(50), "on"), null, BEN);
        environments.halt(production, "complaints", BEN);
        step("by the clock, and to everybody");
        environments.promote(
                production,
                Promotion.of(
                        Canary.of(2, Share.NONE)
                                .then(Share.percent(10), Instant.parse("2030-01-01T06:00:00Z"))
                                .then(Share.ALL, Instant.parse("2030-01-02T06:00:00Z")),
                        "mended"),
                null,
                ADA);
        environments.promote(production, Promotion.complete("earlier than planned"), null, ADA);
        step("an experiment with a shadow, and its conclusion");
        environments.promote(
                production,
                Promotion.of(
                        Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)))
                                .shadow("quiet", 2)
                                .experiment(new Experiment("dose-7", "fewer readmissions", "readmission-30d")),
                        "ethics vote 12/26"),
                null,
                ADA);
        environments.promote(
                production,
                Promotion.of(
                        Conclusion.of("dose-7")
                                .observed(new ArmResult.Proportion("a", 4_000, 480))
                                .observed(new ArmResult.Mean("b", 4_100, 0.1, 0.09))
                                .analysed(new Analysis("welch t-test", "a", "b", -0.02, -0.0335, -0.0065, 0.95, 0.004))
                                .keep("a"),
                        "no difference that matters"),
                null,
                BEN);
    }

    /** Lets time pass, not in whole milliseconds. */
    @SuppressWarnings("UnusedVariable") // the name is for the reader
    private void step(String name) {
        host.advance(Duration.ofMillis(61_500).plusNanos(123_456));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
