package io.modelregistry.core.artifact;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged while this is open; slf4j-simple writes it to the standard error stream. */
public final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    public CapturedLog() {
        System.setErr(new PrintStream(text, true, StandardCharsets.UTF_8));
    }

    public List<String> warnings() {
        return text.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" WARN "))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
