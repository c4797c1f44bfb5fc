package io.modelregistry.examples.quickstart;

import java.util.Locale;

/** The two classes, in the order of the data file's codes: 0 is malignant, 1 is benign. */
public enum Diagnosis {
    MALIGNANT,
    BENIGN;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Diagnosis ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    static Diagnosis ofCode(String code) {
        return switch (code) {
            case "0" -> MALIGNANT;
            case "1" -> BENIGN;
            default -> throw new IllegalArgumentException("Diagnosis code must be 0 or 1, was " + code);
        };
    }
}
