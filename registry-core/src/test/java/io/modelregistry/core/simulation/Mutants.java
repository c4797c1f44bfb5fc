package io.modelregistry.core.simulation;

import io.modelregistry.RegistryProvider;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.testkit.mutant.Mutant;
import io.modelregistry.testkit.simulation.Simulation;
import io.modelregistry.testkit.simulation.Stores;
import java.nio.file.Path;
import java.util.List;

/** What could be wrong with the protocol, and must be noticed if it were. */
final class Mutants {
    private static final String LOG = "io.modelregistry.core.log.EventLog";
    private static final String SLOT = "io.modelregistry.core.log.Slot";
    private static final String FINDER = "io.modelregistry.core.log.TipFinder";
    private static final String VERSIONS = "io.modelregistry.core.version.VersionStore";
    private static final String APPROVALS = "io.modelregistry.core.review.ApprovalRules";
    private static final String ENVIRONMENTS = "io.modelregistry.core.environment.Environments";
    private static final String SERVING = "io.modelregistry.core.environment.Serving";
    private static final String WATCH = "io.modelregistry.core.environment.Watch";
    private static final String UPKEEP = "io.modelregistry.core.serving.Upkeep";
    private static final String LINEUP = "io.modelregistry.core.serving.Lineup";
    private static final String FEED = "io.modelregistry.core.audit.Feed";
    private static final String PAGE_ORDER = "io.modelregistry.core.audit.PageOrder";
    private static final String MODELS = "io.modelregistry.core.version.Models";
    private static final String COPIES = "io.modelregistry.core.Copies";
    private static final String EVIDENCE = "io.modelregistry.core.version.Evidence";
    private static final String NOTES = "io.modelregistry.core.version.Notes";
    private static final String WITHDRAWALS = "io.modelregistry.core.environment.Withdrawals";

    private Mutants() {}

    /** The quickest to be caught. */
    static final Mutant BLIND_PROMOTION = Mutant.named("an expected revision is not compared")
            .edit(
                    "io.modelregistry.core.environment.Expectation",
                    "if (tip.sequence() == expected) {",
                    "if (tip.sequence() >= expected) {");

