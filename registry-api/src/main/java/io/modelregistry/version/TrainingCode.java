package io.modelregistry.version;

import io.modelregistry.Texts;

/**
 * The code that trained a version.
 *
 * @param repository such as {@code https://git.example.org/radiology/tumor-classifier}
 * @param commit the full commit id
 * @param workingTree whether the code that ran was exactly that commit
 */
public record TrainingCode(String repository, String commit, WorkingTree workingTree) {

    /** Whether the working tree had changes that the commit lacks. */
    public enum WorkingTree {
        CLEAN,
        DIRTY
    }

    public TrainingCode {
        Texts.line("repository", repository, 2_000);
        Texts.line("commit", commit, 200);
    }

    /** Code exactly as committed. */
    public static TrainingCode clean(String repository, String commit) {
        return new TrainingCode(repository, commit, WorkingTree.CLEAN);
    }

    /** Code with changes that no commit holds. */
    public static TrainingCode dirty(String repository, String commit) {
        return new TrainingCode(repository, commit, WorkingTree.DIRTY);
    }
}
