package io.modelregistry.examples.serving;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The share of each version over time, as an SVG: areas on top of each other, and a line for each change of the rollout.
 *
 * @param answers in any order
 * @param changes what happened, and when
 */
record ShareChart(List<Answer> answers, List<Change> changes) {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 56;
    private static final int TOP = 96;
    private static final int BOTTOM = 44;
    private static final int RIGHT = 24;
    private static final List<String> COLOURS = List.of("#4477aa", "#ee8866", "#44bb99", "#aa3377");

    ShareChart {
        answers = List.copyOf(answers);
        changes = List.copyOf(changes);
    }

    /** @param millis since the traffic began */
    record Change(long millis, String what) {}

    String svg(long bucketMillis) {
        List<Long> versions = new ArrayList<>(new TreeSet<>(
                answers.stream().filter(Answer::isGood).map(Answer::version).toList()));
        long end = answers.stream().mapToLong(Answer::millis).max().orElse(1);
        int buckets = (int) (end / bucketMillis) + 1;
        int[][] counts = new int[versions.size()][buckets];
        int[] totals = new int[buckets];
        for (Answer answer : answers) {
            int bucket = (int) (answer.millis() / bucketMillis);
            if (answer.isGood()) {
                counts[versions.indexOf(answer.version())][bucket]++;
                totals[bucket]++;
            }
        }
        StringBuilder svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\" role=\"img\" aria-label=\"Share of each version over time\">",
                WIDTH,
                HEIGHT);
        line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        areas(svg, counts, totals, end, bucketMillis);
        axes(svg, end);
        for (int i = 0; i < changes.size(); i++) {
            change(svg, changes.get(i), end, i);
        }
        legend(svg, versions);
        return svg.append("</svg>\n").toString();
    }

    /** From the bottom: the first version, then the others on top of it. */
    private static void areas(StringBuilder svg, int[][] counts, int[] totals, long end, long bucketMillis) {
        double[] below = new double[totals.length];
        for (int version = 0; version < counts.length; version++) {
            List<String> upper = new ArrayList<>();
            List<String> lower = new ArrayList<>();
            for (int bucket = 0; bucket < totals.length; bucket++) {
                double share = totals[bucket] == 0 ? 0 : (double) counts[version][bucket] / totals[bucket];
                double left = x(Math.min(end, bucket * bucketMillis), end);
                double right = x(Math.min(end, (bucket + 1) * bucketMillis), end);
                lower.add(point(left, y(below[bucket])) + " " + point(right, y(below[bucket])));
                below[bucket] += share;
                upper.add(point(left, y(below[bucket])) + " " + point(right, y(below[bucket])));
            }
            Collections.reverse(lower);
            List<String> back = lower.stream()
                    .map(pair -> pair.substring(pair.indexOf(' ') + 1) + " " + pair.substring(0, pair.indexOf(' ')))
                    .toList();
            line(
                    svg,
                    "<polygon fill=\"%s\" points=\"%s %s\"/>",
                    COLOURS.get(version % COLOURS.size()),
                    String.join(" ", upper),
                    String.join(" ", back));
        }
    }

    private static void axes(StringBuilder svg, long end) {
        for (int percent = 0; percent <= 100; percent += 25) {
            double y = y(percent / 100.0);
            line(
                    svg,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y);
            line(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>", LEFT - 8, y + 4, percent);
        }
        long step = Math.max(1, end / 8_000) * 1_000;
        for (long millis = 0; millis <= end; millis += step) {
            line(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>",
                    x(millis, end),
                    HEIGHT - BOTTOM + 20,
                    millis / 1_000);
        }
    }

    private static void change(StringBuilder svg, Change change, long end, int index) {
        double x = x(change.millis(), end);
        int y = TOP - 10 - index % 3 * 18;
        line(
                svg,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#222222\" stroke-dasharray=\"4 3\"/>",
                x,
                x,
                y + 4,
                HEIGHT - BOTTOM);
        line(svg, "<text x=\"%.1f\" y=\"%d\">%s</text>", x - 4, y, change.what());
    }

    private static void legend(StringBuilder svg, List<Long> versions) {
        for (int i = 0; i < versions.size(); i++) {
            int x = LEFT + i * 110;
            line(
                    svg,
                    "<rect x=\"%d\" y=\"12\" width=\"14\" height=\"14\" fill=\"%s\"/>",
                    x,
                    COLOURS.get(i % COLOURS.size()));
            line(svg, "<text x=\"%d\" y=\"24\">version %d</text>", x + 20, versions.get(i));
        }
    }

    private static double x(long millis, long end) {
        return LEFT + (double) millis / end * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }

    private static void line(StringBuilder svg, String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
