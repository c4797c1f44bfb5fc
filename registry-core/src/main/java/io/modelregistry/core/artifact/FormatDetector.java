package io.modelregistry.core.artifact;

import io.modelregistry.version.ArtifactFormat;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a file's format by its content first and its extension second. What the content says wins; an extension is
 * believed only where the format has no mark of its own. So a pickle named {@code weights.safetensors} is a pickle, and
 * a file named so that is neither is unknown.
 */
final class FormatDetector {
    /** How much of a file's beginning is looked at. */
    static final int HEAD_BYTES = 8 * 1024;

    /** The field tags that can follow {@code ir_version} in an ONNX model, domain and graph among them. */
    private static final Set<Integer> AFTER_IR_VERSION = Set.of(0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42);

    /** Opcodes that a pickle of protocol 2 or later can begin with after its version. */
    private static final String PICKLE_OPCODES = "\u0095\u008a\u008b\u0088\u0089\u008c\u008f})](cNKMJGXUBCTIVq";

    /** How a pickle of protocol 0, which is text, begins: with a container, or with the name of what it calls. */
    private static final Pattern TEXT_PICKLE =
            Pattern.compile("\\(?[dl]p[01]\n|[(\\]}]{0,2}c[\\w.]+\n[\\w.]+\n[(pq)].*", Pattern.DOTALL);

    private static final Pattern OBJECT_TYPE = Pattern.compile("O\\d*'");
    private static final Pattern XGBOOST = Pattern.compile("\\{\\s*\"learner\"\\s*:");

    private static final Map<String, String> MAGIC_NUMBERS = Map.of(
            "GGUF", "gguf",
            "CBM1", "catboost",
            "tree\nversion=", "lightgbm",
            "binf", "xgboost-legacy",
            "\u0089HDF\r\n\u001a\n", "hdf5",
            "\u00ac\u00ed\u0000\u0005", "java-serialised",
            "\u001f\u008b", "gzip");

    private static final Set<String> MODELS = Set.of(
            "gguf",
            "safetensors",
            "onnx",
            "hdf5",
            "keras",
            "tflite",
            "pickle",
            "joblib",
            "java-serialised",
            "pytorch",
            "torchscript",
            "xgboost-json",
            "xgboost-ubj",
            "xgboost-legacy",
            "lightgbm",
            "catboost",
            "tensorflow-saved-model",
            "coreml",
            "pmml",
            "tribuo");

    private FormatDetector() {}

    /** Whether files of this format are models, rather than data or containers of anything. */
    static boolean isModel(ArtifactFormat format) {
        return MODELS.contains(format.id());
    }

    static ArtifactFormat detect(FileSample sample) throws IOException {
        String format = byMagicNumber(sample);
        if (format == null) {
            format = byStructure(sample);
        }
        if (format == null) {
            format = byExtension(sample);
        }
        return format == null ? ArtifactFormat.UNKNOWN : ArtifactFormat.of(format);
    }

    private static @Nullable String byMagicNumber(FileSample sample) throws IOException {
        for (Map.Entry<String, String> magic : MAGIC_NUMBERS.entrySet()) {
            if (sample.has(0, magic.getKey())) {
                return refined(magic.getValue(), sample);
            }
        }
        if (sample.has(4, "TFL3")) {
            return "tflite";
        }
        if (sample.has(0, "\u0093NUMPY")) {
            return holdsObjects(sample) ? "pickle" : "npy";
        }
        if (sample.has(0, "PK\u0003\u0004")) {
            return zip(sample);
        }
        return null;
    }

    private static String refined(String format, FileSample sample) {
        return switch (format) {
            case "hdf5" -> sample.extension().equals("keras") ? "keras" : "hdf5";
            case "gzip" -> sample.extension().equals("joblib") ? "joblib" : "gzip";
            default -> format;
        };
    }

    /** An array of Python objects is a pickle with a header before it. */
    private static boolean holdsObjects(FileSample sample) {
        String header = sample.latin(512);
        int type = header.indexOf("'descr'");
        int end = header.indexOf("'fortran_order'");
        return type < 0
                || OBJECT_TYPE
                        .matcher(header.substring(type, end > type ? end : header.length()))
                        .find();
    }

