package io.modelregistry.examples.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Training and held-out rows. The same samples, fraction and seed always give the same split. */
public record Split(List<Sample> training, List<Sample> heldOut) {

    private static final double HELD_OUT_FRACTION = 0.2;
    static final long SEED = 1;

    public Split {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /** The split that both processes use. */
    static Split of(BreastCancerData data) {
        return stratified(data.samples(), HELD_OUT_FRACTION, SEED);
    }

    /** Holds out {@code heldOutFraction} of each diagnosis, so both parts have the same share of malignant rows. */
    static Split stratified(List<Sample> samples, double heldOutFraction, long seed) {
        Random random = new Random(seed);
        List<Sample> training = new ArrayList<>();
        List<Sample> heldOut = new ArrayList<>();
        for (Diagnosis diagnosis : Diagnosis.values()) {
            List<Sample> stratum = new ArrayList<>(samples);
            stratum.removeIf(sample -> sample.diagnosis() != diagnosis);
            Collections.shuffle(stratum, random);
            int held = (int) Math.round(stratum.size() * heldOutFraction);
            heldOut.addAll(stratum.subList(0, held));
            training.addAll(stratum.subList(held, stratum.size()));
        }
        training.sort(Comparator.comparingInt(Sample::row));
        heldOut.sort(Comparator.comparingInt(Sample::row));
        return new Split(training, heldOut);
    }
}
