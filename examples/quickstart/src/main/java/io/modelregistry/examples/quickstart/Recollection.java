package io.modelregistry.examples.quickstart;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Verification;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What can be asked of a registry afterwards: who did what and why, what served when, and whether all is intact. */
record Recollection(ModelRegistry registry, Model model, Page page) {

    void tell(String environment) {
        tellHistory();
        page.gap();
        tellWhatServed(model.environment(environment));
        page.gap();
        verify();
    }

    private void tellHistory() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("when", "who", "what", "before → after", "why"));
        for (AuditEvent event : model.history()) {
            String change = event.before().isEmpty() ? event.after() : event.before() + " → " + event.after();
            rows.add(List.of(
                    toMillis(event.at()),
                    event.actor().id(),
                    event.what() + " " + event.subject(),
                    change.length() > 40 ? change.substring(0, 39) + "…" : change,
                    event.reason()));
        }
        page.table(rows);
    }

    private void tellWhatServed(Environment environment) {
        List<Deployment> changes = environment.history();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("at", environment.name() + " served", "how sure"));
        for (int i = 1; i < changes.size(); i++) {
            Instant between = middle(changes.get(i - 1).at(), changes.get(i).at());
            ServedAt answer = environment.asOf(between);
            String served = answer.rollout()
                    .map(Rollout::describe)
                    .map(n -> "version " + n)
                    .orElse("nothing");
            rows.add(
                    List.of(toMillis(between), served, answer.certainty().name().toLowerCase(Locale.ROOT)));
        }
        page.table(rows);
        page.say(
                "Pinned: a later entry proves it. Provisional: it will be after the next change, or settled in an hour.");
    }

    private void verify() {
        Verification verification = registry.verify();
        page.say("verify: %s", verification.toText());
        if (!verification.isClean()) {
            throw new IllegalStateException("The registry is damaged: " + verification.toText());
        }
    }

    private static Instant middle(Instant from, Instant to) {
        return from.plus(Duration.between(from, to).dividedBy(2));
    }

    private static String toMillis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
