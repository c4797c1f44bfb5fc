package io.modelregistry.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalerTest {

    private static final Scaler SCALER = new Scaler(List.of(new Scaler.Column("mean radius", 14.1, 2.0E-3)));

    @Test
    void scaledColumnsHaveMeanZeroAndDeviationOne() {
        List<Sample> samples = List.of(
                new Sample(0, "", new double[] {10, 1}, Diagnosis.BENIGN),
                new Sample(1, "", new double[] {14, 3}, Diagnosis.MALIGNANT));

        Scaler scaler = Scaler.fit(List.of("a", "b"), samples);

        assertArrayEquals(new double[] {-1, -1}, scaler.transform(new double[] {10, 1}));
        assertArrayEquals(new double[] {1, 1}, scaler.transform(new double[] {14, 3}));
    }

    @Test
    void theFileIsReadableAndTheSameEverywhere(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("scaler.json");

        SCALER.write(file);

        assertEquals("""
                {
                  "columns" : [
                    {
                      "name" : "mean radius",
                      "mean" : 14.1,
                      "deviation" : 0.002
                    }
                  ]
                }
                """, Files.readString(file));
    }

    @Test
    void aScalerSurvivesItsFileExactly(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("scaler.json");
        BreastCancerData data = BreastCancerData.load();
        Scaler scaler = Scaler.fit(data.columns(), data.samples());

        scaler.write(file);

        assertEquals(scaler, Scaler.read(file));
    }

    @Test
    void aColumnThatNeverVariesCannotBeScaled() {
        List<Sample> samples = List.of(new Sample(0, "", new double[] {10}, Diagnosis.BENIGN));

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Scaler.fit(List.of("a"), samples));

        assertEquals("Column a needs a finite mean and a positive deviation, got 10.0 and 0.0", e.getMessage());
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> SCALER.transform(new double[] {1, 2}));

        assertEquals("A row needs 1 values, got 2", e.getMessage());
    }
}
