package io.modelregistry.compare;

import io.modelregistry.version.Metric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints comparisons as aligned text or as Markdown. */
final class ComparisonText {
    private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);
    private static final String ABSENT = "–";

    private ComparisonText() {}

    static String plain(Comparison comparison) {
        return table(rows(comparison));
    }

    static String plain(RuntimeDrift drift) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "captured", "now"));
        for (ValueDifference difference : drift.differences()) {
            rows.add(List.of(difference.name(), oneLine(difference.before()), oneLine(difference.after())));
        }
        return table(rows);
    }

    private static String table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(
                        widths[i], row.get(i).codePointCount(0, row.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    static String markdown(Comparison comparison) {
        StringBuilder text = new StringBuilder();
        List<List<String>> rows = rows(comparison);
        for (int i = 0; i < rows.size(); i++) {
            for (String cell : rows.get(i)) {
                text.append("| ").append(escape(cell)).append(' ');
            }
            text.append("|\n");
            if (i == 0) {
                text.append("|---".repeat(rows.get(0).size())).append("|\n");
            }
        }
        return text.toString();
    }

    private static List<List<String>> rows(Comparison comparison) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", comparison.before().toString(), comparison.after().toString(), "change"));
        for (MetricDifference metric : comparison.metrics()) {
            rows.add(List.of(metric.key().toString(), value(metric.before()), value(metric.after()), change(metric)));
        }
        for (ValueDifference difference : comparison.differences()) {
            String section = difference.section().name().toLowerCase(Locale.ROOT);
            rows.add(List.of(
                    section.equals(difference.name()) ? section : section + " " + difference.name(),
                    oneLine(difference.before()),
                    oneLine(difference.after()),
                    ""));
        }
        return rows;
    }

    private static String value(@Nullable Metric metric) {
        if (metric == null) {
            return ABSENT;
        }
        var interval = metric.interval();
        String range = interval == null ? "" : " [" + digits(interval.lower()) + ", " + digits(interval.upper()) + "]";
        return digits(metric.value()) + range;
    }

    private static String change(MetricDifference metric) {
        String verdict = metric.verdict().name().toLowerCase(Locale.ROOT);
        if (metric.change().isEmpty() || metric.verdict() == MetricDifference.Verdict.SAME) {
            return verdict;
        }
        double change = metric.change().getAsDouble();
        if (Double.isInfinite(change)) {
            return verdict;
        }
        return (change > 0 ? "+" : "") + digits(change) + " " + verdict;
    }

    /** Six significant digits, without an exponent where that is shorter to read, the same in every locale. */
    private static String digits(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(SIX_DIGITS).stripTrailingZeros();
        int magnitude = rounded.precision() - rounded.scale();
        return rounded.signum() == 0 || (magnitude > -5 && magnitude < 10)
                ? rounded.toPlainString()
                : rounded.toString();
    }

    static String oneLine(@Nullable String text) {
        if (text == null) {
            return ABSENT;
        }
        String line = text.replace('\n', ' ').replace('\t', ' ');
        return line.codePointCount(0, line.length()) > 60
                ? line.substring(0, line.offsetByCodePoints(0, 59)) + "…"
                : line;
    }

    private static String escape(String cell) {
        return cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;");
    }
}
