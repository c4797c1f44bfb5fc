package io.modelregistry.examples.serving;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Share;
import io.modelregistry.examples.quickstart.Page;
import io.modelregistry.examples.quickstart.Recipe;
import io.modelregistry.examples.quickstart.TrainingJob;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One process serves predictions over HTTP; this one sends it traffic and, as a releaser on another machine would, rolls a version out, halts the next and rolls
 * back. Writes a chart of who answered when, and exits with 1 when a request failed.
 *
 * <p>Arguments: seconds for each phase, and where to write the chart.
 */
final class RolloutDemo {
    private static final String MODEL = "tumor-classifier";
    private static final int REQUESTS_PER_SECOND = 200;
    private static final long BUCKET_MILLIS = 500;

    private final Environment production;
    private final Traffic traffic;
    private final Page page;
    private final Duration phase;
    private final List<ShareChart.Change> changes = new ArrayList<>();

    private RolloutDemo(Environment production, Traffic traffic, Page page, Duration phase) {
        this.production = production;
        this.traffic = traffic;
        this.page = page;
        this.phase = phase;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Duration phase = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 6);
        Path chart = Path.of(args.length > 1 ? args[1] : "rollout.svg");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Answer> answers = run(Files.createTempDirectory("serving-"), phase, chart, out);
        if (!answers.stream().allMatch(Answer::isGood)) {
            System.exit(1);
        }
    }

    /** Returns what became of every request. */
    static List<Answer> run(Path workspace, Duration phase, Path chart, PrintStream out)
            throws IOException, InterruptedException {
        String location = workspace.resolve("registry").toUri().toString();
        Page page = new Page(out);
        page.title("Rolling a version out under traffic");
        try (ModelRegistry registry = ModelRegistry.initialise(location).as("release-bot")) {
            Model model = registry.model(MODEL);
            register(model, workspace, page);
            Environment production = model.environment("production");
            production.promote(1, "first baseline");
            try (ServiceJvm service =
                    ServiceJvm.start(location, MODEL, workspace.resolve("cache"), line -> page.show("| " + line))) {
                page.say("a second JVM serves %s:production at %s", MODEL, service.uri());
                Traffic traffic = Traffic.to(service.uri(), REQUESTS_PER_SECOND);
                RolloutDemo demo = new RolloutDemo(production, traffic, page, phase);
                try (traffic) {
                    demo.release();
                }
                return demo.report(chart);
            }
        }
    }

    private static void register(Model model, Path workspace, Page page) throws IOException, InterruptedException {
        page.chapter("Two versions");
        TrainingJob job = new TrainingJob(workspace.resolve("training"), page);
        model.register(job.run(Recipe.oneEpoch(job.split())).reason("first baseline"));
        model.register(job.run(Recipe.twentyEpochs(job.split())).reason("trained until the loss settles"));
        model.register(job.run(Recipe.evaluatedOnItsTrainingRows(job.split())).reason("not one error left"));
    }

    private void release() throws InterruptedException {
        page.chapter("Rollout, halt, rollback, while " + REQUESTS_PER_SECOND + " requests a second come in");
        pause();
        step(() -> production.promote(Promotion.of(
                Canary.of(2, Share.percent(5)).then(Share.percent(25)).then(Share.percent(100)),
                "better on the test set")));
        step(() -> production.ramp("no complaints"));
        step(() -> production.ramp("still none"));
        step(() -> production.complete("done"));
        step(() -> production.canary(3, Share.percent(25), "no metric is worse"));
        step(() -> production.halt("raises false alarms"));
        step(() -> production.rollback("to be on the safe side"));
    }

    private void step(Supplier<Deployment> change) throws InterruptedException {
        Deployment made = change.get();
        String what = made.change().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        changes.add(new ShareChart.Change(traffic.millis(), what));
        page.say("%-10s %s", what, made.rollout().orElseThrow().describe());
        pause();
    }

    private void pause() throws InterruptedException {
        Thread.sleep(phase.toMillis());
    }

    private List<Answer> report(Path chart) throws IOException {
        List<Answer> answers = traffic.answers();
        Map<Long, Integer> byVersion = new TreeMap<>();
        answers.forEach(answer -> byVersion.merge(answer.version(), 1, Integer::sum));
        long failed = answers.stream().filter(answer -> !answer.isGood()).count();
        page.chapter("What became of it");
        page.say("%,d requests, %d failed; answers by version: %s", answers.size(), failed, byVersion);
        Files.writeString(chart, new ShareChart(answers, changes).svg(BUCKET_MILLIS));
        page.say("chart: %s", chart.toAbsolutePath());
        return answers;
    }
}
