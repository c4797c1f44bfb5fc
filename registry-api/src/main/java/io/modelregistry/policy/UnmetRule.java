package io.modelregistry.policy;

import java.io.Serializable;

/**
 * A rule that stands in the way of a change.
 *
 * @param sentence what is not as it must be, of which version or environment, without a full stop
 * @param remedy the way out, as a sentence
 */
public record UnmetRule(Rule rule, String sentence, String remedy) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** {@code metric: tumor@12's auc on held-out is 0.87, below 0.9. Train a better version …}. */
    @Override
    public String toString() {
        return rule.code() + ": " + sentence + ". " + remedy;
    }
}
