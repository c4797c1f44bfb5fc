package io.modelregistry.core.version;

import io.modelregistry.Actor;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelInfo;
import io.modelregistry.ModelName;
import io.modelregistry.NotFoundException;
import io.modelregistry.TextValidator.Kind;
import io.modelregistry.Texts;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who answers for models, and which are archived: the streams {@code models/}, whose first entry is the claim of the name. Thread-safe. */
public final class Models {
    public static final String TRANSFER = "transfer";
    public static final String ARCHIVE = "archive";
    public static final String RESTORE = "restore";

    private static final String MODEL = "model";
    private static final String OWNERS = "owners";
    private static final String ARCHIVED = "archived";
    private static final int MOST_OWNERS = 50;

    private final Streams streams;

    public Models(Streams streams) {
        this.streams = streams;
    }

    /** Asks the store; empty when nothing was registered under the name. */
    public Optional<ModelInfo> info(ModelName model) {
        EventLog log = log(model);
        Tip tip = log.read();
        return tip.sequence() == 0
                ? Optional.empty()
                : Optional.of(info(model, tip, claimant(log, tip, tip.decode(Models::owners))));
    }

    public ModelInfo transfer(ModelName model, List<Actor> owners, String reason, Actor actor) {
        if (owners.isEmpty()
                || owners.size() > MOST_OWNERS
                || Set.copyOf(owners).size() < owners.size()) {
            throw new InvalidRequestException(
                    "A model has 1 to " + MOST_OWNERS + " different owners, not " + owners + ". Nothing was written");
        }
        owners.forEach(owner -> streams.guard().check(Kind.ACTOR, "owner", owner.id()));
        Json.Obj change = Json.object()
                .put("type", TRANSFER)
                .put(OWNERS, Json.array(owners, owner -> Json.of(owner.id())))
                .build();
        List<String> ids = owners.stream().map(Actor::id).toList();
        return append(model, change, reason, actor, before -> state(before, ids, isArchived(before)));
    }

    public ModelInfo archive(ModelName model, String reason, Actor actor) {
        Json.Obj change = Json.object().put("type", ARCHIVE).build();
        return append(model, change, reason, actor, before -> state(before, owners(before), true));
    }

    public ModelInfo restore(ModelName model, String reason, Actor actor) {
        Json.Obj change = Json.object().put("type", RESTORE).build();
        return append(model, change, reason, actor, before -> state(before, owners(before), false));
    }

    /** Whom a state names; empty for who made the claim. */
    public static List<String> owners(Json.Obj state) {
        return Fields.of(state).texts(OWNERS);
    }

    public static boolean isArchived(Json.Obj state) {
        return state.fields().get(ARCHIVED) instanceof Json.Bool archived && archived.value();
    }

    static void checkNotArchived(ModelName model, Tip tip) {
        if (tip.decode(Models::isArchived)) {
            throw new InvalidRequestException("Cannot register a version of " + model + ": it is archived ("
                    + tip.revision() + "). Restore it first; nothing was written");
        }
    }

    /** What a change makes of the state before; the same state when there is nothing to do. */
    private interface Step {
        Json.Obj from(Json.Obj before);
    }

    private ModelInfo append(ModelName model, Json.Obj change, String reason, Actor actor, Step step) {
        String type = Fields.of(change).text("type");
        if (reason.isBlank()) {
            throw new InvalidRequestException("To " + type + " " + model + " needs a reason. Nothing was written");
        }
        Operation operation = new Operation(change, actor, Texts.line("reason", reason, 200), null);
        EventLog log = log(model);
        Tip before = log.read();
        if (before.sequence() == 0) {
            throw new NotFoundException("No model " + model + ": nothing was registered under this name");
        }
        List<Actor> claimant = claimant(log, before, before.decode(state -> owners(step.from(state))));
        Tip after = log.append(operation, List.of(), tip -> {
            Json.Obj next = tip.decode(step::from);
            return next.equals(tip.state()) ? Optional.empty() : Optional.of(new Draft(next, Map.of()));
        });
        return info(model, after, claimant);
    }

    private static Json.Obj state(Json.Obj before, List<String> owners, boolean archived) {
        Map<String, Json> others = new LinkedHashMap<>(before.fields());
        others.keySet().removeAll(Set.of(MODEL, OWNERS, ARCHIVED));
        return Json.object()
                .put(MODEL, Fields.of(before).text(MODEL))
                .optionalArray(OWNERS, owners, Json::of)
                .optional(ARCHIVED, archived ? new Json.Bool(true) : null, json -> json)
                .keep(others)
                .build();
    }

    /** Who made the claim, where no owners are named. A change reads it first: once its entry stands, nothing may fail. */
    private static List<Actor> claimant(EventLog log, Tip tip, List<String> named) {
        return named.isEmpty() ? List.of(log.require(1, tip.sequence()).entry().actor()) : List.of();
    }

    private static ModelInfo info(ModelName model, Tip tip, List<Actor> claimant) {
        List<String> named = tip.decode(Models::owners);
        List<Actor> owners = named.isEmpty()
                ? claimant
                : tip.decode(state -> named.stream().map(Actor::of).toList());
        return new ModelInfo(model, owners, tip.decode(Models::isArchived));
    }

    private EventLog log(ModelName model) {
        return streams.log(KeyLayout.model(model));
    }
}
