package io.modelregistry.version;

import io.modelregistry.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The software a process runs with.
 *
 * @param javaVersion such as {@code 17.0.15}
 * @param javaVendor such as {@code Eclipse Adoptium}
 * @param operatingSystem name and version
 * @param architecture such as {@code amd64}
 * @param sdkVersion the version of this library
 * @param classPath in class-path order; at most {@value #MOST_LIBRARIES}
 */
public record RuntimeSnapshot(
        String javaVersion,
        String javaVendor,
        String operatingSystem,
        String architecture,
        String sdkVersion,
        List<Library> classPath) {

    /** Class paths longer than this are cut; {@link #capture} says so by a last element named {@code …}. */
    public static final int MOST_LIBRARIES = 2_000;

    /**
     * An element of the class path.
     *
     * @param name Maven coordinates {@code group:artifact:version} where the jar holds them, else the file's name
     * @param digest of the jar; null for a folder of classes
     */
    public record Library(String name, @Nullable Digest digest) {}

    public RuntimeSnapshot {
        classPath = List.copyOf(classPath);
    }

    /** Takes a snapshot of this process: reads every jar on the class path once. A jar that can't be read is named without a digest. */
    public static RuntimeSnapshot capture() {
        return RuntimeCapture.capture();
    }

    /** The version of this library. */
    public static String sdk() {
        return RuntimeCapture.sdkVersion();
    }
}
