package io.modelregistry.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the trained model predicted for every held-out row, stored beside it for its servers to check against. */
record HeldOutPredictions(SortedMap<Integer, Prediction> byRow) {

    private static final String HEADER = "row,diagnosis,malignancy";

    HeldOutPredictions {
        byRow = Collections.unmodifiableSortedMap(new TreeMap<>(byRow));
    }

    static HeldOutPredictions of(Classifier classifier, List<Sample> samples) {
        List<Prediction> predictions = classifier.predict(Sample.features(samples));
        SortedMap<Integer, Prediction> byRow = new TreeMap<>();
        for (int i = 0; i < samples.size(); i++) {
            byRow.put(samples.get(i).row(), predictions.get(i));
        }
        return new HeldOutPredictions(byRow);
    }

    List<Prediction> inRowOrder() {
        return List.copyOf(byRow.values());
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        byRow.forEach((row, prediction) -> lines.add(String.format(
                Locale.ROOT, "%d,%s,%.9f", row, prediction.diagnosis().label(), prediction.malignancy())));
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    static HeldOutPredictions read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IOException(file + " does not start with " + HEADER);
        }
        SortedMap<Integer, Prediction> byRow = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            byRow.put(
                    Integer.valueOf(fields[0]),
                    new Prediction(Diagnosis.ofLabel(fields[1]), Double.parseDouble(fields[2])));
        }
        return new HeldOutPredictions(byRow);
    }
}
