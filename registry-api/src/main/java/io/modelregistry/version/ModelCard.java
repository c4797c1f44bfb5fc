package io.modelregistry.version;

import io.modelregistry.Texts;
import org.jspecify.annotations.Nullable;

/**
 * What a model is for and where it must not be used, in the sense of <i>Model Cards for Model Reporting</i> (Mitchell et al., 2019).
 *
 * @param intendedUse up to 10,000 characters
 * @param limits known limitations and out-of-scope uses, up to 10,000 characters
 */
public record ModelCard(
        @Nullable String intendedUse, @Nullable String limits) {
    public ModelCard {
        if (intendedUse != null) {
            Texts.check("intended use", intendedUse, 10_000);
        }
        if (limits != null) {
            Texts.check("limits", limits, 10_000);
        }
    }
}
