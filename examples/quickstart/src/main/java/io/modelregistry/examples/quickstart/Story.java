package io.modelregistry.examples.quickstart;

import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Deployment;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two versions, a promotion, a bad promotion and a rollback. Three people take part, each under an id of their own; an id
 * rather than a name, because the registry never forgets.
 */
final class Story {

    private static final String PRODUCTION = "production";
    private static final String SCIENTIST = "scientist-17";
    private static final String RELEASER = "releaser-04";
    private static final String ON_CALL = "on-call-02";

    private final ModelRegistry registry;
    private final Model scientist;
    private final Environment releaser;
    private final Model onCall;
    private final TrainingJob job;
    private final ServingJvm servingJvm;
    private final Page page;

    Story(ModelRegistry registry, String model, TrainingJob job, ServingJvm servingJvm, Page page) {
        this.registry = registry;
        this.scientist = registry.as(SCIENTIST).model(model);
        this.releaser = registry.as(RELEASER).model(model).environment(PRODUCTION);
        this.onCall = registry.as(ON_CALL).model(model);
        this.job = job;
        this.servingJvm = servingJvm;
        this.page = page;
    }

    void tell() throws IOException, InterruptedException {
        page.chapter("A data scientist trains and registers two versions");
        ModelVersion first = register(Recipe.oneEpoch(job.split()), "0.9.0", "first baseline");
        ModelVersion second = register(Recipe.twentyEpochs(job.split()), "1.0.0", "trained until the loss settles");
        compareFiles(first, second);

        page.chapter("A releaser compares them and promotes the better one");
        compare(first, second);
        promote(second, "finds two more tumours, no false alarm");
        serve();

        page.chapter("A bad promotion");
        Recipe mistake = Recipe.evaluatedOnItsTrainingRows(job.split());
        int rows = mistake.evaluation().size();
        ModelVersion third = register(mistake, "1.1.0", "not one error left");
        compare(second, third);
        promote(third, "no metric is worse, four are better");
        serve();
        page.say(
                "The files are intact and predict what they predicted after training. It is the model that is bad, and");
        page.say("the comparison said so: the %d rows it was evaluated on are those it was trained on.", rows);

        page.chapter("Rollback");
        rollBack(third);
        promoteUnaware(third);
        retire(third);
        serve();

        page.chapter("What the registry remembers");
        new Recollection(registry, onCall, page).tell(PRODUCTION);
    }

    private ModelVersion register(Recipe recipe, String label, String reason) throws IOException {
        ModelVersion version =
                scientist.register(job.run(recipe).label(label).reason(reason).progress(this::showProgress));
        page.say("registered %s, also known as %s@%s", version.id(), scientist.name(), label);
        page.gap();
        return version;
    }

    private void showProgress(Progress.Event event) {
        if (event.file() == null) {
            page.say("  %-6s %,7d bytes", event.phase().name().toLowerCase(Locale.ROOT), event.totalBytes());
        }
    }

    private void compareFiles(ModelVersion first, ModelVersion second) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", first.id().toString(), second.id().toString(), ""));
        for (int i = 0; i < first.artifact().files().size(); i++) {
            ArtifactFile before = first.artifact().files().get(i);
            ArtifactFile after = second.artifact().files().get(i);
            boolean same = before.digest().equals(after.digest());
            rows.add(List.of(
                    before.path().value(), start(before), start(after), same ? "the same bytes, stored once" : ""));
        }
        page.table(rows);
    }

    private static String start(ArtifactFile file) {
        return file.digest().toString().substring(0, "sha256:".length() + 12);
    }

    private void compare(ModelVersion before, ModelVersion after) {
        page.show(scientist.compare(before.number(), after.number()).toText());
        page.gap();
    }

    private void promote(ModelVersion version, String reason) {
        Deployment deployment = releaser.promote(version.number(), reason);
        page.say("%s promoted %s: \"%s\"", deployment.actor(), version.id(), deployment.reason());
    }

    private void serve() throws IOException, InterruptedException {
        int status = servingJvm.serve();
        if (status != 0) {
            throw new IllegalStateException("The serving process ended with status " + status);
        }
    }

    private void rollBack(ModelVersion bad) {
        Deployment deployment = onCall.environment(PRODUCTION).rollback("false alarms since version " + bad.number());
        String served = deployment.rollout().orElseThrow().describe();
        page.say("%s rolled back to version %s: \"%s\"", deployment.actor(), served, deployment.reason());
    }

    /** The releaser's handle remembers the revision it last returned; the rollback came after it. */
    private void promoteUnaware(ModelVersion bad) {
        try {
            releaser.promote(bad.number(), "should have worked");
        } catch (ConflictException e) {
            page.say("%s knows nothing of it, promotes version %d again, and is refused:", RELEASER, bad.number());
            page.say("  %s", e.getMessage());
            return;
        }
        throw new IllegalStateException(bad.id() + " was promoted over a rollback that its releaser had not seen");
    }

    private void retire(ModelVersion bad) {
        onCall.version(bad.number()).retire("evaluated on its own training rows");
        page.say("%s retired %s, so that nothing takes it up again", ON_CALL, bad.id());
    }
}
