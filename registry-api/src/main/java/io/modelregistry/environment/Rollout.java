package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an environment serves: one version, or several arms that share the traffic.
 *
 * @param arms at least one; the first is the stable one, which answers when nothing is known of who asks, and which remains when the others are halted. The
 *     weights of all add up to {@link Share#ALL}
 * @param salt makes the assignment of keys to arms differ from that of other rollouts; empty for a single version
 * @param steps how the canary's share goes on, from the present share upwards
 * @param experiment what it is to find out; null for nothing
 */
public record Rollout(
        List<Arm> arms,
        String salt,
        List<RampStep> steps,
        @Nullable Experiment experiment) {
    private static final int MOST_ARMS = 20;
    private static final int MOST_STEPS = 20;
    private static final String MAIN = "main";
    private static final String CANARY = "canary";
    private static final String HOLDOUT = "holdout";

    public Rollout {
        arms = List.copyOf(arms);
        steps = List.copyOf(steps);
        Texts.line("salt", salt, 64);
        checkArms(arms);
        checkSteps(arms, steps);
    }

    /** One version for everybody. */
    public static Rollout of(long version) {
        return new Rollout(List.of(Arm.of(MAIN, version, Share.ALL)), "", List.of(), null);
    }

    /** Several arms, the stable one first: {@code Rollout.of(Arm.of("a", 12, percent(50)), Arm.of("b", 13, percent(50)))}. */
    public static Rollout of(Arm stable, Arm... others) {
        return new Rollout(Stream.concat(Stream.of(stable), Stream.of(others)).toList(), "", List.of(), null);
    }

    public Rollout salt(String other) {
        return new Rollout(arms, other, steps, experiment);
    }

    /** Makes it an experiment; its id becomes the salt where there was none. */
    public Rollout experiment(Experiment question) {
        return new Rollout(arms, salt.isEmpty() ? question.id() : salt, steps, question);
    }

    public Rollout shadow(String id, long version) {
        List<Arm> more = new ArrayList<>(arms);
        more.add(Arm.shadow(id, version));
        return new Rollout(more, salt, steps, experiment);
    }

    /** The arm that answers when nothing is known of who asks. */
    public Arm stable() {
        return arms.get(0);
    }

    /** The version that everybody gets, if there is only one arm that answers. */
    public OptionalLong single() {
        return arms.stream().skip(1).allMatch(arm -> arm.mode() == Arm.Mode.SHADOW)
                ? OptionalLong.of(stable().version())
                : OptionalLong.empty();
    }

    /** The one serving arm beside the stable one; empty when there is none, or several. */
    public Optional<Arm> canary() {
        List<Arm> others = others(arms);
        return others.size() == 1 ? Optional.of(others.get(0)) : Optional.empty();
    }

    public Optional<Arm> arm(String id) {
        return arms.stream().filter(arm -> arm.id().equals(id)).findFirst();
    }

    public Optional<Experiment> tested() {
        return Optional.ofNullable(experiment);
    }

    /** The share of the keys that get a version; none for one in the shadow. */
    public Share share(long version) {
        return new Share(arms.stream()
                .filter(arm -> arm.version() == version)
                .mapToInt(arm -> arm.weight().basisPoints())
                .sum());
    }

    /** Whether any arm has this version, shadow arms included. */
    public boolean names(long version) {
        return arms.stream().anyMatch(arm -> arm.version() == version);
    }

    /** Whether the two differ in weights, audiences and steps at most: the same keys can be found in the same arms. */
    public boolean hasArmsOf(Rollout other) {
        return salt.equals(other.salt)
                && arms.size() == other.arms.size()
                && java.util.stream.IntStream.range(0, arms.size())
                        .allMatch(i -> isSame(arms.get(i), other.arms.get(i)));
    }

    private static boolean isSame(Arm one, Arm other) {
        return one.id().equals(other.id()) && one.version() == other.version() && one.mode() == other.mode();
    }

    /** What it has come to at an instant: with the scheduled steps taken that are due. */
    public Rollout at(Instant instant) {
        int due = stepsDue(instant);
        return due == 0 ? this : ramp(steps.get(due - 1).share(), steps.subList(due, steps.size()));
    }

    /** How many of the scheduled steps are due at an instant. */
    public int stepsDue(Instant instant) {
        int due = 0;
        for (RampStep step : steps) {
            due += step.at() != null && !step.at().isAfter(instant) ? 1 : 0;
        }
        return due;
    }

    // ---- what promotions make of it

    /** Serves a canary beside the one version that it serves; what shadowed the canary's version makes way. */
    Rollout with(Canary wanted) {
        if (single().isEmpty()) {
            throw new InvalidRequestException("a rollout is under way (" + describe()
                    + "). Complete or halt it first, or promote the whole rollout that shall replace it");
        }
        if (wanted.version() == stable().version()) {
            throw new InvalidRequestException("version " + wanted.version() + " is served to everybody already");
        }
        Share others = new Share(wanted.share().basisPoints() + wanted.holdout().basisPoints());
        List<Arm> all = new ArrayList<>();
        all.add(Arm.of(MAIN, stable().version(), others.rest()));
        all.add(new Arm(CANARY, wanted.version(), wanted.share(), wanted.audience(), Arm.Mode.SERVING));
        if (!wanted.holdout().equals(Share.NONE)) {
            all.add(Arm.holdout(HOLDOUT, stable().version(), wanted.holdout()));
        }
        arms.stream()
                .filter(arm -> arm.mode() == Arm.Mode.SHADOW && arm.version() != wanted.version())
                .forEach(all::add);
        return new Rollout(all, wanted.salt(), wanted.steps(), null);
    }

    /** Takes the next step; a step taken by hand ends a schedule. */
    Rollout ramp(Instant now) {
        Rollout present = at(now);
        if (present.steps.isEmpty()) {
            throw new InvalidRequestException(
                    "no step is left (" + present.describe() + "). Name the share, or complete it");
        }
        return present.ramp(present.steps.get(0).share());
    }

    /** Gives the canary another share; a step taken by hand ends a schedule. */
    Rollout ramp(Share share) {
        List<RampStep> left = steps.stream()
                .filter(step -> step.at() == null && step.share().compareTo(share) > 0)
                .toList();
        return ramp(share, left);
    }

    private Rollout ramp(Share share, List<RampStep> left) {
        Arm ramped = canary().orElseThrow(() -> new InvalidRequestException("there is not one canary to ramp, but "
                + describe() + ". Start one with canary(), or promote a whole rollout"));
        Share both = new Share(stable().weight().basisPoints() + ramped.weight().basisPoints());
        if (share.compareTo(both) > 0) {
            throw new InvalidRequestException("the canary can't get " + share + ", because other arms keep "
                    + both.rest() + " (" + describe() + ")");
        }
        Share stable = new Share(both.basisPoints() - share.basisPoints());
        List<Arm> changed = arms.stream()
                .map(arm ->
                        arm.equals(ramped) ? arm.weighing(share) : arm.equals(stable()) ? arm.weighing(stable) : arm)
                .toList();
        return new Rollout(changed, salt, left, experiment);
    }

    /** Serves the canary to everybody. */
    Rollout complete() {
        return of(canary().orElseThrow(() -> new InvalidRequestException(
                        "there is not one canary to complete, but " + describe() + ". Promote the version instead"))
                .version());
    }

    /** Serves the stable arm to everybody. */
    public Rollout halt() {
        if (arms.size() == 1) {
            throw new InvalidRequestException("nothing is under way: it serves version " + describe()
                    + " to everybody. Roll back to what was served before, or withdraw it");
        }
        return of(stable().version());
    }

    /** {@code 12} for a single version, {@code 12 (95 %) + 13 (5 %)} for several. */
    public String describe() {
        if (arms.size() == 1) {
            return Long.toString(stable().version());
        }
        StringBuilder text = new StringBuilder();
        for (Arm arm : arms) {
            text.append(text.length() == 0 ? "" : " + ").append(arm.version()).append(" (");
            text.append(
                    switch (arm.mode()) {
                        case SHADOW -> "shadow";
                        case HOLDOUT -> "holdout " + arm.weight();
                        case SERVING -> arm.weight().toString();
                    });
            arm.audience()
                    .forEach((attribute, values) ->
                            text.append(", ").append(attribute).append(' ').append(String.join("/", values)));
            text.append(')');
        }
        steps.forEach(step -> text.append(", then ").append(step));
        return text.toString();
    }

    private static void checkArms(List<Arm> arms) {
        if (arms.isEmpty() || arms.size() > MOST_ARMS) {
            throw new InvalidRequestException("A rollout has 1 to " + MOST_ARMS + " arms, not " + arms.size());
        }
        int sum = arms.stream().mapToInt(arm -> arm.weight().basisPoints()).sum();
        if (sum != Share.ALL.basisPoints()) {
            throw new InvalidRequestException("The weights of a rollout add up to 10,000 basis points, not " + sum);
        }
        Set<String> ids = new HashSet<>();
        for (Arm arm : arms) {
            if (!ids.add(arm.id())) {
                throw new InvalidRequestException("The rollout names the arm \"" + arm.id() + "\" twice");
            }
        }
        if (arms.get(0).mode() != Arm.Mode.SERVING) {
            throw new InvalidRequestException("The first arm of a rollout is the stable one, which answers; \""
                    + arms.get(0).id() + "\" is " + arms.get(0).mode());
        }
        if (arms.stream().filter(arm -> arm.mode() == Arm.Mode.HOLDOUT).count() > 1) {
            throw new InvalidRequestException("A rollout has one holdout at most");
        }
    }

    private static List<Arm> others(List<Arm> arms) {
        return arms.stream()
                .skip(1)
                .filter(arm -> arm.mode() == Arm.Mode.SERVING)
                .toList();
    }

    private static void checkSteps(List<Arm> arms, List<RampStep> steps) {
        if (steps.isEmpty()) {
            return;
        }
        List<Arm> others = others(arms);
        if (others.size() != 1 || steps.size() > MOST_STEPS) {
            throw new InvalidRequestException("Steps are those of one canary, at most " + MOST_STEPS + "; there are "
                    + others.size() + " arms beside the stable one, and " + steps.size() + " steps");
        }
        int most = arms.get(0).weight().basisPoints() + others.get(0).weight().basisPoints();
        boolean scheduled = steps.get(0).at() != null;
        RampStep last = new RampStep(others.get(0).weight(), scheduled ? Instant.EPOCH : null);
        for (RampStep step : steps) {
            boolean rises =
                    step.share().compareTo(last.share()) > 0 && step.share().basisPoints() <= most;
            boolean later = step.at() == null
                    ? last.at() == null
                    : last.at() != null && step.at().isAfter(last.at());
            if (!rises || !later) {
                throw new InvalidRequestException("The step " + step + " can't follow " + last.share()
                        + ": shares rise to " + new Share(most)
                        + " at most, and the steps are all scheduled, at rising times, or none is");
            }
            last = step;
        }
    }
}
