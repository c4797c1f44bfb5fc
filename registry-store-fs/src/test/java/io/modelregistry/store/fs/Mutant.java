package io.modelregistry.store.fs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The real code with one thing wrong. The source file of today is changed in one place, compiled in memory and run instead of the
 * real class, so a mutant can't lag behind the code: when its place is no longer there, the test that uses it fails and says so.
 *
 * @param name what is wrong
 * @param source the source file, below the module's folder
 * @param original what is replaced; stands in the file once
 */
record Mutant(String name, Path source, String original, String replacement) {

    static Mutant of(String name, Class<?> changed, String original, String replacement) {
        Path source = Path.of("src/main/java", changed.getName().replace('.', '/') + ".java");
        return new Mutant(name, source, original, replacement);
    }

    /** The changed source's classes by their binary names. */
    Map<String, byte[]> compile() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        Compiled compiled = new Compiled(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
        List<String> options = List.of("-proc:none", "-classpath", Jvm.testClassPath());
        boolean done = compiler.getTask(complaints, compiled, null, options, null, List.of(text(changedSource())))
                .call();
        if (!done) {
            throw new AssertionError("The mutant \"" + name + "\" must follow the code: " + complaints);
        }
        Map<String, byte[]> classes = new HashMap<>();
        compiled.classes.forEach((className, bytes) -> classes.put(className, bytes.toByteArray()));
        return classes;
    }

    private String changedSource() {
        String text;
        try {
            text = Files.readString(source);
        } catch (IOException e) {
            throw new AssertionError("The mutant \"" + name + "\" must follow the code: there is no " + source, e);
        }
        int at = text.indexOf(original);
        if (at < 0 || text.indexOf(original, at + 1) >= 0) {
            throw new AssertionError("The mutant \"" + name + "\" must follow the code: " + source + " should have \""
                    + original + "\" once");
        }
        return text.replace(original, replacement);
    }

    private JavaFileObject text(String changed) {
        return new SimpleJavaFileObject(source.toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return changed;
            }
        };
    }

    /** Puts the classes into a folder, for the class path of another process. */
    Path writeTo(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> one : compile().entrySet()) {
            Path file = folder.resolve(one.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, one.getValue());
        }
        return folder;
    }

    /**
     * Calls a static method of a test's class, which sees the mutant instead of the real class.
     *
     * @param families classes whose whole folders are loaded beside the mutant, the caller's and the mutant's own: a package lives in one
     *     class loader
     */
    void run(List<Class<?>> families, Class<?> test, String method, Object... arguments) throws Throwable {
        ClassLoader loader =
                new ChildFirst(compile(), families.stream().map(Jvm::folder).toList(), Mutant.class.getClassLoader());
        for (Method candidate : loader.loadClass(test.getName()).getDeclaredMethods()) {
            if (candidate.getName().equals(method)) {
                candidate.setAccessible(true);
                try {
                    candidate.invoke(null, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
                return;
            }
        }
        throw new NoSuchMethodException(test + "." + method);
    }

    private static final class Compiled extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

        Compiled(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location,
                String className,
                JavaFileObject.Kind kind,
                javax.tools.FileObject sibling) {
            URI uri = URI.create("memory:///" + className.replace('.', '/') + kind.extension);
            return new SimpleJavaFileObject(uri, kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(className, one -> new ByteArrayOutputStream());
                }
            };
        }
    }

    /** Loads the mutant, and all of some folders; leaves the rest to its parent. */
    private static final class ChildFirst extends ClassLoader {
        private final Map<String, byte[]> mutated;
        private final List<Path> folders;

        ChildFirst(Map<String, byte[]> mutated, List<Path> folders, ClassLoader parent) {
            super(parent);
            this.mutated = mutated;
            this.folders = folders;
        }

        @Override
        protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(className)) {
                Class<?> loaded = findLoadedClass(className);
                if (loaded != null) {
                    return loaded;
                }
                byte[] content = mutated.containsKey(className) ? mutated.get(className) : content(className);
                return content == null
                        ? super.loadClass(className, resolve)
                        : defineClass(className, content, 0, content.length);
            }
        }

        private byte[] content(String className) {
            for (Path folder : folders) {
                Path file = folder.resolve(className.replace('.', '/') + ".class");
                if (Files.exists(file)) {
                    try {
                        return Files.readAllBytes(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            return null;
        }
    }
}
