package io.modelregistry.core.nth;

import static io.modelregistry.core.nth.Row.read;
import static io.modelregistry.core.nth.Row.write;
import static java.util.stream.Collectors.joining;

import io.modelregistry.Actor;
import io.modelregistry.CopyRequest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.OutcomeToken;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.Reproduction;
import io.modelregistry.RequestId;
import io.modelregistry.Revision;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.VersionReference;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import io.modelregistry.core.nth.Row.Repetition;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.Share;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.StateAt;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.PolicyRevision;
import io.modelregistry.policy.Preview;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Every public operation of a registry: what {@link NthCallTest} tries. A new operation is a new row. */
final class Operations {
    private static final String VERSIONS = "versions/tumor";
    private static final String PRODUCTION = "environments/production/tumor";
    private static final String SUBMISSIONS = "submissions/tumor/0000000001";
    private static final String REVIEWS = "reviews/tumor/0000000001";
    private static final String REASON = "why not";
    /** Another registry, of which version 2 is copied. Nothing goes wrong there. */
    private static final ModelRegistry OTHER = otherRegistry();

    /** The one of {@link #oneVersion}. */
    private static final ModelVersion ONE = firstVersion();

    private static final String MANIFEST = ONE.artifact().manifest().toString();

    private Operations() {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        rows.addAll(openings());
        rows.addAll(registrations());
        rows.addAll(judgements());
        rows.addAll(releases());
        rows.addAll(registryReads());
        rows.addAll(modelReads());
        rows.addAll(versionReads());
        rows.addAll(environmentReads());
        rows.addAll(rollouts());
        rows.addAll(governance());
        return rows;
    }

    // ---- what has happened before

    /** Not even a registry stands. */
    static final Consumer<Client> EMPTY = client -> {};

    private static void nothing(Client client) {
        client.registry();
    }

    private static void oneVersion(Client client) {
        client.tumor()
                .register(small("one")
                        .file("scaler.csv", bytes("0.5"))
                        .label("1.0.0")
                        .metric(Metric.higherIsBetter("auc", 0.9)));
    }

    private static void twoVersions(Client client) {
        oneVersion(client);
        client.tumor().register(small("two"));
    }

    private static void submitted(Client client) {
        oneVersion(client);
        client.tumor().version(1).submit(REASON);
    }

    private static void approved(Client client) {
        submitted(client);
        client.tumor().version(1).approve(REASON);
    }

    private static void deprecated(Client client) {
        approved(client);
        client.tumor().version(1).deprecate(REASON);
    }

    /** Version 2, and version 1 before it. */
    private static void served(Client client) {
        twoVersions(client);
        client.production().promote(1, "first");
        client.production().promote(2, "second");
    }

    /** A canary with a step left. */
    private static void tried(Client client) {
        served(client);
        client.production().promote(Promotion.of(Canary.of(1, Share.percent(5)).then(Share.percent(25)), "try"));
    }

    private static void experimented(Client client) {
        served(client);
        client.production()
                .promote(Promotion.of(
                        Rollout.of(Arm.of("a", 2, Share.percent(50)), Arm.of("b", 1, Share.percent(50)))
                                .experiment(new Experiment("dose-7", "better", "recall")),
                        "try"));
    }

    private static void measured(Client client) {
        twoVersions(client);
        client.tumor().version(1).evaluate(Evaluation.of("weekly", Metric.higherIsBetter("auc", 0.8)));
    }

    private static void copied(Client client) {
        client.tumor().copyFrom(OTHER.version("tumor@2"), REASON);
    }

    private static void archived(Client client) {
        oneVersion(client);
        client.tumor().archive(REASON);
    }

    private static void noted(Client client) {
        measured(client);
        client.tumor().version(1).addNote("Mrs Curie disagrees");
    }

    /** More files than a record lists. */
    private static void manyFiles(Client client) {
        Registration many = Registration.empty();
        for (int i = 0; i < 257; i++) {
            many = many.file("shards/" + i, bytes("one shard"));
        }
        client.tumor().register(many);
    }

