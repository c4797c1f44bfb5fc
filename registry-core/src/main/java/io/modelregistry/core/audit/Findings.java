package io.modelregistry.core.audit;

import io.modelregistry.IntegrityException;
import io.modelregistry.RegistryException;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Collects what a verification has to say. Not thread-safe. */
final class Findings {
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> damaged = new TreeSet<>();

    /** Each key is reported as damaged once, by the check that saw it first. */
    void error(String key, String message) {
        if (damaged.add(key)) {
            findings.add(new Finding(Severity.ERROR, key, message));
        }
    }

    void error(String key, RegistryException e) {
        error(e instanceof IntegrityException integrity ? integrity.key() : key, String.valueOf(e.getMessage()));
    }

    void warning(String key, String message) {
        findings.add(new Finding(Severity.WARNING, key, message));
    }

    void note(String key, String message) {
        findings.add(new Finding(Severity.NOTE, key, message));
    }

    List<Finding> all() {
        return findings;
    }
}