    static final List<Mutant> ALL = List.of(
            Mutant.named("an 'exists' is believed without reading")
                    .edit(SLOT, "Arrays.equals(object.content(), content)", "object.content().length == 0"),
            Mutant.named("an unknown outcome is reported as a failure")
                    .edit(
                            SLOT,
                            "mayStand = true;\n                    yield Optional.empty();",
                            "throw store.translate(\"create\", key, e);"),
            Mutant.named("after an unknown outcome the next slot is tried")
                    .edit(
                            SLOT,
                            "mayStand = true;\n                    yield Optional.empty();",
                            "throw new java.util.concurrent.CancellationException();")
                    .edit(
                            LOG,
                            "Optional<StoredEntry> winner = slot.settle(deadline);",
                            "Optional<StoredEntry> winner; try { winner = slot.settle(deadline); }"
                                    + " catch (java.util.concurrent.CancellationException e) { tip = read(deadline); continue; }"),
            Mutant.named("a lost slot doesn't make the decision anew")
                    .edit(
                            LOG,
                            "appendInTurn(operation, checks, decision, deadline)",
                            "appendInTurn(operation, checks, new Decision() { Optional<Draft> first; public Optional<Draft> on(Tip on) {"
                                    + " if (first == null) first = decision.on(on); return first; } }, deadline)"),
            Mutant.named("a version keeps its number when it loses its slot")
                    .edit(
                            VERSIONS,
                            "VersionCodec.state(on.sequence() + 1, payload)",
                            "VersionCodec.state(before.sequence() + 1, payload)"),
            Mutant.named("the hint is written before the entry")
                    .edit(
                            LOG,
                            "Slot slot = new Slot(",
                            "if (!name.hasOneEntry()) streams.hints().write(name, entry.sequence());\n            Slot slot = new Slot("),
            Mutant.named("a reader takes the hint for the tip")
                    .edit(FINDER, "if (both.get(1).isEmpty()) {", "if (both.size() == 2) {"),
            Mutant.named("request ids are not remembered")
                    .edit(LOG, "recent.add(new Entry.RecentRequest(", "recent.remove(new Entry.RecentRequest("),
            Mutant.named("a refusal after an unknown outcome is believed")
                    .edit(
                            SLOT,
                            "if (!mayStand) {\n            throw store.translate",
                            "if (key != null) {\n            throw store.translate"),
            Mutant.named("out of time means nothing was written")
                    .edit(
                            SLOT,
                            "if (!mayStand) {\n            return new StoreUnavailableException(",
                            "if (key != null) {\n            return new StoreUnavailableException("),
            Mutant.named("an interrupt is swallowed")
                    .edit(SLOT, "Thread.currentThread().interrupt();\n            throw unsettled", "throw unsettled"),
            Mutant.named("a refusal rests on a cached tip")
                    .edit(LOG, "Tip now = fresh ? tip : read(deadline);", "Tip now = tip;"),
            Mutant.named("a cached tip is current without asking")
                    .edit(
                            LOG,
                            "Tip before = known;\n        long reached",
                            "Tip before = known;\n        if (before != null) return before;\n        long reached"),
            BLIND_PROMOTION,
            Mutant.named("a promotion doesn't look for retirements afterwards")
                    .edit(WITHDRAWALS, "if (retiring.isEmpty()) {", "if (place != null) {"),
            Mutant.named("a promotion that couldn't look is acknowledged")
                    .edit(
                            WITHDRAWALS,
                            "if (failure != null) {\n            throw failure;",
                            "if (place == null) {\n            throw failure;"),
            Mutant.named("a retirement looks before it speaks")
                    .edit(
                            "io.modelregistry.core.LogBackedVersion",
                            "return parts.reviews()\n                .retire(id, reason, writer, () -> parts.environments().servedBy(id));",
                            "java.util.Optional<String> early = parts.environments().servedBy(id);"
                                    + " return parts.reviews().retire(id, reason, writer, () -> early);"),
            Mutant.named("a rejected version may be served")
                    .edit(
                            "io.modelregistry.core.environment.PromotionRules",
                            "if (!state.isPromotable()) {",
                            "if (state == null) {"),
            Mutant.named("nobody asks the policy before a promotion")
                    .edit(
                            "io.modelregistry.core.environment.PromotionCheck",
                            "Rulebook book = Rulebook.of(reading.tip(KeyLayout.POLICY));",
                            "Rulebook book = Rulebook.NONE;"),
            Mutant.named("a canary is held against no rule")
                    .edit(
                            "io.modelregistry.core.environment.PromotionCheck",
                            ".filter(version -> from == null || gains(version.number(), from, next))",
                            ".filter(version -> from == null)"),
            Mutant.named("a step that gives more is held against no rule")
                    .edit(
                            "io.modelregistry.core.environment.PromotionCheck",
                            "next.share(version).compareTo(before.share(version)) > 0",
                            "next.share(version).compareTo(before.share(version)) < 0"),
            Mutant.named("the kill switch is refused when somebody came between")
                    .edit(
                            ENVIRONMENTS,
                            "log.read(); // what this process knew may be long over",
                            "long found = log.read().sequence();")
                    .edit(
                            ENVIRONMENTS,
                            "Served served = Served.of(on);",
                            "Expectation.check(place, found, on); Served served = Served.of(on);"),
            Mutant.named("a ramp wins over a halt that came between")
                    .edit(
                            ENVIRONMENTS,
                            "Expectation.check(place, expected, on);\n            return Optional.of(new Draft(Served.of(on).next(rollout), seen));",
                            "if (!(promotion.step() instanceof Promotion.Ramp)) Expectation.check(place, expected, on);"
                                    + " return Optional.of(new Draft(Served.of(on).next(rollout), seen));"),
            Mutant.named("a conclusion wins over what came between")
                    .edit(
                            ENVIRONMENTS,
                            "Expectation.check(place, expected, on);\n            return Optional.of(new Draft(Served.of(on).next(rollout), seen));",
                            "if (!(promotion.step() instanceof Promotion.Conclude)) Expectation.check(place, expected, on);"
                                    + " return Optional.of(new Draft(Served.of(on).next(rollout), seen));"),
            Mutant.named("scheduled steps are not taken")
                    .edit(SERVING, "phases.get(phases.size() == 1 ? 0 : rollout.stepsDue(instant))", "phases.get(0)"),
            Mutant.named("who can't see a halt takes further steps")
                    .edit(SERVING, "blind.isNegative() ? now : now.minus(blind)", "now"),
            Mutant.named("a receipt doesn't say which steps were taken")
                    .edit(SERVING, "deployment, arm.id(), step);", "deployment, arm.id(), 0);"),
            Mutant.named("the poller asks once")
                    .edit(
                            "io.modelregistry.core.environment.Poller",
                            "running = false;\n                }\n                plan();",
                            "running = false;\n                }"),
            Mutant.named("a place that was asked for in vain rests for good")
                    .edit(WATCH, "plan(times > 2 ? MOST_REST : times);", "plan(1_000);"),
            Mutant.named("an answer doesn't end a failure")
                    .edit(WATCH, "Failure last = failure;\n        failure = null;", "Failure last = failure;"),
            Mutant.named("a poll in vain counts as an answer")
                    .edit(WATCH, "missed(e);\n            }", "answered(); announcements.polled(this::status); }"),
            Mutant.named("what was found first is served for good")
                    .edit(
                            WATCH,
                            "if (known == null || known.recalled() || log.isNewest(tip)) {",
                            "if (known == null) {"),
            Mutant.named("what a machine knew is as old as it was before it asked")
                    .edit(
                            WATCH,
                            "know(new Known(now, confirmed, true));",
                            "know(new Known(now, host.nanoTime() - last.age().toNanos(), true));"),
            Mutant.named("the larger of two times is the later one")
                    .edit(LOG, "confirmed - confirmedAt > 0", "confirmed > confirmedAt"),
            Mutant.named("what no poll confirmed is as old as the clock")
                    .edit(WATCH, "host.nanoTime() - log.sinceConfirmed().toNanos();", "0;"),
            Mutant.named("a model is closed when it is replaced, leased or not")
                    .edit(
                            UPKEEP,
                            "drain.add(one);\n            one.letGo();",
                            "drain.add(one); close(one); one.letGo();"),
            Mutant.named("a model that was replaced is never closed")
                    .edit(UPKEEP, "drain.add(one);\n            one.letGo();", "drain.add(one);"),
            Mutant.named("a version that couldn't be loaded isn't tried again")
                    .edit(
                            "io.modelregistry.core.serving.Failures",
                            "return failed != null && failed.retryAt() - host.nanoTime() > 0;",
                            "return failed != null;"),
            Mutant.named("a halt waits for what is being loaded")
                    .edit(
                            UPKEEP,
                            "} else if (isReady(rollout.stable().version())) {",
                            "} else if (!busy && isReady(rollout.stable().version())) {"),
            Mutant.named("nobody answers for an arm that isn't loaded")
                    .edit(
                            UPKEEP,
                            "} else if (isReady(rollout.stable().version())) {",
                            "} else if (rollout.arms().stream().allMatch(arm -> isReady(arm.version()))) {"),
            Mutant.named("a lease names the arm that it was meant for")
                    .edit(LINEUP, "deployment, answers.id(), step);", "deployment, assigned.id(), step);"),
            Mutant.named("leases take no scheduled steps")
                    .edit(
                            LINEUP,
                            "phases.get(deployment.served().stepsDue(now.get()))",
                            "phases.get(deployment.served().stepsDue(now.get()) * 0)"),
            Mutant.named("leases of who can't see a halt take further steps")
                    .edit(
                            "io.modelregistry.core.serving.LeasedHandle",
                            "blind.isNegative() ? host.now() : host.now().minus(blind)",
                            "host.now()"),
            Mutant.named("a handle follows nothing")
                    .edit(
                            "io.modelregistry.core.serving.RegistrySource",
                            "newest = now;\n                changed.run();",
                            "newest = now;"),
            Mutant.named("the past is told with the steps of today")
                    .edit(
                            "io.modelregistry.core.environment.EnvironmentReader",
                            "past(place, instant).tip()).resolution(routing, instant, Duration.ZERO)",
                            "past(place, instant).tip()).resolution(routing, Duration.ZERO)"),
            Mutant.named("a rollback leaves the version that came in a canary")
                    .edit(
                            "io.modelregistry.core.environment.Restoration",
                            "if (served.brought().stream().anyMatch(earlier::names)) {",
                            "if (book == null) {"),
            Mutant.named("one person approves twice")
                    .edit(
                            APPROVALS,
                            "if (given.stream().anyMatch(",
                            "if (given.size() > 5 && given.stream().anyMatch("),
            Mutant.named("the registrant approves")
                    .edit(
                            APPROVALS,
                            "&& version.registeredBy().equals(approval.actor())",
                            "&& version.registeredBy() == approval.actor()"),
            Mutant.named("approvals outlive their submission")
                    .edit(
                            "io.modelregistry.core.review.Standing",
                            "next == LifecycleState.REJECTED ? List.of() : approvals",
                            "approvals"),
            Mutant.named("an approval rests on a policy read long ago")
                    .edit(
                            "io.modelregistry.core.review.Reviews",
                            "List.of(submissions(id)::read, policies::read);",
                            "List.of(submissions(id)::read);"),
            Mutant.named("a lost label is not told")
                    .edit(
                            VERSIONS,
                            "} catch (LabelTakenException e) {\n                throw e;",
                            "} catch (LabelTakenException e) {\n                return;"),
            Mutant.named("a version is visible before its files")
                    .edit(
                            VERSIONS,
                            "artifacts.upload(model, prepared, digests(model, before), List.of(log::pinTip));",
                            "log.pinTip();"),
            Mutant.named("the pin is the writer's own time")
                    .edit(
                            LOG,
                            "newest.digest(), Objects.requireNonNull(newest.storedAt()))",
                            "newest.digest(), newest.entry().time())"),
            Mutant.named("the feed tells events in the order of the store's clock")
                    .edit(
                            PAGE_ORDER,
                            ".allMatch(cited -> isBehind(cited.getKey(), cited.getValue())))",
                            ".allMatch(cited -> cited.getValue() > 0))"),
            Mutant.named("the feed doesn't wait for what landed while it listed")
                    .edit(PAGE_ORDER, "&& !stands(stream, sequence));", "&& !stands(stream, sequence + 1_000_000));"),
            Mutant.named("a full page says that it is the last")
                    .edit(FEED, "more || !unread.isEmpty() || order.heldBack()", "order.heldBack()"),
            Mutant.named("a page begins with what was told last")
                    .edit(FEED, "since.delivered(name.path()) + 1", "Math.max(1, since.delivered(name.path()))"),
            Mutant.named("a position passes over what a page held back")
                    .edit(
                            PAGE_ORDER,
                            "return new Position(streams.registry(), new TreeMap<>(delivered));",
                            "waiting.forEach((stream, events) -> delivered.put(stream, events.getLast().revision().sequence()));"
                                    + " return new Position(streams.registry(), new TreeMap<>(delivered));"),
            Mutant.named("the present is what this process knows of a stream")
                    .edit(
                            FEED,
                            "newest.put(name.path(), sequence));",
                            "newest.put(name.path(), streams.log(name).cached().map(tip -> tip.sequence()).orElse(sequence)));"),
            Mutant.named("the first event of a page doesn't know what came before")
                    .edit(
                            "io.modelregistry.core.audit.StreamRun",
                            "for (long sequence = Math.max(1, from - 1);",
                            "for (long sequence = from;"),
            Mutant.named("who archives asks for the owner when it is done")
                    .edit(
                            MODELS,
                            "return info(model, after, claimant);",
                            "return info(model, after, log.read().equals(after) ? claimant : List.of());"),
            Mutant.named("an archived model takes versions")
                    .edit(
                            MODELS,
                            "if (tip.decode(Models::isArchived)) {",
                            "if (tip.decode(Models::isArchived) && model == null) {"),
            Mutant.named("restoring leaves a model archived")
                    .edit(
                            MODELS,
                            "before -> state(before, owners(before), false));",
                            "before -> state(before, owners(before), isArchived(before)));"),
            Mutant.named("a transfer restores the model")
                    .edit(MODELS, "state(before, ids, isArchived(before))", "state(before, ids, false)"),
            Mutant.named("who archives is the owner again")
                    .edit(MODELS, "state(before, owners(before), true)", "state(before, List.of(), true)"),
            Mutant.named("a transfer goes by what this process knew")
                    .edit(
                            MODELS,
                            "return append(model, change, reason, actor, before -> state(before, ids, isArchived(before)));",
                            "boolean known = log(model).cached().map(tip -> tip.decode(Models::isArchived)).orElse(false);\n"
                                    + "        return append(model, change, reason, actor, before -> state(before, ids, known));"),
            Mutant.named("who copies at the same time makes another copy")
                    .edit(COPIES, ".request(request(origin).value());", ";"),
            Mutant.named("a copy that stands is left as it is").edit(COPIES, "add(copy, later, written);", ""),
            Mutant.named("a copy that fails half-way is said to be refused")
                    .edit(COPIES, "throw written ? unfinished(copy, later, e) : e;", "throw e;"),
            Mutant.named("a copier cites what others have cited")
                    .edit(
                            EVIDENCE,
                            "boolean known = beyond(tip, some).size() < some.size();",
                            "boolean known = beyond(tip, some).size() > some.size();"),
            Mutant.named("who vouches does not assess")
                    .edit(COPIES, "if (!later.wanted().vouches()) {", "if (copy != null) {"),
            Mutant.named("who knew that a model was archived asks no more")
                    .edit(
                            VERSIONS,
                            ".filter(known -> !known.decode(Models::isArchived))",
                            ".filter(known -> known.sequence() > 0)"),
            Mutant.named("a note is cited before it is written")
                    .edit(
                            NOTES,
                            "store.createIdempotently(KeyLayout.note(version.model(), id), content);\n        log.append(",
                            "log.append(")
                    .edit(
                            NOTES,
                            "        return id;\n",
                            "        store.createIdempotently(KeyLayout.note(version.model(), id), content);\n        return id;\n"),
            Mutant.named("a note is deleted before the trail says so")
                    .edit(
                            NOTES,
                            "require(version, id, log.read());\n        log.append(",
                            "require(version, id, log.read());\n        streams.store().erase(KeyLayout.note(version.model(), id));\n"
                                    + "        log.append("),
            Mutant.named("who erases again believes that nothing is left")
                    .edit(
                            NOTES,
                            "require(version, id, log.read());\n        log.append(",
                            "if (require(version, id, log.read()).isErased()) return;\n        log.append("),
            Mutant.named("a deletion that wasn't answered is taken for done")
                    .edit(
                            "io.modelregistry.core.log.Store",
                            "pause(\"delete\", key, backoff, deadline);",
                            "if (deadline != null) return;"),
            Mutant.named("one erasure erases all notes of a version")
                    .edit(
                            "io.modelregistry.core.version.NoteItem",
                            ".map(note -> note.id().equals(id) ?",
                            ".map(note -> !note.isErased() ?"),
            Mutant.named("a text is read back after it was erased")
                    .edit(
                            NOTES,
                            "if (item.isErased()) {",
                            "if (item.isErased() && fetch(KeyLayout.note(version.model(), item.id())).isEmpty()) {"));

    /**
     * The simulation of a broken registry.
     *
     * @param disks in so many of 1,000 schedules machines have disks
     */
    static Simulation simulate(Mutant mutant, int disks) {
        ClassLoader broken = mutant.load(Path.of("target/classes"));
        RegistryProvider provider;
        try {
            provider = (RegistryProvider) broken.loadClass("io.modelregistry.core.LogBackedRegistryProvider")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The mutant \"" + mutant + "\" can't be opened", e);
        }
        return Simulation.of(
                        Stores.inMemory(),
                        (backend, options, host) -> provider.open(backend, options, host, Mode.INITIALISE))
                .on(new MemoryDisks(), disks);
    }
}
