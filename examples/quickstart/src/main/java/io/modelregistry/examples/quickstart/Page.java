package io.modelregistry.examples.quickstart;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the story: numbered chapters, sentences and tables. */
public final class Page {

    private static final String INDENT = "  ";

    private final PrintStream out;
    private int chapters;

    public Page(PrintStream out) {
        this.out = out;
    }

    public void title(String text) {
        out.println(text);
        out.println("=".repeat(text.length()));
    }

    public void chapter(String text) {
        chapters++;
        String heading = chapters + "  " + text;
        out.println();
        out.println(heading);
        out.println("-".repeat(heading.length()));
    }

    public void say(String format, @Nullable Object... arguments) {
        show(String.format(Locale.ROOT, format, arguments));
    }

    /** Prints a text of one or more lines as it is. */
    public void show(String text) {
        text.lines().forEach(line -> out.println((INDENT + line).stripTrailing()));
    }

    /** Prints rows whose columns are aligned to the left; the last column may be of any width. */
    void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths.get(i) - row.get(i).length() + INDENT.length()));
            }
            show(line.toString());
        }
    }

    void gap() {
        out.println();
    }
}
