package io.modelregistry.core.version;

import io.modelregistry.Actor;
import io.modelregistry.Label;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelName;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fixed names of versions: the streams {@code labels/}, of one entry each. The entry alone decides whom a label names. The comments here and in
 * {@link VersionStore} name the actions of {@code docs/specs/Label.tla}.
 */
public final class Labels {
    private final Streams streams;

    Labels(Streams streams) {
        this.streams = streams;
    }

    /** The version that a label names. */
    public Optional<VersionId> find(ModelName model, Label label) {
        Tip tip = streams.log(KeyLayout.label(model, label)).read();
        return tip.sequence() == 0 ? Optional.empty() : Optional.of(new VersionId(model, owner(tip)));
    }

    void checkFree(ModelName model, Label label) {
        // Label: CheckFree
        find(model, label).ifPresent(owner -> {
            throw new LabelTakenException(model, label, owner.number(), 0);
        });
    }

    /**
     * Makes the label name a version that stands.
     *
     * @return false when it does so already
     */
    boolean claim(VersionId version, Label label, Actor actor) {
        boolean[] claims = {false};
        Json.Obj claim = Json.object()
                .put("type", "claim")
                .put("version", version.number())
                .build();
        Operation operation = new Operation(claim, actor, "registered as " + label, null);
        streams.log(KeyLayout.label(version.model(), label)).append(operation, List.of(), tip -> {
            claims[0] = tip.sequence() == 0;
            // Label: Look, at what checkFree saw or at the entry that was faster; then Label: Claim
            if (tip.sequence() == 0) {
                Json.Obj state = Json.object().put("version", version.number()).build();
                return Optional.of(new Draft(
                        state, Map.of(KeyLayout.versions(version.model()).path(), version.number())));
            }
            if (owner(tip) != version.number()) {
                throw new LabelTakenException(version.model(), label, owner(tip), version.number());
            }
            return Optional.empty();
        });
        return claims[0];
    }

    private static long owner(Tip tip) {
        return tip.decode(state -> Fields.of(state).number("version"));
    }
}
