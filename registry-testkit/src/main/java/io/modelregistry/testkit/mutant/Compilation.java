package io.modelregistry.testkit.mutant;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Source texts, compiled against the class path of this process and into memory. Used once. */
final class Compilation {
    private final Map<String, String> sources;
    private final StringWriter complaints = new StringWriter();
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    /** @param sources by the names of their classes */
    Compilation(Map<String, String> sources) {
        this.sources = sources;
    }

    /** The classes by their binary names; empty when the source isn't right. */
    Optional<Map<String, byte[]>> run() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-proc:none", "-classpath", classPath());
        Output output = new Output(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
        boolean done = compiler.getTask(complaints, output, null, options, null, inputs())
                .call();
        if (!done) {
            return Optional.empty();
        }
        Map<String, byte[]> compiled = new HashMap<>();
        classes.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
        return Optional.of(compiled);
    }

    String complaints() {
        return complaints.toString();
    }

    /** Surefire may hide the real class path in a jar's manifest, and says what it is here. */
    private static String classPath() {
        String hidden = System.getProperty("surefire.test.class.path");
        return hidden == null ? System.getProperty("java.class.path") : hidden;
    }

    private List<JavaFileObject> inputs() {
        List<JavaFileObject> inputs = new ArrayList<>();
        sources.forEach((className, source) -> inputs.add(input(className, source)));
        return inputs;
    }

    private static JavaFileObject input(String className, String source) {
        URI uri = URI.create("memory:///" + className.replace('.', '/') + JavaFileObject.Kind.SOURCE.extension);
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    private final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
        Output(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            URI uri = URI.create("memory:///" + name.replace('.', '/') + kind.extension);
            return new SimpleJavaFileObject(uri, kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
