package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Position;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.environment.Share;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageTest extends WebhookFixture {

    @Test
    void aRolloutIsToldWithTheVersionThatIsServedWhenNothingIsKnownOfWhoAsks() {
        production.promote(1, "first");
        production.canary(2, Share.percent(5), "try it");
        production.complete("it is better");
        production.rollback("it isn't");
        production.withdraw("off");

        assertThat(bodies("environments/"))
                .extracting(
                        body -> body.text("type") + ": " + body.object("data").text("after") + "; version "
                                + body.object("data").numberOrNull("version"))
                .containsExactly(
                        "environment.promote: version 1; version 1",
                        "environment.canary: version 1 (95 %) + 2 (5 %); version 1",
                        "environment.complete: version 2; version 2",
                        "environment.roll_back: version 1; version 1",
                        "environment.withdraw: nothing; version null");
    }

    @Test
    void whatElseHappensIsToldWithTheNamesOfItsStream() {
        registry.model("tumor")
                .register(Registration.empty().file("model.bin", new byte[] {4}).label("1.4.0"));
        registry.version("tumor@1").evaluate(Evaluation.of("weekly", Metric.higherIsBetter("auc", 0.9)));
        registry.version("tumor@1").submit("please");
        registry.as("eve").version("tumor@1").approve("fine");

        assertThat(bodies(""))
                .extracting(
                        body -> body.text("type") + " " + body.object("data").textOr("model", "") + " "
                                + body.object("data").numberOrNull("version") + " "
                                + body.object("data").textOr("label", "-"))
                .containsExactlyInAnyOrder(
                        "model.claim tumor null -",
                        "version.register tumor 1 -",
                        "version.register tumor 2 -",
                        "version.register tumor 3 -",
                        "version.register tumor 4 -",
                        "label.claim tumor null 1.4.0",
                        "evaluation.evaluate tumor 1 -",
                        "submission.submit tumor 1 -",
                        "review.approve tumor 1 -");
    }

    @Test
    void theSameEventIsTheSameMessageForWhoeverReadsIt() {
        production.promote(1, "first");

        try (ModelRegistry other = ModelRegistry.on(store.open(), RegistryOptions.defaults(), host)) {
            List<AuditEvent> here = registry.changes(Position.beginning()).events();
            List<AuditEvent> there = other.changes(Position.beginning()).events();

            for (int i = 0; i < here.size(); i++) {
                Message one = Message.of(registry.id(), here.get(i));
                Message same = Message.of(other.id(), there.get(i));
                assertThat(one.id()).isEqualTo(same.id());
                assertThat(Arrays.equals(one.body(), same.body())).isTrue();
            }
            assertThat(here).extracting(Message::id).doesNotHaveDuplicates();
        }
    }

    @Test
    void aMessageStaysSmallHoweverMuchTheEventTells() {
        Metric[] many = IntStream.range(0, 1_000)
                .mapToObj(i -> Metric.higherIsBetter("metric-" + i, 0.5).slice("🩺 ✓ \"quoted\" " + i))
                .toArray(Metric[]::new);
        registry.version("tumor@1").evaluate(Evaluation.of("weekly", many));

        AuditEvent event = registry.changes(Position.beginning()).events().stream()
                .filter(e -> e.what().equals("evaluate"))
                .findFirst()
                .orElseThrow();
        Message message = Message.of(registry.id(), event);

        assertThat(event.after().length()).isGreaterThan(10_000);
        assertThat(message.body().length).isLessThan(20_000);
        Fields data = Fields.of(JsonFormat.readObject(message.body())).object("data");
        assertThat(data.text("after"))
                .startsWith(event.after().substring(0, 900))
                .endsWith("…");
        assertThat(data.text("after").length()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void aCutNeverSplitsACharacter() {
        for (int before = 0; before < 2; before++) {
            String after = "x".repeat(before) + "🩺".repeat(1_000);

            Message message = Message.of(registry.id(), with(after));

            Fields read = Fields.of(JsonFormat.readObject(message.body()));
            assertThat(read.object("data").text("after")).isEqualTo("x".repeat(before) + "🩺".repeat(499) + "…");
        }
    }

    @Test
    void aTypeHasNoOtherCharactersThanReceiversExpect() {
        AuditEvent event = with("");

        Message message = Message.of(
                registry.id(),
                new AuditEvent(
                        event.revision(),
                        event.at(),
                        event.writtenAt(),
                        event.actor(),
                        "re-read.all\n",
                        event.subject(),
                        "",
                        "",
                        "",
                        null,
                        event.seen(),
                        event.entry()));

        Fields body = Fields.of(JsonFormat.readObject(message.body()));
        assertThat(body.text("type")).isEqualTo("model.re_read_all_");
        assertThat(body.object("data").text("what")).isEqualTo("re-read.all\n");
    }

    private AuditEvent with(String after) {
        AuditEvent event = registry.changes(Position.beginning(), 1).events().get(0);
        return new AuditEvent(
                event.revision(),
                event.at(),
                event.writtenAt(),
                event.actor(),
                event.what(),
                event.subject(),
                event.before(),
                after,
                event.reason(),
                event.request(),
                event.seen(),
                event.entry());
    }

    private List<Fields> bodies(String authority) {
        return registry.changes(Position.beginning()).events().stream()
                .filter(event -> event.revision().stream().startsWith(authority))
                .map(event -> Message.of(registry.id(), event).body())
                .map(body -> Fields.of(JsonFormat.readObject(body)))
                .toList();
    }
}
