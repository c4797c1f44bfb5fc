package io.modelregistry.examples.quickstart;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Standardises every column to mean 0 and deviation 1, as measured on the training rows.
 *
 * <p>A model is only meaningful with the scaler it was trained behind, so the two are stored together.
 */
record Scaler(List<Column> columns) {

    /** One column of the input, in the order in which the model reads them. */
    record Column(String name, double mean, double deviation) {
        Column {
            if (!Double.isFinite(mean) || !(deviation > 0) || Double.isInfinite(deviation)) {
                throw new IllegalArgumentException(
                        "Column %s needs a finite mean and a positive deviation, got %s and %s"
                                .formatted(name, mean, deviation));
            }
        }
    }

    // Double.toString changed in JDK 19. Jackson's own writer gives the same shortest exact digits on every JDK.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    Scaler {
        columns = List.copyOf(columns);
    }

    static Scaler fit(List<String> names, List<Sample> training) {
        double[][] rows = Sample.features(training);
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            double sum = 0;
            for (double[] row : rows) {
                sum += row[column];
            }
            double mean = sum / rows.length;
            double squares = 0;
            for (double[] row : rows) {
                squares += (row[column] - mean) * (row[column] - mean);
            }
            columns.add(new Column(names.get(column), mean, Math.sqrt(squares / rows.length)));
        }
        return new Scaler(columns);
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    double[] transform(double[] features) {
        if (features.length != columns.size()) {
            throw new IllegalArgumentException(
                    "A row needs %s values, got %s".formatted(columns.size(), features.length));
        }
        double[] scaled = new double[features.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (features[i] - columns.get(i).mean()) / columns.get(i).deviation();
        }
        return scaled;
    }

    void write(Path file) throws IOException {
        DefaultIndenter newLines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(newLines).withArrayIndenter(newLines);
        Files.writeString(file, JSON.writer(printer).writeValueAsString(this) + "\n");
    }

    static Scaler read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), Scaler.class);
    }
}
