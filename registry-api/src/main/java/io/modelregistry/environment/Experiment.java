package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.util.regex.Pattern;

/**
 * What a rollout with several arms is to find out. Part of the environment's entries; it begins with the change that carries it and ends with a
 * {@link Conclusion}.
 *
 * @param id up to 64 of a-z, 0-9, '.', '_', '-'; also the salt of the assignment, unless the rollout has one of its own
 * @param hypothesis what is expected, in one line of up to 500 characters, written down before the data are seen
 * @param outcome name of the metric it is judged by, such as {@code readmission-30d}
 */
public record Experiment(String id, String hypothesis, String outcome) {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public Experiment {
        if (!ID.matcher(id).matches()) {
            throw new InvalidRequestException("Not an experiment's id: \"" + Texts.printable(id)
                    + "\": it has up to 64 of a-z, 0-9, '.', '_' and '-'");
        }
        Texts.line("hypothesis", hypothesis, 500);
        Texts.line("outcome", outcome, 128);
        if (hypothesis.isBlank() || outcome.isBlank()) {
            throw new InvalidRequestException("Experiment " + id + " needs a hypothesis and the name of its outcome");
        }
    }
}
