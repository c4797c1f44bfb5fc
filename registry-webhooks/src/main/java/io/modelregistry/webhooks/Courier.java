package io.modelregistry.webhooks;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryException;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Position;
import io.modelregistry.webhooks.WebhookStatus.Failure;
import io.modelregistry.webhooks.WebhookStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one webhook what happens, in the feed's order: each event until it is acknowledged, and each position saved before the next event is sent. Thread-safe; whoever
 * comes while somebody is at it, in this process or another, goes away again.
 */
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final long CLOSE_WAIT_SECONDS = 5;

    private final Webhook webhook;
    private final ModelRegistry registry;
    private final Host host;
    private final PositionFile file;
    private final Sender sender;
    private final Backoff backoff;
    private final Semaphore turn = new Semaphore(1);

    private @Nullable Backlog backlog; // guarded by turn
    private Position saved; // guarded by turn
    private volatile boolean closed;
    private volatile WebhookStatus status;

    /** A webhook without a position begins at the present. */
    Courier(Webhook webhook, ModelRegistry registry, Host host, PositionFile file, Sender sender) throws IOException {
        this.webhook = webhook;
        this.registry = registry;
        this.host = host;
        this.file = file;
        this.sender = sender;
        this.backoff = new Backoff(host);
        this.saved = file.read().orElseGet(registry::position);
        this.status = new WebhookStatus(webhook, State.WORKING, saved, null, null, null, List.of());
        file.tryHold(this::standing);
    }

    Webhook webhook() {
        return webhook;
    }

    WebhookStatus status() {
        return status;
    }

    /** How long until it is to be tried again by itself; zero when it needn't be. */
    Duration retryIn() {
        return status.state() == State.RETRYING ? backoff.left() : Duration.ZERO;
    }

    /** Tells everything there is to tell, until something fails. */
    List<Delivery> round(Pages pages) {
        List<Delivery> attempts = new ArrayList<>();
        if (!turn.tryAcquire()) {
            return attempts;
        }
        try {
            if (goesOn() && backoff.left().isZero()) {
                file.tryHold(() -> tell(pages, attempts));
            }
        } catch (IOException e) {
            failed("its position " + file + " can't be read or saved: " + e, Duration.ZERO, null);
        } catch (RegistryException e) {
            failed(String.valueOf(e.getMessage()), Duration.ZERO, null);
        } catch (RuntimeException e) {
            failed(e.toString(), Duration.ZERO, null);
        } finally {
            turn.release();
        }
        return attempts;
    }

    /** Passes over the event that is to be told next, if it is this one. */
    boolean skip(AuditEvent event) {
        if (!turn.tryAcquire()) {
            throw busy();
        }
        try {
            boolean[] skipped = {false};
            if (!file.tryHold(() -> skipped[0] = passOver(event))) {
                throw busy();
            }
            return skipped[0];
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "The position " + file + " of the " + webhook + " can't be read or saved. Nothing was skipped", e);
        } finally {
            turn.release();
        }
    }

    /** Ends what is under way, which nobody may know the outcome of. */
    void stop() {
        closed = true;
        sender.cancel();
    }

    /** Waits a little for what was stopped: the store can keep it waiting. */
    void await() {
        try {
            if (turn.tryAcquire(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                turn.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Pages pages, List<Delivery> attempts) throws IOException {
        try {
            Backlog left = resume(pages);
            while (goesOn()) {
                AuditEvent event = left.next();
                if (event != null) {
                    if (!tell(event, attempts)) {
                        return;
                    }
                    left.told();
                    worked(host.now());
                    save(left);
                } else if (left.more()) {
                    left = read(pages);
                } else {
                    worked(status.acknowledged());
                    backlog = null;
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tell(AuditEvent event, List<Delivery> attempts) throws InterruptedException {
        Message message = Message.of(registry.id(), event);
        Answer answer = sender.send(message);
        String failure = null;
        if (answer instanceof Answer.Failed failed) {
            failure = failed.reason();
            failed(failure, failed.retryAfter(), event);
        } else if (answer instanceof Answer.Gone) {
            failure = "it answered 410 Gone";
            gone(failure, event);
        }
        attempts.add(new Delivery(webhook, event, message.id(), failure));
        return failure == null;
    }

    /** Goes on where it stopped, unless another publisher has been on since. */
    private Backlog resume(Pages pages) throws IOException, InterruptedException {
        Position standing = standing();
        Backlog left = backlog;
        if (left == null || !standing.equals(saved)) {
            saved = standing;
            return read(pages);
        }
        save(left);
        return left;
    }

    private Backlog read(Pages pages) throws IOException, InterruptedException {
        Backlog read = new Backlog(registry.id(), saved, pages.after(saved), webhook);
        backlog = read;
        save(read);
        return read;
    }

    /** A file that somebody removed is written again: nothing is lost by it. */
    private Position standing() throws IOException {
        Position standing = file.read().orElse(null);
        if (standing == null) {
            file.write(saved);
            return saved;
        }
        return standing;
    }

    private void save(Backlog told) throws IOException {
        if (!told.position().equals(saved)) {
            file.write(told.position());
            saved = told.position();
            note(status.state(), status.acknowledged(), status.failure());
        }
    }

    private boolean passOver(AuditEvent event) throws IOException {
        try {
            Backlog left = resume(new Pages(registry));
            while (left.next() == null && left.more()) {
                left = read(new Pages(registry));
            }
            AuditEvent next = left.next();
            if (next == null || !next.revision().equals(event.revision())) {
                return false;
            }
            left.told();
            save(left);
            worked(status.acknowledged());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean goesOn() {
        return !closed
                && status.state() != State.GONE
                && !Thread.currentThread().isInterrupted();
    }

    private void worked(@Nullable Instant acknowledged) {
        backoff.succeeded();
        note(State.WORKING, acknowledged, status.failure());
    }

    private void failed(String reason, Duration wish, @Nullable AuditEvent event) {
        if (!goesOn()) {
            return; // it is this side that doesn't go on
        }
        backoff.failed(wish);
        Instant now = host.now();
        Failure failure = new Failure(reason, now, backoff.failures(), event, now.plus(backoff.left()));
        note(State.RETRYING, status.acknowledged(), failure);
        if (failure.times() == 1) {
            LOG.warn("The {} isn't told what happens; it is tried again: {}", webhook, reason);
        } else {
            LOG.debug("The {} isn't told what happens, {} times in a row: {}", webhook, failure.times(), reason);
        }
    }

    private void gone(String reason, AuditEvent event) {
        Instant now = host.now();
        note(State.GONE, status.acknowledged(), new Failure(reason, now, 1, event, Instant.MAX));
        LOG.warn("The {} answered 410 Gone and is told nothing more. Take it out", webhook);
    }

    private void note(State state, @Nullable Instant acknowledged, @Nullable Failure failure) {
        Backlog left = backlog;
        status = new WebhookStatus(
                webhook,
                state,
                saved,
                acknowledged,
                failure,
                left == null ? status.waiting() : left.waiting(),
                left == null ? status.damaged() : left.damaged());
    }

    private InvalidRequestException busy() {
        return new InvalidRequestException("The " + webhook
                + " is being told something just now, by this publisher or another. Nothing was skipped; try again");
    }
}
