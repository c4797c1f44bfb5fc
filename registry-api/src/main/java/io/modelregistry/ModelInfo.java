package io.modelregistry;

import java.util.List;

/**
 * What is known of a model as a whole.
 *
 * @param owners who answers for it: whom it was transferred to last, else who registered its first version
 * @param archived whether new versions of it are refused
 */
public record ModelInfo(ModelName name, List<Actor> owners, boolean archived) {
    public ModelInfo {
        owners = List.copyOf(owners);
    }
}
