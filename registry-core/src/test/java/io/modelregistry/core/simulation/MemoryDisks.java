package io.modelregistry.core.simulation;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.modelregistry.testkit.simulation.Disks;
import java.nio.file.Path;

/** Disks in memory, one for each machine; gone when nobody has them any more. */
final class MemoryDisks implements Disks {
    /** Of the schedules that have to be many. */
    static final int PER_MILLE = 60;

    private static final Configuration POSIX =
            Configuration.unix().toBuilder().setAttributeViews("posix").build();

    @Override
    public Path fresh() {
        return Jimfs.newFileSystem(POSIX).getPath("/cache");
    }
}
