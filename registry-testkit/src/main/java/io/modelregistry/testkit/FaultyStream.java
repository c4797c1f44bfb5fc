package io.modelregistry.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Content on its way from a store, with one fault in it. */
final class FaultyStream extends FilterInputStream {
    private final Fault fault;
    private final long faultAt;
    private final Runnable beforeRead;
    private long position;

    /** @param beforeRead runs before each read; may throw */
    FaultyStream(InputStream in, Fault fault, long length, Runnable beforeRead) {
        super(in);
        this.fault = fault;
        faultAt = fault.positionWithin(length);
        this.beforeRead = beforeRead;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        beforeRead.run();
        int wanted = length;
        if (fault.type() == FaultType.TRUNCATED || fault.type() == FaultType.BROKEN) {
            wanted = (int) Math.min(length, faultAt - position);
            if (wanted == 0 && length > 0) {
                return endEarly();
            }
        }
        int count = in.read(bytes, offset, wanted);
        if (fault.type() == FaultType.FLIPPED && position <= faultAt && faultAt < position + count) {
            bytes[offset + (int) (faultAt - position)] ^= 1;
        }
        position += Math.max(0, count);
        return count;
    }

    private int endEarly() throws IOException {
        if (fault.type() == FaultType.BROKEN) {
            throw new IOException("Simulated: connection reset after " + position + " bytes");
        }
        return -1;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(Math.max(0, count), 8_192)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public int available() throws IOException {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
