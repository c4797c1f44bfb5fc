package io.modelregistry.testkit.linearizability;

import io.modelregistry.testkit.linearizability.TimedOperation.Kind;
import io.modelregistry.testkit.linearizability.TimedOperation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A short history that a register gave, and ways to spoil it. No two things happen at the same moment until it is spoilt. */
final class RandomHistory {
    private static final int CLIENTS = 3;
    private static final int MOST_OPERATIONS = 9;

    final List<TimedOperation> operations = new ArrayList<>();
    final List<String> stream = new ArrayList<>();
    private final Random random;
    private long now;

    /** What a client has under way. */
    private static final class Call {
        Kind kind = Kind.READ;
        long invoked;
        String value = "";
        boolean applied;
        long position;
        String found;
    }

    RandomHistory(Random random) {
        this.random = random;
        Call[] calls = new Call[CLIENTS];
        List<Call> lost = new ArrayList<>();
        int begun = 0;
        int total = 2 + random.nextInt(MOST_OPERATIONS - 1);
        while (operations.size() < total) {
            int client = random.nextInt(CLIENTS);
            now++;
            if (!lost.isEmpty() && random.nextInt(4) == 0) {
                apply(lost.remove(0)); // what its client has given up arrives
            } else if (calls[client] == null) {
                calls[client] = begin("v" + begun++);
            } else if (!calls[client].applied && random.nextBoolean()) {
                apply(calls[client]);
            } else {
                end("c" + client, calls[client], lost);
                calls[client] = null;
            }
        }
        for (int client = 0; client < CLIENTS; client++) {
            if (calls[client] != null && calls[client].kind == Kind.WRITE) {
                operations.add(TimedOperation.unknown("c" + client, calls[client].invoked, calls[client].value));
            }
        }
    }

    private Call begin(String value) {
        Call call = new Call();
        call.kind = random.nextInt(5) < 2 ? Kind.READ : Kind.WRITE;
        call.invoked = now;
        call.value = value;
        return call;
    }

    private void apply(Call call) {
        if (call.kind == Kind.WRITE) {
            stream.add(call.value);
        }
        call.applied = true;
        call.position = stream.size();
        call.found = stream.isEmpty() ? null : stream.get(stream.size() - 1);
    }

    private void end(String client, Call call, List<Call> lost) {
        if (call.kind == Kind.READ) {
            if (!call.applied) {
                apply(call);
                now++;
            }
            operations.add(TimedOperation.read(client, call.invoked, now, call.position, call.found));
        } else if (call.applied && random.nextInt(5) > 0) {
            operations.add(TimedOperation.written(client, call.invoked, now, call.position, call.value));
        } else if (!call.applied && random.nextBoolean()) {
            operations.add(TimedOperation.refused(client, call.invoked, now, call.value));
        } else {
            operations.add(TimedOperation.unknown(client, call.invoked, call.value));
            if (!call.applied) {
                lost.add(call);
            }
        }
    }

    /** Changes one thing; often, but not always, so that no register can have done it. */
    void spoil() {
        int index = random.nextInt(operations.size());
        TimedOperation it = operations.get(index);
        switch (random.nextInt(6)) {
            case 0 -> operations.set(index, moved(it, random.nextInt(21) - 10));
            case 1 -> operations.set(index, elsewhere(it, it.position() + (random.nextBoolean() ? 1 : -1)));
            case 2 -> swapTwoEntries();
            case 3 -> repeatOrDropAnEntry();
            case 4 -> operations.set(index, otherwise(it));
            default -> operations.set(index, elsewhere(it, random.nextInt(stream.size() + 2)));
        }
    }

    /** At another time, perhaps another's; so it is another client's now, which does nothing else. */
    private static TimedOperation moved(TimedOperation it, int by) {
        long returned = it.returned() == Long.MAX_VALUE ? it.returned() : it.returned() + by;
        return new TimedOperation(
                it.client() + "@" + it.invoked(),
                it.kind(),
                it.outcome(),
                it.invoked() + by,
                returned,
                it.position(),
                it.value());
    }

    /** A read finds what stands at another place; a write says that it was done there. */
    private TimedOperation elsewhere(TimedOperation it, long position) {
        if (it.kind() == Kind.WRITE) {
            return new TimedOperation(
                    it.client(), it.kind(), it.outcome(), it.invoked(), it.returned(), position, it.value());
        }
        long place = Math.max(0, Math.min(position, stream.size()));
        return TimedOperation.read(
                it.client(), it.invoked(), it.returned(), place, place == 0 ? null : stream.get((int) place - 1));
    }

    private void swapTwoEntries() {
        if (stream.size() < 2) {
            return;
        }
        int i = random.nextInt(stream.size());
        int j = random.nextInt(stream.size());
        String kept = stream.set(i, stream.get(j));
        stream.set(j, kept);
        boolean toldSo = random.nextBoolean();
        for (int n = 0; n < operations.size() && toldSo; n++) {
            TimedOperation it = operations.get(n);
            int place = stream.indexOf(it.value());
            if (it.kind() == Kind.WRITE && it.outcome() == Outcome.DONE && place >= 0) {
                operations.set(n, elsewhere(it, place + 1L));
            } else if (it.kind() == Kind.READ && it.position() > 0) {
                operations.set(n, elsewhere(it, it.position()));
            }
        }
    }

    private void repeatOrDropAnEntry() {
        if (stream.isEmpty()) {
            return;
        }
        int place = random.nextInt(stream.size());
        if (random.nextBoolean()) {
            stream.add(stream.get(place));
        } else {
            stream.remove(place);
        }
    }

    /** The client was told something else about the same write. */
    private TimedOperation otherwise(TimedOperation it) {
        String value = it.value();
        if (it.kind() == Kind.READ || value == null) {
            return moved(it, 3);
        }
        long returned = it.returned() == Long.MAX_VALUE ? it.invoked() + 1 : it.returned();
        int place = stream.indexOf(value) + 1;
        return switch (random.nextInt(3)) {
            case 0 -> TimedOperation.refused(it.client(), it.invoked(), returned, value);
            case 1 -> TimedOperation.unknown(it.client(), it.invoked(), value);
            default -> TimedOperation.written(it.client(), it.invoked(), returned, Math.max(1, place), value);
        };
    }
}
