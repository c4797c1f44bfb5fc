package io.modelregistry.examples.quickstart;

import java.util.Locale;
import org.tribuo.Example;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.classification.Label;
import org.tribuo.impl.ArrayExample;

/**
 * Turns measurements into Tribuo examples.
 *
 * <p>Tribuo numbers features in the lexicographic order of their names, and that number is the position in the ONNX
 * input. Names start with the zero-padded position of the column, so the two orders are the same.
 */
final class TribuoFeatures {

    private final Scaler scaler;
    private final String[] names;

    TribuoFeatures(Scaler scaler) {
        this.scaler = scaler;
        this.names = new String[scaler.columns().size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = String.format(Locale.ROOT, "%02d %s", i, scaler.names().get(i));
        }
    }

    Scaler scaler() {
        return scaler;
    }

    Example<Label> example(double[] measurements, Diagnosis diagnosis) {
        return new ArrayExample<>(new Label(diagnosis.label()), names, scaler.transform(measurements));
    }

    /** Fails unless the model reads its inputs in the column order. */
    void requireColumnOrder(ImmutableFeatureMap features) {
        for (int i = 0; i < names.length; i++) {
            if (features.getID(names[i]) != i) {
                throw new IllegalStateException(
                        "Tribuo put column '%s' at position %s".formatted(names[i], features.getID(names[i])));
            }
        }
    }
}
