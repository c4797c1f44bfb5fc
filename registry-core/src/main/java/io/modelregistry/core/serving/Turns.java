package io.modelregistry.core.serving;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers signals by turns, one at a time, on the thread of whoever signals while no turn is under way: what only turns touch needs no lock. Thread-safe. */
final class Turns {
    private final Runnable turn;
    private final AtomicInteger signals = new AtomicInteger();
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

    /** @param turn throws nothing */
    Turns(Runnable turn) {
        this.turn = turn;
    }

    /** Has something done at the beginning of the next turn. */
    void tell(Runnable piece) {
        news.add(piece);
    }

    /** Has a turn begin after this call did; another thread may take it. */
    void signal() {
        if (signals.getAndIncrement() > 0) {
            return; // whoever takes turns takes one more
        }
        int seen;
        do {
            seen = signals.get();
            turn.run();
        } while (signals.addAndGet(-seen) > 0);
    }

    /** Does what was told since the turn before. */
    void hear() {
        for (Runnable piece = news.poll(); piece != null; piece = news.poll()) {
            piece.run();
        }
    }
}
