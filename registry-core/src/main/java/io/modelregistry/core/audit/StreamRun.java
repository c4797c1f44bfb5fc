package io.modelregistry.core.audit;

import io.modelregistry.IntegrityException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Finding;
import io.modelregistry.core.log.Chain;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring entries of one stream as events, as far as they are whole.
 *
 * @param damaged what stopped it; empty when nothing did
 */
record StreamRun(StreamName name, List<AuditEvent> events, List<Finding> damaged) {

    /** Entries {@code from} to {@code to}, and the one before them, which tells what changed. */
    static StreamRun read(Streams streams, StreamName name, long from, long to) {
        EventLog log = streams.log(name);
        List<Callable<Object>> reads = new ArrayList<>();
        for (long sequence = Math.max(1, from - 1); sequence <= to; sequence++) {
            long wanted = sequence;
            reads.add(() -> tryRead(log, wanted, to));
        }
        List<AuditEvent> events = new ArrayList<>();
        StoredEntry before = null;
        for (Object read : streams.parallel().call(reads)) {
            try {
                if (read instanceof RuntimeException failure) {
                    throw failure;
                }
                StoredEntry stored = (StoredEntry) read;
                if (before != null) {
                    Chain.check(before, stored);
                }
                if (stored.sequence() >= from) {
                    events.add(event(stored, before));
                }
                before = stored;
            } catch (IntegrityException | UpgradeRequiredException e) {
                long stopped = before == null ? Math.max(1, from - 1) : before.sequence() + 1;
                return new StreamRun(name, events, List.of(Feed.finding(KeyLayout.entry(name, stopped), e)));
            }
        }
        return new StreamRun(name, events, List.of());
    }

    private static Object tryRead(EventLog log, long sequence, long standing) {
        try {
            return log.require(sequence, standing);
        } catch (IntegrityException | UpgradeRequiredException e) {
            return e;
        }
    }

    private static AuditEvent event(StoredEntry stored, @Nullable StoredEntry before) {
        return Trail.event(stored, before == null ? null : before.entry(), stored.at());
    }
}