    private static String zip(FileSample sample) throws IOException {
        List<String> names = ZipNames.in(sample, sample.tail());
        boolean pickled = names.stream().anyMatch(name -> name.endsWith("data.pkl"));
        if (pickled || names.stream().anyMatch(name -> name.endsWith("/constants.pkl"))) {
            return names.stream().anyMatch(name -> name.contains("/code/") || name.endsWith("/constants.pkl"))
                    ? "torchscript"
                    : "pytorch";
        }
        if (names.contains("model.weights.h5") && names.contains("config.json")) {
            return "keras";
        }
        boolean arrays = !names.isEmpty() && names.stream().allMatch(name -> name.endsWith(".npy"));
        return arrays ? "npz" : "zip";
    }

    private static @Nullable String byStructure(FileSample sample) {
        if (isPickle(sample)) {
            boolean legacyTorch = sample.has(2, 0x8a, 0x0a, 'l', 0xfc, 0x9c, 'F', 0xf9, ' ', 'j', 0xa8, 'P', 0x19);
            return legacyTorch ? "pytorch" : sample.latin(512).contains("joblib") ? "joblib" : "pickle";
        }
        if (isSafetensors(sample)) {
            return "safetensors";
        }
        if (sample.at(0) == '{') {
            String start = sample.latin(64);
            if (XGBOOST.matcher(start).lookingAt()) {
                return "xgboost-json";
            }
            return start.indexOf("learner") > 0 && start.indexOf("learner") <= 10 && !sample.isText()
                    ? "xgboost-ubj"
                    : null;
        }
        boolean protobuf = sample.at(0) == 0x12 || sample.at(0) == 0x08;
        if (protobuf && sample.latin(64).contains("org.tribuo.")) {
            return "tribuo";
        }
        boolean xml = sample.latin(HEAD_BYTES).stripLeading().startsWith("<");
        return xml && sample.isText() && sample.latin(HEAD_BYTES).contains("<PMML") ? "pmml" : null;
    }

    private static boolean isPickle(FileSample sample) {
        boolean binary = sample.at(0) == 0x80
                && sample.at(1) >= 2
                && sample.at(1) <= 5
                && sample.at(2) >= 0
                && PICKLE_OPCODES.indexOf(sample.at(2)) >= 0;
        return binary || TEXT_PICKLE.matcher(sample.latin(512)).lookingAt();
    }

    /** Eight bytes of length, little-endian, then a JSON object of that length. */
    private static boolean isSafetensors(FileSample sample) {
        long length = 0;
        for (int i = 7; i >= 0; i--) {
            length = (length << 8) | sample.at(i);
        }
        return sample.at(8) == '{' && length >= 2 && length <= sample.size() - 8;
    }

    /** For formats without a mark: the name, and a content that could be it. */
    private static @Nullable String byExtension(FileSample sample) {
        if (sample.name().equals("saved_model.pb")) {
            return sample.has(0, 0x08, 0x01, 0x12) ? "tensorflow-saved-model" : null;
        }
        boolean smallVersion = sample.at(0) == 0x08 && sample.at(1) >= 1 && sample.at(1) <= 50;
        boolean zlib = sample.at(0) == 0x78;
        return switch (sample.extension()) {
            case "onnx" -> smallVersion && AFTER_IR_VERSION.contains(sample.at(2)) ? "onnx" : null;
            case "mlmodel" -> smallVersion && sample.at(2) == 0x12 ? "coreml" : null;
            case "joblib" -> zlib ? "joblib" : null;
            case "json" -> isJson(sample) ? "json" : null;
            case "csv", "tsv" -> sample.isText() ? "csv" : null;
            case "txt", "md" -> sample.isText() ? "text" : null;
            default -> null;
        };
    }

    private static boolean isJson(FileSample sample) {
        String start = sample.latin(HEAD_BYTES).strip().toLowerCase(Locale.ROOT);
        return sample.isText() && (start.startsWith("{") || start.startsWith("["));
    }
}
