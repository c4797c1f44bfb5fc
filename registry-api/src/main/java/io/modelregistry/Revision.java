package io.modelregistry;

import java.io.Serializable;

/**
 * A position in a stream of changes: what a compare-and-set expects. Prints as {@code environments/production/fraud-detector#7}.
 *
 * @param stream the stream's key prefix
 * @param sequence from 1; 0 says that nothing stands in the stream
 */
public record Revision(String stream, long sequence) implements Serializable {
    @Override
    public String toString() {
        return stream + "#" + sequence;
    }
}
