package io.modelregistry.testkit;

import io.modelregistry.storage.StoredObject;
import java.util.Arrays;

/** What a caller gets to see of an object that was stored or sent wrongly. */
final class Distortion {
    private static final long HUGE_SIZE = 50_000_000;

    private Distortion() {}

    static StoredObject of(StoredObject object, InjectedFault fault, int limitBytes) {
        byte[] content = object.content();
        return switch (fault.fault().type()) {
            case TORN -> whole(object, Arrays.copyOf(content, content.length / 2));
            case EMPTY -> whole(object, new byte[0]);
            case GARBAGE -> {
                byte[] noise = SampleContent.noise(~fault.call().number(), content.length);
                yield new StoredObject(noise, object.sizeBytes(), object.storedAt());
            }
            case HUGE -> {
                byte[] beginning = new byte[(int) Math.min(limitBytes, HUGE_SIZE)];
                Arrays.fill(beginning, (byte) '7');
                yield new StoredObject(beginning, HUGE_SIZE, object.storedAt());
            }
            case FLIPPED -> new StoredObject(flipped(content, fault.fault()), object.sizeBytes(), object.storedAt());
            default -> object;
        };
    }

    private static StoredObject whole(StoredObject object, byte[] content) {
        return new StoredObject(content, content.length, object.storedAt());
    }

    private static byte[] flipped(byte[] content, Fault fault) {
        byte[] flipped = content.clone();
        if (flipped.length > 0) {
            flipped[(int) fault.positionWithin(flipped.length)] ^= 1;
        }
        return flipped;
    }
}
