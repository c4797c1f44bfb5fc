package io.modelregistry.core.specs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code names the actions of the models that it implements, each of them and no others, so that the two can't drift apart unnoticed. */
class ActionsTest {
    private static final Path SOURCE = Path.of("src/main/java");
    private static final Pattern NEXT = Pattern.compile("^Next ==(.*?)^Spec ==", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ACTION = Pattern.compile("\\b([A-Z]\\w*)\\(");
    private static final String NAMES = ": ([A-Z][A-Za-z0-9]*(?:, [A-Z][A-Za-z0-9]*)*)";

    @ParameterizedTest
    @ValueSource(strings = {"RegLog", "Retire", "Label"})
    void theCodeNamesEveryActionOfAModelAndNoOthers(String model) throws IOException {
        Set<String> actions = actionsOf(model);
        Set<String> named = new TreeSet<>();

        for (Path file : sources()) {
            Matcher comment = Pattern.compile("\\b" + model + NAMES).matcher(Files.readString(file));
            while (comment.find()) {
                named.addAll(List.of(comment.group(1).split(", ", -1)));
            }
        }

        assertThat(actions).hasSizeGreaterThan(5);
        assertThat(named).isEqualTo(actions);
    }

    private static Set<String> actionsOf(String model) throws IOException {
        Matcher next = NEXT.matcher(Files.readString(Tlc.SPECS.resolve(model + ".tla")));
        assertThat(next.find()).as(model + " has a Next").isTrue();
        Set<String> actions = new TreeSet<>();
        Matcher action = ACTION.matcher(next.group(1));
        while (action.find()) {
            actions.add(action.group(1));
        }
        return actions;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
