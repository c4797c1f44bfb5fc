package io.modelregistry.testkit.simulation;

import java.nio.file.Path;

/** Where the machines of schedules keep files, such as a file system in memory. Called from several threads, once for each machine. */
@FunctionalInterface
public interface Disks {

    /** An empty folder on a disk that nothing else uses. */
    Path fresh();
}
