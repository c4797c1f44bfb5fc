package io.modelregistry.examples.quickstart;

import io.modelregistry.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One patient's measurements and diagnosis. {@code row} counts from 0, after the file's header line; {@code line} is the
 * row as it stands in the file.
 */
public final class Sample {

    private final int row;
    private final String line;
    private final double[] features;
    private final Diagnosis diagnosis;

    Sample(int row, String line, double[] features, Diagnosis diagnosis) {
        this.row = row;
        this.line = line;
        this.features = features.clone();
        this.diagnosis = diagnosis;
    }

    int row() {
        return row;
    }

    public double[] features() {
        return features.clone();
    }

    Diagnosis diagnosis() {
        return diagnosis;
    }

    /** The digest of these rows as a file of their own, without a header line. */
    static Digest digest(List<Sample> samples) {
        String file = samples.stream().map(sample -> sample.line + "\n").collect(Collectors.joining());
        return Digest.of(file.getBytes(StandardCharsets.UTF_8));
    }

    static double[][] features(List<Sample> samples) {
        return samples.stream().map(Sample::features).toArray(double[][]::new);
    }
}
