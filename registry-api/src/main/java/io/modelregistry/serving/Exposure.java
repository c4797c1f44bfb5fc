package io.modelregistry.serving;

import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Routing;

/**
 * Somebody met one arm of an experiment.
 *
 * @param experiment its id
 * @param assigned id of the arm that who asks belongs to; an analysis by intention to treat counts by it
 * @param receipt of the arm that answers, which is the stable one while the assigned one isn't loaded
 * @param routing who asks; whom an audience chose was not chosen by chance
 */
public record Exposure(String experiment, String assigned, Receipt receipt, Routing routing) {

    /** Whether the assigned arm answers. */
    public boolean isAsAssigned() {
        return receipt.servedBy().map(choice -> choice.arm().equals(assigned)).orElse(false);
    }
}
