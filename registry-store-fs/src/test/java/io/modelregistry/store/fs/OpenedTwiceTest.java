package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process that has the library twice, as an application server may: nothing static may be relied upon. */
class OpenedTwiceTest {
    private static final int VERSIONS_EACH = 10;

    @TempDir
    Path scratch;

    @Test
    void twoClassLoadersOnOneFolderDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (URLClassLoader one = isolated();
                URLClassLoader two = isolated()) {
            List<Future<List<Long>>> both = new ArrayList<>();
            for (URLClassLoader loader : List.of(one, two)) {
                both.add(threads.submit(() -> register(loader)));
            }
            List<Long> numbers = new ArrayList<>();
            for (Future<List<Long>> each : both) {
                numbers.addAll(each.get());
            }

            assertThat(one.loadClass(ModelRegistry.class.getName())).isNotSameAs(ModelRegistry.class);
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 2 * VERSIONS_EACH).boxed().toList());
        } finally {
            threads.shutdown();
        }
    }

    private List<Long> register(URLClassLoader loader) throws ReflectiveOperationException {
        Thread.currentThread().setContextClassLoader(loader);
        Object registrar = loader.loadClass(Registrar.class.getName())
                .getDeclaredConstructor()
                .newInstance();
        @SuppressWarnings("unchecked")
        BiFunction<Path, Integer, List<Long>> function = (BiFunction<Path, Integer, List<Long>>) registrar;
        return function.apply(scratch, VERSIONS_EACH);
    }

    private static URLClassLoader isolated() throws MalformedURLException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> elements = new ArrayList<>();
        for (String element : classPath.split(File.pathSeparator, -1)) {
            elements.add(Path.of(element).toUri().toURL());
        }
        return new URLClassLoader(elements.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** Made by each class loader anew. */
    public static final class Registrar implements BiFunction<Path, Integer, List<Long>> {
        /** Called reflectively. */
        public Registrar() {}

        @Override
        public List<Long> apply(Path folder, Integer count) {
            RegistryOptions options = RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
            String location = folder.resolve("registry").toUri().toString();
            try (ModelRegistry registry =
                    ModelRegistry.initialise(location, options).as("loader")) {
                List<Long> numbers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    byte[] weights = (System.identityHashCode(registry) + "/" + i).getBytes(StandardCharsets.UTF_8);
                    ModelVersion version = registry.model("tumor")
                            .register(Registration.empty().file("model.bin", weights));
                    numbers.add(version.number());
                }
                return numbers;
            }
        }
    }
}
