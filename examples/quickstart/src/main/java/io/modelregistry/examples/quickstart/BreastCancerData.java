package io.modelregistry.examples.quickstart;

import io.modelregistry.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The Wisconsin diagnostic breast cancer data, checked against the committed SHA-256. See {@code ATTRIBUTION.md}. */
public record BreastCancerData(List<String> columns, List<Sample> samples, String sha256) {

    /** Where the data set is published; resolved by https://doi.org. */
    static final String DOI = "doi:10.24432/C5DW2B";

    private static final String FILE = "breast_cancer.csv";

    public BreastCancerData {
        columns = List.copyOf(columns);
        samples = List.copyOf(samples);
    }

    public static BreastCancerData load() {
        byte[] file = resource(FILE);
        String sha256 = Digest.of(file).hex();
        String expected = text(resource(FILE + ".sha256")).split(" ", 2)[0];
        if (!sha256.equals(expected)) {
            throw new IllegalStateException(
                    "%s has SHA-256 %s, expected %s: restore it (a checkout must not change line endings)"
                            .formatted(FILE, sha256, expected));
        }
        List<String> columns = text(resource("columns.txt")).lines().toList();
        return new BreastCancerData(columns, parse(text(file).lines().toList()), sha256);
    }

    private static List<Sample> parse(List<String> lines) {
        List<Sample> samples = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            int lastComma = line.lastIndexOf(',');
            double[] features = Arrays.stream(line.substring(0, lastComma).split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            samples.add(new Sample(samples.size(), line, features, Diagnosis.ofCode(line.substring(lastComma + 1))));
        }
        return samples;
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(BreastCancerData.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name, e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
