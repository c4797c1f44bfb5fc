package io.modelregistry;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Names an operation whose outcome is unknown, so that it can be asked for later, by this process or another.
 *
 * @param stream the stream the operation wrote to
 * @param slot the sequence number its last create went to
 * @param commit the operation's own identity
 * @param request the caller's request id, if there was one
 */
public record OutcomeToken(
        String stream, long slot, String commit, @Nullable RequestId request) implements Serializable {}
