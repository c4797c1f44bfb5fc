package io.modelregistry.core.policy;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Revision;
import io.modelregistry.TextValidator.Kind;
import io.modelregistry.Texts;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Past;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.TimeTravel;
import io.modelregistry.core.log.Tip;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.PolicyAt;
import io.modelregistry.policy.PolicyRevision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stream {@code policy/}. Thread-safe. */
public final class PolicyStore {
    static final String POLICY = "policy";

    private final Streams streams;
    private final Duration interval;

    /** @param interval how old a policy may be for changes that it only says who may make */
    public PolicyStore(Streams streams, Duration interval) {
        this.streams = streams;
        this.interval = interval;
    }

    /** The policy as it stands. */
    public Rulebook read() {
        return Rulebook.of(log().read());
    }

    /** The policy as this process knows it, if the store confirmed it within the interval; else as it stands. */
    public Rulebook recent() {
        EventLog log = log();
        Optional<Tip> cached = log.cached();
        boolean fresh = cached.isPresent() && log.sinceConfirmed().compareTo(interval) < 0;
        return fresh ? Rulebook.of(cached.get()) : read();
    }

    /**
     * The policy as this process knows it, if somebody may do what takes a role. A refusal rests on the present.
     *
     * @param what {@code "Cannot evaluate tumor@12"}
     */
    public Rulebook require(Actor actor, Role role, String what) {
        Rulebook known = recent();
        Rulebook book = known.unmet(actor, role).isEmpty() ? known : read();
        book.require(actor, role, what);
        return book;
    }

    /** The policy as this process last read it; reads it if it never did. */
    public Rulebook cached() {
        return log().cached().map(Rulebook::of).orElseGet(this::read);
    }

    public Optional<PolicyRevision> current() {
        return Optional.ofNullable(log().read().newest()).map(PolicyStore::revision);
    }

    /** The policy that stood at an instant of the store's clock. */
    public PolicyAt asOf(Instant instant) {
        Past past = new TimeTravel(streams).asOf(KeyLayout.POLICY, instant);
        StoredEntry entry = past.tip().newest();
        return new PolicyAt(instant, entry == null ? null : revision(entry), past.certainty());
    }

    public List<PolicyRevision> history() {
        EventLog log = log();
        return log.entries(1, log.read().sequence()).stream()
                .map(PolicyStore::revision)
                .toList();
    }

    /** @param remembered the revision that must still be the newest; null for the newest there is */
    public PolicyRevision set(Policy policy, String reason, @Nullable Revision remembered, Actor actor) {
        if (reason.isBlank()) {
            throw new InvalidRequestException("To set a policy needs a reason. Nothing was written");
        }
        checkFormats(policy);
        Json.Obj document = PolicyCodec.encode(policy);
        policy.waivers().forEach(waiver -> streams.guard().check(Kind.REASON, "reason of a waiver", waiver.reason()));
        policy.roles()
                .values()
                .forEach(actors -> actors.forEach(each -> streams.guard().check(Kind.ACTOR, each.id())));
        Operation operation = new Operation(
                Json.object().put("type", "set-policy").build(), actor, Texts.line("reason", reason, 200), null);
        EventLog log = log();
        long expected = remembered == null ? log.read().sequence() : remembered.sequence();
        Tip tip = log.append(operation, List.of(), on -> {
            if (on.sequence() != expected) {
                throw new ConflictException(
                        "Cannot set the policy: revision " + expected + " was expected, but "
                                + (on.newest() == null ? "there is none" : "since then " + describe(on.newest()))
                                + ". Read it, and set yours again if it still should stand; nothing was written",
                        on.sequence() == 0 ? null : on.revision());
            }
            Rulebook.of(on).require(actor, Role.ADMINISTRATOR, "Cannot set the policy");
            return Optional.of(new Draft(Json.object().put(POLICY, document).build(), Map.of()));
        });
        return revision(Objects.requireNonNull(tip.newest()));
    }

    public static Policy parse(String json) {
        try {
            Policy policy = PolicyCodec.decode(Fields.of(JsonFormat.readObject(json.getBytes(StandardCharsets.UTF_8))));
            checkFormats(policy);
            return policy;
        } catch (MalformedException | UpgradeRequiredException e) {
            throw new InvalidRequestException("The policy can't be read: " + e.getMessage(), e);
        }
    }

    public static String format(Policy policy) {
        return JsonFormat.indented(PolicyCodec.encode(policy));
    }

    private EventLog log() {
        return streams.log(KeyLayout.POLICY);
    }

    /** Asked of policies that are to be set, not of those that stand: a later release may know more formats that carry code. */
    private static void checkFormats(Policy policy) {
        for (EnvironmentRules rules : policy.environments().values()) {
            for (String format : rules.formats()) {
                if (EnvironmentRules.CODE_CARRYING_FORMATS.contains(format)) {
                    throw new InvalidRequestException("The format " + format
                            + " can carry code that runs when it is loaded; a policy doesn't allow it for every version."
                            + " Waive the rule \"format\" for single versions, with a reason. Nothing was written");
                }
            }
        }
    }

    private static String describe(StoredEntry stored) {
        Entry entry = stored.entry();
        return entry.actor() + " set another (revision " + stored.sequence() + ", " + entry.time() + ", \""
                + entry.reason() + "\")";
    }

    private static PolicyRevision revision(StoredEntry stored) {
        Entry entry = stored.entry();
        return new PolicyRevision(
                new Revision(entry.stream().path(), entry.sequence()),
                Rulebook.of(new Tip(entry.stream(), stored)).policy(),
                entry.actor(),
                entry.reason(),
                stored.at());
    }
}
