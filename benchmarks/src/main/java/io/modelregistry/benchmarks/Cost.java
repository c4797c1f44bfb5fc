package io.modelregistry.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/**
 * What one piece of work took: time, processor time of this whole process, and bytes that its living threads allocated. Processor time is the figure to
 * compare on a machine that others use too.
 */
record Cost(double millis, double processorMillis, double allocatedMebibytes) {
    private static final double MILLION = 1e6;
    private static final double MEBIBYTE = 1 << 20;
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    static Cost of(Callable<?> work) throws Exception {
        long allocated = allocated();
        long processor = PROCESS.getProcessCpuTime();
        long begun = System.nanoTime();
        work.call();
        long ended = System.nanoTime();
        return new Cost(
                (ended - begun) / MILLION,
                (PROCESS.getProcessCpuTime() - processor) / MILLION,
                (allocated() - allocated) / MEBIBYTE);
    }

    private static long allocated() {
        long bytes = 0;
        for (long each : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            bytes += Math.max(0, each);
        }
        return bytes;
    }
}
