package io.modelregistry.testkit.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The real code with one thing wrong. The source of today is changed in one place or a few, compiled in memory, and run instead of the real classes. So a mutant
 * can't lag behind the code: when its place is no longer there, the test that uses it fails and says so. Needs a JDK, and the module's folder as the working
 * folder, as Maven's tests have both.
 *
 * <pre>{@code
 * ClassLoader broken = Mutant.named("forgets requests")
 *         .edit("io.modelregistry.core.log.EventLog", "recent(tip, operation, sequence)", "List.of()")
 *         .load(Path.of("target/classes"));
 * }</pre>
 *
 * @param name what is wrong
 */
public record Mutant(String name, List<Edit> edits) {
    private static final Path SOURCES = Path.of("src/main/java");

    public Mutant {
        edits = List.copyOf(edits);
    }

    /**
     * A change of one source file.
     *
     * @param className the class whose file it is
     * @param original what is replaced; stands in the file exactly once
     */
    public record Edit(String className, String original, String replacement) {}

    /** Nothing is wrong yet. */
    public static Mutant named(String name) {
        return new Mutant(name, List.of());
    }

    /** One thing more that is wrong. */
    public Mutant edit(String className, String original, String replacement) {
        List<Edit> more = new ArrayList<>(edits);
        more.add(new Edit(className, original, replacement));
        return new Mutant(name, more);
    }

    /** The changed classes, nested ones included, by their binary names. */
    public Map<String, byte[]> compile() {
        Map<String, String> sources = new HashMap<>();
        for (Edit edit : edits) {
            sources.put(edit.className(), changed(edit, sources));
        }
        Compilation compilation = new Compilation(sources);
        return compilation
                .run()
                .orElseThrow(() -> new AssertionError(mustFollow("it doesn't compile: " + compilation.complaints())));
    }

    /**
     * Loads the mutant and everything else in some folders of classes anew, before anything the caller's own class loader has: a package lives in one class
     * loader. All other classes are the caller's.
     */
    public ClassLoader load(Path... folders) {
        return new ChildFirst(compile(), List.of(folders), Mutant.class.getClassLoader());
    }

    /** Puts the classes into a folder, which another process can have in front of its class path. */
    public Path writeTo(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> one : compile().entrySet()) {
            Path file = folder.resolve(one.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, one.getValue());
        }
        return folder;
    }

    private String changed(Edit edit, Map<String, String> sources) {
        Path file = SOURCES.resolve(edit.className().replace('.', '/') + ".java");
        String text = sources.containsKey(edit.className()) ? sources.get(edit.className()) : read(file);
        int at = text.indexOf(edit.original());
        if (at < 0 || text.indexOf(edit.original(), at + 1) >= 0) {
            throw new AssertionError(mustFollow(file + " should have this once:\n" + edit.original()));
        }
        return text.replace(edit.original(), edit.replacement());
    }

    private String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(mustFollow("there is no " + file), e);
        }
    }

    private String mustFollow(String why) {
        return "The mutant \"" + name + "\" must follow the code: " + why;
    }

    @Override
    public String toString() {
        return name;
    }
}
