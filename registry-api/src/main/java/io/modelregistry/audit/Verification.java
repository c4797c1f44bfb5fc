package io.modelregistry.audit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of reading a whole registry and recomputing every hash.
 *
 * @param findings errors first
 */
public record Verification(
        long streams, long entries, long versions, long blobs, long blobBytes, List<Finding> findings) {
    public Verification {
        findings = findings.stream()
                .sorted(java.util.Comparator.comparing(Finding::severity).thenComparing(Finding::key))
                .toList();
    }

    /** Whether there is no error; warnings and notes may remain. */
    public boolean isClean() {
        return errors().isEmpty();
    }

    public List<Finding> errors() {
        return findings.stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .toList();
    }

    /** A summary line, then a line for each finding. */
    public String toText() {
        return (isClean() ? "clean: " : errors().size() + " errors: ")
                + streams + " streams, " + entries + " entries, " + versions + " versions, " + blobs + " blobs, "
                + blobBytes
                + " bytes" + findings.stream().map(f -> "\n  " + f).collect(Collectors.joining());
    }
}