    private static void promotedWithARequest(Client client) {
        oneVersion(client);
        client.production().promote(Promotion.of(1, "first").request("release-1"));
    }

    private static void assessed(Client client) {
        oneVersion(client);
        client.tumor()
                .version(1)
                .assess(Evaluation.of("board", Metric.higherIsBetter("auc", 0.9))
                        .attest(Attestation.of("validated")));
    }

    /** A policy whose gates have to be read, version 1 served where it had to be, and submitted. */
    private static void governed(Client client) {
        assessed(client);
        client.registry()
                .policy()
                .set(
                        Policy.none()
                                .reviews(ReviewRules.none().approvals(2))
                                .environment(
                                        "canary",
                                        EnvironmentRules.none()
                                                .metric(MetricRule.noWorseThan("auc", "production"))
                                                .attestation("validated")
                                                .servedIn("staging", Duration.ZERO)),
                        REASON);
        client.tumor().register(small("two"));
        client.production().promote(2, "measured on nothing");
        client.tumor().environment("staging").promote(1, REASON);
        client.tumor().version(1).submit(REASON);
    }

    private static void governedAndServed(Client client) {
        governed(client);
        client.tumor().environment("canary").promote(1, "first");
        client.tumor().environment("canary").withdraw("stopped");
    }

    // ---- the table

    private static List<Row> openings() {
        return List.of(
                write(
                                "initialise an empty store",
                                "registry.json",
                                EMPTY,
                                c -> "opened " + c.open(Mode.INITIALISE).location(),
                                "ModelRegistry.on(StorageBackend,RegistryOptions,Host)")
                        .repeated(Repetition.HARMLESS),
                read(
                        "initialise a registry that stands",
                        Operations::nothing,
                        c -> "opened " + c.open(Mode.INITIALISE).id(),
                        "ModelRegistry.initialise(String)",
                        "ModelRegistry.initialise(String,RegistryOptions)"),
                read(
                        "open",
                        Operations::nothing,
                        c -> "opened " + c.open(Mode.OPEN).id(),
                        "ModelRegistry.open(String)",
                        "ModelRegistry.open(String,RegistryOptions)"));
    }

