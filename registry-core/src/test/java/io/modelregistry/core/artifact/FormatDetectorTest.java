package io.modelregistry.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.core.log.Parallel;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.Registration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatDetectorTest {
    private static final byte[] PICKLE =
            latin("\u0080\u0004\u0095\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000}\u0094.");
    private static final byte[] SAFETENSORS = latin("\u0010\0\0\0\0\0\0\0{\"a\":{\"x\":[0]}}  rest of the tensors");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sample(String name, byte[] content, String format) {
        @Override
        public String toString() {
            return name + " is " + format;
        }
    }

    static final List<Sample> SAMPLES = List.of(
            sample("model.gguf", "GGUF\u0003\0\0\0", "gguf"),
            new Sample("model.safetensors", SAFETENSORS, "safetensors"),
            sample("model.onnx", "\u0008\u0009\u0012\u0007pytorch\u001a\u00052.4.0:", "onnx"),
            sample("model.onnx", "\u0008\u0007:\u0010", "onnx"),
            sample("model.h5", "\u0089HDF\r\n\u001a\n\0\0", "hdf5"),
            sample("model.keras", "\u0089HDF\r\n\u001a\n\0\0", "keras"),
            sample("model.tflite", "\u001c\0\0\0TFL3", "tflite"),
            new Sample("model.pkl", PICKLE, "pickle"),
            sample("model.pickle", "\u0080\u0002}q\0.", "pickle"),
            sample("model.joblib", "\u0080\u0003cjoblib.numpy_pickle\nNumpyArrayWrapper\n", "joblib"),
            sample("model.joblib", "x\u009cabc", "joblib"),
            sample("old.pt", "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "pytorch"),
            sample("model.ser", "\u00ac\u00ed\0\u0005sr", "java-serialised"),
            sample(
                    "array.npy",
                    "\u0093NUMPY\u0001\0v\0{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
                    "npy"),
            sample("model.json", "{\"learner\":{\"attributes\":{}}}", "xgboost-json"),
            sample("model.json", "{ \"learner\" : {}}", "xgboost-json"),
            sample("model.ubj", "{L\0\0\0\0\0\0\0\u0007learner{L", "xgboost-ubj"),
            sample("model.bin", "binf\0\0\0?", "xgboost-legacy"),
            sample("model.txt", "tree\nversion=v4\nnum_class=1\n", "lightgbm"),
            sample("model.cbm", "CBM1\u0010\0", "catboost"),
            sample("saved_model.pb", "\u0008\u0001\u0012\u00a5\u0001", "tensorflow-saved-model"),
            sample("model.mlmodel", "\u0008\u0004\u0012\u0010", "coreml"),
            sample("model.pmml", "<?xml version=\"1.0\"?>\n<PMML version=\"4.4\">", "pmml"),
            sample("model.tribuo", "\u00124org.tribuo.classification.sgd.linear.LinearSGDModel\u001a", "tribuo"),
            sample("config.json", " {\"a\": 1}", "json"),
            sample("rows.csv", "a,b\n1,2\n", "csv"),
            sample("notes.txt", "caf\u00c3\u00a9\n", "text"),
            sample("archive", "\u001f\u008b\u0008", "gzip"),
            sample("empty.bin", "", "unknown"),
            sample("weights.bin", "\0\u0001\u0002\u0003", "unknown"));

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void aFormatIsKnownByItsContent(Sample sample) {
        assertThat(format(sample.name, sample.content)).isEqualTo(sample.format);
    }

    @ParameterizedTest
    @CsvSource({
        "archive/data.pkl archive/data/0 archive/version, pytorch",
        "m/data/0 m/data.pkl m/code/__torch__.py m/constants.pkl, torchscript",
        "metadata.json config.json model.weights.h5, keras",
        "arr_0.npy arr_1.npy, npz",
        "a.txt b.npy, zip"
    })
    void aZipIsKnownByWhatIsInIt(String entries, String format) throws IOException {
        assertThat(format("model.zip", zip(entries.split(" "), 10))).isEqualTo(format);
        assertThat(format("model.zip", zip(entries.split(" "), 300_000))).isEqualTo(format);
    }

    @Test
    void aZipWithALargeDirectoryIsKnownByItsFirstEntry() throws IOException {
        List<String> names = new ArrayList<>(List.of("archive/data.pkl"));
        for (int i = 0; i < 3_000; i++) {
            names.add("archive/data/" + i);
        }

        assertThat(format("model.bin", zip(names.toArray(String[]::new), 1))).isEqualTo("pytorch");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.safetensors",
                "model.onnx",
                "model.gguf",
                "model.json",
                "data.csv",
                "notes.txt",
                "a.npy",
                "b"
            })
    void aFileThatCarriesCodeIsNeverTakenForWhatItsNamePromises(String name) throws IOException {
        ByteArrayOutputStream serialized = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(serialized)) {
            out.writeObject("model");
        }

        assertThat(format(name, PICKLE)).isEqualTo("pickle");
        assertThat(format(name, latin("cos\nsystem\n(S'echo harm'\ntR."))).isEqualTo("pickle");
        assertThat(format(name, latin("(dp0\nS'a'\np1\nI1\ns."))).isEqualTo("pickle");
        assertThat(format(
                        name, latin("\u0093NUMPY\u0001\0v\0{'descr': '|O', 'fortran_order': False, 'shape': (3,), }")))
                .isEqualTo("pickle");
        assertThat(format(name, serialized.toByteArray())).isEqualTo("java-serialised");
        assertThat(format(name, zip(new String[] {"archive/data.pkl"}, 10))).isEqualTo("pytorch");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.safetensors", "model.onnx", "model.gguf", "model.pkl", "model.h5", "model.tflite", "model.npy",
                "saved_model.pb", "model.keras", "model.mlmodel", "model.joblib", "model.json", "data.csv", "notes.txt"
            })
    void aNameThatPromisesWhatIsNotThereIsUnknown(String name) {
        assertThat(format(name, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})).isEqualTo("unknown");
        assertThat(format(name, latin("#!/bin/sh\nrm -rf /\n"))).isEqualTo("unknown");
    }

    @Test
    void aHeaderThatClaimsMoreThanTheFileHasIsNotSafetensors() {
        assertThat(format("model.safetensors", latin("\u00ff\0\0\0\0\0\0\0{\"a\":1}")))
                .isEqualTo("unknown");
        assertThat(format("model.safetensors", latin("\u0010\0\0\0\0\0\0\u0080{\"a\":1}")))
                .isEqualTo("unknown");
    }

    @Test
    void theArtifactHasTheFormatOfItsLargestModel() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(new byte[10_000_000]);
        }

        assertThat(formatOfAll(Registration.empty()
                        .file("a.pkl", PICKLE)
                        .file("model.safetensors", SAFETENSORS)
                        .file("data.csv", latin("a,b\n".repeat(1_000)))
                        .file("data.gz", zipped.toByteArray())))
                .isEqualTo("safetensors");
    }

    @Test
    void theArtifactHasTheFormatOfItsOnlyFile() {
        assertThat(formatOfAll(Registration.empty().file("rows.csv", latin("a,b\n"))))
                .isEqualTo("csv");
    }

    @Test
    void manyFilesNoneOfWhichIsAModelAreUnknown() {
        assertThat(formatOfAll(
                        Registration.empty().file("rows.csv", latin("a,b\n")).file("config.json", latin("{}"))))
                .isEqualTo(ArtifactFormat.UNKNOWN.id());
    }

    private static String format(String name, byte[] content) {
        return formatOfAll(Registration.empty().file(name, content));
    }

    private static String formatOfAll(Registration registration) {
        return new Preparation(new Parallel(new ManualHost()))
                .prepare(registration)
                .artifact()
                .format()
                .id();
    }

    private static byte[] zip(String[] names, int sizeBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(0);
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(new byte[sizeBytes]);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static Sample sample(String name, String latin, String format) {
        return new Sample(name, latin(latin), format);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
