package io.modelregistry.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BreastCancerDataTest {

    private final BreastCancerData data = BreastCancerData.load();

    @Test
    void theFileIsTheOnePublished() {
        assertEquals("fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed", data.sha256());
    }

    @Test
    void everyRowHasThirtyMeasurementsAndADiagnosis() {
        assertEquals(30, data.columns().size());
        assertEquals(569, data.samples().size());
        assertTrue(data.samples().stream().allMatch(sample -> sample.features().length == 30));
        assertEquals(212, malignant(data.samples()));
    }

    @Test
    void columnsHaveTheirPublishedRange() {
        int worstArea = data.columns().indexOf("worst area");

        double[] areas = data.samples().stream()
                .mapToDouble(sample -> sample.features()[worstArea])
                .sorted()
                .toArray();

        assertEquals(185.2, areas[0]);
        assertEquals(4254.0, areas[areas.length - 1]);
    }

    @Test
    void aSplitKeepsEveryRowOnceAndTheShareOfMalignantRows() {
        Split split = Split.of(data);

        Set<Integer> rows = new HashSet<>(rows(split.training()));
        rows.addAll(rows(split.heldOut()));
        assertEquals(569, rows.size());
        assertEquals(456, split.training().size());
        assertEquals(113, split.heldOut().size());
        assertEquals(170, malignant(split.training()));
        assertEquals(42, malignant(split.heldOut()));
    }

    @Test
    void theSeedDecidesTheSplit() {
        List<Integer> heldOut = rows(Split.of(data).heldOut());

        assertEquals(heldOut, rows(Split.stratified(data.samples(), 0.2, 1).heldOut()));
        assertNotEquals(heldOut, rows(Split.stratified(data.samples(), 0.2, 2).heldOut()));
        assertEquals(List.of(1, 2, 3, 4, 6), heldOut.subList(0, 5));
    }

    private static List<Integer> rows(List<Sample> samples) {
        return samples.stream().map(Sample::row).toList();
    }

    private static long malignant(List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.diagnosis() == Diagnosis.MALIGNANT)
                .count();
    }
}