    private static List<Row> registrations() {
        String register = "Model.register(Registration)";
        return List.of(
                write(
                        "register the first version of a model",
                        VERSIONS,
                        Operations::nothing,
                        c -> text(c.tumor().register(small("one"))),
                        register),
                write(
                        "register a small version",
                        VERSIONS,
                        Operations::oneVersion,
                        c -> text(c.tumor().register(small("three"))),
                        register),
                write(
                        "register with a label",
                        VERSIONS,
                        Operations::oneVersion,
                        c -> text(c.tumor().register(small("three").label("1.1.0"))),
                        register),
                write(
                                "register with a request id",
                                VERSIONS,
                                Operations::oneVersion,
                                c -> text(c.tumor().register(small("three").request("job-3"))),
                                register)
                        .repeated(Repetition.FIRST_OUTCOME),
                write(
                                "register with a label and a request id",
                                VERSIONS,
                                Operations::oneVersion,
                                c -> text(c.tumor()
                                        .register(small("three").label("1.1.0").request("job-3"))),
                                register)
                        .repeated(Repetition.FIRST_OUTCOME),
                write(
                        "register two files, one of which stands",
                        VERSIONS,
                        Operations::oneVersion,
                        c -> text(c.tumor().register(small("three").file("scaler.csv", bytes("0.5")))),
                        register),
                write(
                        "register with a parent",
                        VERSIONS,
                        Operations::twoVersions,
                        c -> text(c.tumor()
                                .register(small("three")
                                        .provenance(Provenance.none().fineTunedFrom(VersionId.of("tumor", 1))))),
                        register),
                write(
                        "evaluate",
                        "evaluations/tumor/0000000001",
                        Operations::measured,
                        c -> {
                            c.tumor().version(1).evaluate(Evaluation.of("", Metric.lowerIsBetter("loss", 0.1)));
                            return "evaluated";
                        },
                        "Version.evaluate(Evaluation)"),
                write(
                                "copy a version of another registry",
                                VERSIONS,
                                Operations::oneVersion,
                                c -> text(c.tumor().copyFrom(OTHER.version("tumor@2"), REASON)),
                                "Model.copyFrom(Version,String)")
                        .repeated(Repetition.FIRST_OUTCOME),
                write(
                                "copy with a label of its own, vouching",
                                VERSIONS,
                                Operations::oneVersion,
                                c -> text(c.tumor()
                                        .copyFrom(CopyRequest.of(OTHER.version("tumor@2"), REASON)
                                                .label("2.0-copy")
                                                .vouching())),
                                "Model.copyFrom(CopyRequest)")
                        .repeated(Repetition.FIRST_OUTCOME),
                read(
                        "evidence of a copy",
                        Operations::copied,
                        c -> lines(c.tumor().version(1).evidence()),
                        "Version.evidence()"),
                write(
                                "transfer",
                                "models/tumor",
                                Operations::oneVersion,
                                c -> "" + c.tumor().transfer(List.of(Actor.of("ben"), Actor.of("cem")), REASON),
                                "Model.transfer(List,String)")
                        .repeated(Repetition.HARMLESS),
                write(
                                "archive",
                                "models/tumor",
                                Operations::oneVersion,
                                c -> "" + c.tumor().archive(REASON),
                                "Model.archive(String)")
                        .repeated(Repetition.HARMLESS),
                write(
                                "restore",
                                "models/tumor",
                                Operations::archived,
                                c -> "" + c.tumor().restore(REASON),
                                "Model.restore(String)")
                        .repeated(Repetition.HARMLESS),
                write(
                        "add a note",
                        "evaluations/tumor/0000000001",
                        Operations::measured,
                        c -> {
                            c.tumor().version(1).addNote("Mrs Curie disagrees");
                            return "noted";
                        },
                        "Version.addNote(String)"),
                write(
                                "erase a note",
                                "evaluations/tumor/0000000001",
                                Operations::noted,
                                c -> {
                                    c.tumor().version(1).eraseNote(c.note(), "asked for");
                                    return "erased";
                                },
                                "Version.eraseNote(NoteId,String)")
                        .repeated(Repetition.HARMLESS),
                write(
                                "evaluate with a request id",
                                "evaluations/tumor/0000000001",
                                Operations::oneVersion,
                                c -> {
                                    c.tumor()
                                            .version(1)
                                            .evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.7))
                                                    .request("eval-1"));
                                    return "evaluated";
                                },
                                "Version.evaluate(Evaluation)")
                        .repeated(Repetition.FIRST_OUTCOME));
    }

    private static List<Row> judgements() {
        return List.of(
                write(
                        "submit",
                        SUBMISSIONS,
                        Operations::oneVersion,
                        c -> "" + c.tumor().version(1).submit(REASON),
                        "Version.submit(String)"),
                write(
                        "approve",
                        REVIEWS,
                        Operations::submitted,
                        c -> "" + c.tumor().version(1).approve(REASON),
                        "Version.approve(String)"),
                write(
                        "reject",
                        REVIEWS,
                        Operations::submitted,
                        c -> "" + c.tumor().version(1).reject(REASON),
                        "Version.reject(String)"),
                write(
                        "deprecate",
                        REVIEWS,
                        Operations::approved,
                        c -> "" + c.tumor().version(1).deprecate(REASON),
                        "Version.deprecate(String)"),
                write(
                        "reinstate",
                        REVIEWS,
                        Operations::deprecated,
                        c -> "" + c.tumor().version(1).reinstate(REASON),
                        "Version.reinstate(String)"),
                write(
                                "retire",
                                REVIEWS,
                                Operations::served,
                                c -> "" + c.tumor().version(1).retire(REASON),
                                "Version.retire(String)")
                        .takes(2),
                write(
                                "retire what is served",
                                "reviews/tumor/0000000002",
                                Operations::served,
                                c -> "" + c.tumor().version(2).retire(REASON),
                                "Version.retire(String)")
                        .isRefused()
                        .takes(2));
    }

    private static String servedFromMemory(Client client) {
        try (ModelHandle<String> handle = client.production()
                .serve(Loader.of(files -> files.version().id().toString()))) {
            return handle.use(Lease::model);
        }
    }

    private static List<Row> governance() {
        return List.of(
                write(
                        "approve with a name",
                        REVIEWS,
                        Operations::submitted,
                        c -> ""
                                + c.tumor()
                                        .version(1)
                                        .approve(Approval.of(REASON).printedName("Ada L.")),
                        "Version.approve(Approval)"),
                write(
                        "approve as one of two",
                        REVIEWS,
                        Operations::governed,
                        c -> "" + c.tumor().version(1).approve(REASON),
                        "Version.approve(String)"),
                write(
                        "assess",
                        "assessments/tumor/0000000001",
                        Operations::oneVersion,
                        c -> {
                            c.tumor()
                                    .version(1)
                                    .assess(Evaluation.of("", Metric.lowerIsBetter("loss", 0.1))
                                            .attest(Attestation.of("validated")));
                            return "assessed";
                        },
                        "Version.assess(Evaluation)"),
                write(
                        "promote by a policy",
                        "environments/canary/tumor",
                        Operations::governed,
                        c -> text(c.tumor().environment("canary").promote(1, REASON)),
                        "Environment.promote(long,String)"),
                write(
                        "roll back by a policy",
                        "environments/canary/tumor",
                        Operations::governedAndServed,
                        c -> text(c.tumor().environment("canary").rollback(REASON)),
                        "Environment.rollback(String)"),
                write(
                        "set the policy",
                        "policy",
                        Operations::governed,
                        c -> ""
                                + c.registry()
                                        .policy()
                                        .set(Policy.none(), REASON)
                                        .policy(),
                        "Policies.set(Policy,String)"),
                read(
                        "the policy",
                        Operations::governed,
                        c -> "" + c.registry().policy().current().map(PolicyRevision::policy),
                        "Policies.current()"),
                read(
                        "all policies",
                        Operations::governed,
                        c -> "" + c.registry().policy().history().size(),
                        "Policies.history()"),
                read(
                        "the policy at an instant",
                        Operations::governed,
                        c -> "" + c.registry().policy().asOf(Instant.EPOCH).certainty(),
                        "Policies.asOf(Instant)"),
                read(
                        "a preview",
                        Operations::governed,
                        c -> text(c.registry()
                                .preview(trial -> trial.model("tumor")
                                        .environment("canary")
                                        .promote(1, REASON))),
                        "ModelRegistry.preview(Consumer)"),
                read(
                        "assessed metrics",
                        Operations::assessed,
                        c -> "" + c.tumor().version(1).assessedMetrics(),
                        "Version.assessedMetrics()"),
                read(
                        "attestations",
                        Operations::assessed,
                        c -> "" + c.tumor().version(1).attestations(),
                        "Version.attestations()"),
                read(
                        "review",
                        Operations::approved,
                        c -> "" + c.tumor().version(1).review().approvals().size(),
                        "Version.review()"));
    }

    private static String text(Preview preview) {
        if (preview.refused() != null) {
            throw preview.refused();
        }
        return "" + preview.changes().size();
    }

    private static List<Row> releases() {
        return List.of(
                write(
                        "promote",
                        PRODUCTION,
                        Operations::served,
                        c -> text(c.production().promote(1, REASON)),
                        "Environment.promote(long,String)"),
                write(
                        "promote for the first time",
                        PRODUCTION,
                        Operations::approved,
                        c -> text(c.production().promote(VersionId.of("tumor", 1), REASON)),
                        "Environment.promote(VersionId,String)"),
                write(
                                "promote as a request that expects a revision",
                                PRODUCTION,
                                Operations::served,
                                c -> text(c.production()
                                        .promote(Promotion.of(1, REASON)
                                                .expecting(new Revision(PRODUCTION, 2))
                                                .request("release-3"))),
                                "Environment.promote(Promotion)")
                        .repeated(Repetition.FIRST_OUTCOME),
                write(
                        "roll back",
                        PRODUCTION,
                        Operations::served,
                        c -> text(c.production().rollback(REASON)),
                        "Environment.rollback(String)"),
                write(
                        "withdraw",
                        PRODUCTION,
                        Operations::served,
                        c -> text(c.production().withdraw(REASON)),
                        "Environment.withdraw(String)"));
    }

    private static List<Row> rollouts() {
        return List.of(
                write(
                        "canary",
                        PRODUCTION,
                        Operations::served,
                        c -> text(c.production().canary(1, Share.percent(5), REASON)),
                        "Environment.canary(long,Share,String)"),
                write(
                                "canary with a request id",
                                PRODUCTION,
                                Operations::served,
                                c -> text(c.production()
                                        .promote(Promotion.of(Canary.of(1, Share.percent(5)), REASON)
                                                .request("canary-1"))),
                                "Environment.promote(Promotion)")
                        .repeated(Repetition.FIRST_OUTCOME),
                write(
                        "ramp",
                        PRODUCTION,
                        Operations::tried,
                        c -> text(c.production().ramp(REASON)),
                        "Environment.ramp(String)"),
                write(
                        "ramp to a share",
                        PRODUCTION,
                        Operations::tried,
                        c -> text(c.production().ramp(Share.percent(7), REASON)),
                        "Environment.ramp(Share,String)"),
                write(
                        "complete",
                        PRODUCTION,
                        Operations::tried,
                        c -> text(c.production().complete(REASON)),
                        "Environment.complete(String)"),
                write(
                        "halt",
                        PRODUCTION,
                        Operations::tried,
                        c -> text(c.production().halt(REASON)),
                        "Environment.halt(String)"),
                write(
                        "conclude an experiment",
                        PRODUCTION,
                        Operations::experimented,
                        c -> text(
                                c.production().conclude(Conclusion.of("dose-7").keep("b"), REASON)),
                        "Environment.conclude(Conclusion,String)"),
                read(
                        "experiments of an environment",
                        Operations::experimented,
                        c -> lines(c.production().experiments()),
                        "Environment.experiments()"),
                read(
                        "experiments of a model",
                        Operations::experimented,
                        c -> lines(c.tumor().experiments()),
                        "Model.experiments()"),
                read(
                        "experiments of a version",
                        Operations::experimented,
                        c -> lines(c.tumor().version(2).experiments()),
                        "Version.experiments()"),
                read(
                                "serve",
                                Operations::served,
                                Operations::servedFromMemory,
                                "Environment.serve(Loader)",
                                "Environment.serve(Loader,ServingOptions)")
                        .maybeFromMemory(),
                read(
                                "resolve for somebody",
                                Operations::tried,
                                c -> text(c.production().resolve(Routing.of("patient-77"))),
                                "Environment.resolve(Routing)")
                        .maybeFromMemory(),
                read(
                        "resolve for somebody with what the store says now",
                        Operations::tried,
                        c -> text(c.production().resolve(Routing.of("patient-77"), Consistency.STRONG)),
                        "Environment.resolve(Routing,Consistency)"));
    }

    private static List<Row> registryReads() {
        return List.of(
                read("models", Operations::oneVersion, c -> list(c.registry().models()), "ModelRegistry.models()"),
                read(
                        "environments",
                        Operations::served,
                        c -> list(c.registry().environments()),
                        "ModelRegistry.environments()"),
                read(
                                "resolve what an environment serves",
                                Operations::served,
                                c -> text(c.registry().resolve("tumor:production")),
                                "ModelRegistry.resolve(String)")
                        .maybeFromMemory(),
                read(
                        "resolve a label",
                        Operations::twoVersions,
                        c -> text(c.registry().resolve(VersionReference.parse("tumor@1.0.0"), Consistency.STRONG)),
                        "ModelRegistry.resolve(VersionReference,Consistency)"),
                read(
                        "resolve a digest",
                        Operations::twoVersions,
                        c -> text(
                                c.registry().resolve(VersionReference.parse("tumor@" + MANIFEST), Consistency.STRONG)),
                        "ModelRegistry.resolve(VersionReference,Consistency)"),
                read(
                                "resolve a number that isn't registered",
                                Operations::twoVersions,
                                c -> text(c.registry().resolve("tumor@3")),
                                "ModelRegistry.resolve(String)")
                        .isRefused(),
                read(
                        "a version by its label",
                        Operations::twoVersions,
                        c -> "" + c.registry().version("tumor@1.0.0"),
                        "ModelRegistry.version(String)"),
                read(
                                "a version by its environment",
                                Operations::served,
                                c -> "" + c.registry().version("tumor:production"),
                                "ModelRegistry.version(String)")
                        .maybeFromMemory(),
                read(
                        "compare by references",
                        Operations::served,
                        c -> c.registry()
                                .compare("tumor@1.0.0", "tumor:production")
                                .toString(),
                        "ModelRegistry.compare(String,String)"),
                read(
                        "outcome",
                        Operations::promotedWithARequest,
                        c -> ""
                                + c.registry()
                                        .outcome(new OutcomeToken(PRODUCTION, 1, "lost", RequestId.of("release-1"))),
                        "ModelRegistry.outcome(OutcomeToken)"),
                read(
                        "changes",
                        Operations::served,
                        c -> text(c.registry().changes(Position.beginning())),
                        "ModelRegistry.changes(Position)"),
                read(
                        "the first few changes",
                        Operations::deprecated,
                        c -> text(c.registry().changes(Position.beginning(), 4)),
                        "ModelRegistry.changes(Position,int)"),
                read(
                        "position",
                        Operations::served,
                        c -> "" + c.registry().position().delivered(),
                        "ModelRegistry.position()"),
                read(
                        "reproduce what an environment served",
                        Operations::served,
                        c -> text(c.registry().reproduce(receipt(c))),
                        "ModelRegistry.reproduce(Receipt)"),
                read(
                        "reproduce and download",
                        Operations::oneVersion,
                        c -> contents(c.registry()
                                .reproduce(Receipt.of(c.registry().id(), ONE).toString())
                                .download()),
                        "ModelRegistry.reproduce(String)",
                        "Reproduction.download()",
                        "Reproduction.download(Progress)"),
                read(
                        "verify",
                        Operations::served,
                        c -> c.registry().verify().toText(),
                        "ModelRegistry.verify()",
                        "ModelRegistry.verify(Progress)"),
                read(
                        "doctor",
                        Operations::nothing,
                        c -> {
                            c.registry().doctor();
                            return "well";
                        },
                        "ModelRegistry.doctor()"));
    }

    private static List<Row> modelReads() {
        return List.of(
                read("info", Operations::archived, c -> "" + c.tumor().info(), "Model.info()"),
                read("latest", Operations::twoVersions, c -> "" + c.tumor().latest(), "Model.latest()"),
                read(
                        "latest of a model that isn't there",
                        Operations::nothing,
                        c -> "" + c.tumor().latest(),
                        "Model.latest()"),
                read("versions", Operations::twoVersions, c -> list(c.tumor().versions()), "Model.versions()"),
                read(
                        "compare",
                        Operations::measured,
                        c -> c.tumor().compare(1, 2).toString(),
                        "Model.compare(long,long)"),
                read(
                        "history of a model",
                        Operations::served,
                        c -> lines(c.tumor().history()),
                        "Model.history()"));
    }

    private static List<Row> versionReads() {
        return List.of(
                read(
                        "require",
                        Operations::oneVersion,
                        c -> "" + c.tumor().version(1).require(),
                        "Version.require()"),
                read(
                                "require what isn't there",
                                Operations::oneVersion,
                                c -> "" + c.tumor().version(2).require(),
                                "Version.require()")
                        .isRefused(),
                read(
                        "find",
                        Operations::oneVersion,
                        c -> "" + c.tumor().version(1).find(),
                        "Version.find()"),
                read(
                        "label",
                        Operations::oneVersion,
                        c -> "" + c.tumor().version(1).label(),
                        "Version.label()"),
                read(
                        "metrics",
                        Operations::measured,
                        c -> "" + c.tumor().version(1).metrics(),
                        "Version.metrics()"),
                read(
                        "files",
                        Operations::manyFiles,
                        c -> "" + c.tumor().version(1).files(),
                        "Version.files()"),
                read(
                        "state",
                        Operations::approved,
                        c -> "" + c.tumor().version(1).state(),
                        "Version.state()"),
                read(
                        "citation",
                        Operations::oneVersion,
                        c -> c.tumor().version(1).citation().version() + " is cited",
                        "Version.citation()"),
                read(
                        "verify the origin of a copy",
                        Operations::copied,
                        c -> {
                            c.tumor().version(1).verifyOrigin(OTHER);
                            return "as it was";
                        },
                        "Version.verifyOrigin(ModelRegistry)"),
                read("notes", Operations::noted, c -> notes(c.tumor().version(1)), "Version.notes()"),
                read(
                        "state as of the present",
                        Operations::deprecated,
                        c -> text(c.tumor().version(1).stateAsOf(ManualHost.START.plusSeconds(3_600))),
                        "Version.stateAsOf(Instant)"),
                read(
                        "state as of before the registration",
                        Operations::deprecated,
                        c -> text(c.tumor().version(1).stateAsOf(ManualHost.START.minusSeconds(1))),
                        "Version.stateAsOf(Instant)"),
                read(
                        "download",
                        Operations::oneVersion,
                        c -> contents(c.tumor().version(1).download()),
                        "Version.download()",
                        "Version.download(Progress)"),
                read(
                        "download many files",
                        Operations::manyFiles,
                        c -> "" + c.tumor().version(1).download(Progress.none()).files(),
                        "Version.download(Progress)"),
                read(
                        "prefetch",
                        Operations::oneVersion,
                        c -> {
                            c.tumor().version(1).prefetch();
                            return contents(c.tumor().version(1).download());
                        },
                        "Version.prefetch()",
                        "Version.prefetch(Progress)"),
                read(
                        "download into a folder",
                        Operations::oneVersion,
                        Operations::downloadTo,
                        "Version.downloadTo(Path)",
                        "Version.downloadTo(Path,Progress)"));
    }

    private static List<Row> environmentReads() {
        return List.of(
                read("current", Operations::served, c -> "" + c.production().current(), "Environment.current()"),
                read(
                        "current of an environment that serves nothing",
                        Operations::oneVersion,
                        c -> "" + c.production().current(),
                        "Environment.current()"),
                read("resolve", Operations::served, c -> text(c.production().resolve()), "Environment.resolve()")
                        .maybeFromMemory(),
                read(
                        "resolve with what the store says now",
                        Operations::served,
                        c -> text(c.production().resolve(Consistency.STRONG)),
                        "Environment.resolve(Consistency)"),
                read(
                        "resolve as of the present",
                        Operations::served,
                        c -> text(c.production().resolve(ManualHost.START.plusSeconds(3_600))),
                        "Environment.resolve(Instant)",
                        "Environment.resolve(Routing,Instant)"),
                read(
                        "prefetch what is served",
                        Operations::served,
                        c -> {
                            c.production().prefetch();
                            return text(c.production().resolve());
                        },
                        "Environment.prefetch()",
                        "Environment.prefetch(Progress)"),
                read(
                        "history of an environment",
                        Operations::served,
                        c -> lines(c.production().history()),
                        "Environment.history()"),
                read(
                        "as of the present",
                        Operations::served,
                        c -> text(c.production().asOf(ManualHost.START.plusSeconds(3_600))),
                        "Environment.asOf(Instant)"),
                read(
                        "as of before the beginning",
                        Operations::served,
                        c -> text(c.production().asOf(ManualHost.START.minusSeconds(1))),
                        "Environment.asOf(Instant)"));
    }

    private static ModelRegistry otherRegistry() {
        ManualHost host = new ManualHost();
        host.newId(); // so that its own id is another
        Client client = new Client(new MemoryStore(host), host);
        twoVersions(client);
        client.tumor()
                .version(2)
                .assess(Evaluation.of("board", Metric.higherIsBetter("f1", 0.8)).attest(Attestation.of("validated")));
        client.tumor().version(2).submit(REASON);
        return client.registry();
    }

    private static ModelVersion firstVersion() {
        ManualHost host = new ManualHost();
        Client client = new Client(new MemoryStore(host), host);
        oneVersion(client);
        return client.tumor().version(1).require();
    }

    // ---- everything there is

    /** All that a registry says of its versions, their lives and its environments, without times and identities. */
    static String everything(ModelRegistry registry) {
        StringBuilder text = new StringBuilder();
        List<String> models = registry.models().map(Object::toString).toList();
        for (String model : models) {
            text.append(registry.model(model).info()).append('\n');
            registry.model(model).versions().forEach(version -> {
                var handle = registry.version(version.id());
                text.append(text(version)).append(' ').append(handle.label());
                text.append(' ')
                        .append(handle.metrics())
                        .append(' ')
                        .append(handle.state())
                        .append(' ')
                        .append(notes(handle))
                        .append('\n');
            });
            registry.environments().forEach(environment -> {
                List<Deployment> history =
                        registry.model(model).environment(environment.value()).history();
                history.forEach(deployment -> text.append(text(deployment))
                        .append(deployment.reason())
                        .append('\n'));
            });
        }
        return text.toString();
    }

    private static Registration small(String weights) {
        return Registration.empty().file("model.bin", bytes(weights));
    }

    private static String text(ModelVersion version) {
        return version.id() + " " + version.artifact() + " " + version.label() + " "
                + version.provenance().parents();
    }

    private static String text(Deployment deployment) {
        return deployment.revision() + " " + deployment.change() + " " + deployment.served() + " by "
                + deployment.actor();
    }

    private static String text(Resolution resolution) {
        return text(resolution.version()) + resolution.servedBy().map(Operations::text);
    }

    /** Of version 1, as the first change made the environment serve it. */
    private static Receipt receipt(Client client) {
        Receipt ofVersion = Receipt.of(client.registry().id(), ONE);
        String entry = Receipt.kept(client.digest(PRODUCTION + "/0000000001.json"));
        return new Receipt(
                ofVersion.registry(),
                ofVersion.version(),
                ofVersion.manifest(),
                new Receipt.Choice(EnvironmentName.of("production"), 1, "main", 0, entry));
    }

    private static String text(Reproduction found) {
        return found.missing() + " " + found.version().map(Operations::text)
                + found.deployment().map(Operations::text);
    }

    /** Without their identities and times. */
    private static String notes(Version version) {
        return version.notes().stream()
                .map(note -> note.writtenBy() + ": "
                        + note.text()
                                .orElseGet(() ->
                                        "erased, " + note.erased().orElseThrow().reason()))
                .toList()
                .toString();
    }

    private static String text(Changes page) {
        return lines(page.events()) + page.next().delivered() + page.more() + lines(page.damaged());
    }

    private static String text(StateAt then) {
        return then.certainty() + " " + then.state();
    }

    private static String text(ServedAt served) {
        return served.certainty() + " " + served.deployment().map(Operations::text);
    }

    private static String list(Stream<?> stream) {
        return stream.map(Object::toString).toList().toString();
    }

    private static String lines(List<?> elements) {
        return elements.stream().map(Object::toString).collect(joining("\n"));
    }

    private static String downloadTo(Client client) {
        Path folder = client.newFolder();
        try {
            client.tumor().version(1).downloadTo(folder, Progress.none());
        } catch (RegistryException e) {
            if (Files.exists(folder)) {
                throw new AssertionError("A download that failed left its folder", e);
            }
            throw e;
        }
        return contents(folder);
    }

    private static String contents(LocalArtifact artifact) {
        return contents(artifact.folder());
    }

    private static String contents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                text.append(folder.relativize(file))
                        .append('=')
                        .append(Files.readString(file))
                        .append('\n');
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
