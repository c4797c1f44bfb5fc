package io.modelregistry.testkit.proxy;

import java.io.IOException;
import java.io.OutputStream;

/** What happens to the body of an answer on its way. */
@FunctionalInterface
interface Distortion {

    /**
     * Passes some of the body on.
     *
     * @param position of the first of these bytes within the body
     * @return whether the rest may follow
     */
    boolean pass(OutputStream out, HttpHead head, byte[] bytes, int length, long position)
            throws IOException, InterruptedException;

    Distortion NONE = (out, head, bytes, length, position) -> {
        HttpBody.write(out, head, bytes, 0, length);
        return true;
    };

    static Distortion truncatedAt(long limit) {
        return (out, head, bytes, length, position) -> {
            HttpBody.write(out, head, bytes, 0, (int) Math.min(length, limit - position));
            return position + length < limit;
        };
    }

    static Distortion bitFlippedAt(long offset) {
        return (out, head, bytes, length, position) -> {
            if (offset >= position && offset < position + length) {
                bytes[(int) (offset - position)] ^= 1;
            }
            return NONE.pass(out, head, bytes, length, position);
        };
    }

    static Distortion dripping(DripGate gate) {
        return (out, head, bytes, length, position) -> {
            out.flush();
            for (int i = 0; i < length; i++) {
                gate.awaitOne();
                HttpBody.write(out, head, bytes, i, 1);
                out.flush();
            }
            return true;
        };
    }
}
