package io.modelregistry.examples.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demonstration, in a hurry. */
class RolloutDemoTest {
    @Test
    void noRequestFailsWhileAVersionIsRolledOutAndTheNextIsHalted(@TempDir Path workspace) throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Path chart = workspace.resolve("rollout.svg");

        List<Answer> answers = RolloutDemo.run(
                workspace, Duration.ofSeconds(2), chart, new PrintStream(told, true, StandardCharsets.UTF_8));

        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(answers).as(text).isNotEmpty().allMatch(Answer::isGood);
        assertThat(answers).extracting(Answer::version).contains(1L, 2L, 3L);
        assertThat(answers.get(answers.size() - 1).version()).isEqualTo(1);
        assertThat(text).contains("canary", "halt", "roll back", " 0 failed");
        assertThat(Files.readString(chart)).contains("<svg", "version 3", "</svg>");
    }

    @Test
    void theChartShowsSharesAndWhatChangedThem() {
        List<Answer> answers = List.of(
                new Answer(0, 200, 1), new Answer(100, 200, 1), new Answer(600, 200, 2), new Answer(700, 500, 0));

        String svg = new ShareChart(answers, List.of(new ShareChart.Change(500, "promote"))).svg(500);

        assertThat(svg)
                .contains(">version 1<", ">version 2<", ">promote<", ">100 %<")
                .doesNotContain("version 0");
    }
}
