package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest as it is stored, on one line, the files in the order of their paths:
 * {@code {"format":1,"files":[{"path":"…","sizeBytes":…,"sha256":"…"},…]}}. Equal lists give equal bytes, so that the
 * digest of the manifest names the artifact.
 */
final class ManifestCodec {
    private static final int FORMAT = 1;
    private static final String PATH = "path";
    private static final String SIZE = "sizeBytes";
    private static final String DIGEST = "sha256";

    /** More than a file takes: a path of 1,024 bytes, a size, a digest and the names. */
    private static final long MOST_BYTES_PER_FILE = 2_048;

    private ManifestCodec() {}

    /** A manifest of so many files is shorter than this, and shorter than an array can be. */
    static int limitBytes(long fileCount) {
        long most = (Integer.MAX_VALUE - MOST_BYTES_PER_FILE) / MOST_BYTES_PER_FILE;
        return (int) (MOST_BYTES_PER_FILE * (1 + Math.max(0, Math.min(fileCount, most - 1))));
    }

    /**
     * Written file by file: with 100,000 files a tree of JSON values would take more memory than the list and the text
     * together.
     */
    static byte[] encode(List<ArtifactFile> files) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(ascii("{\"format\":" + FORMAT + ",\"files\":["));
        String separator = "";
        for (ArtifactFile file : files) {
            text.writeBytes(ascii(separator));
            text.writeBytes(JsonFormat.write(Json.object()
                    .put(PATH, file.path().value())
                    .put(SIZE, file.sizeBytes())
                    .put(DIGEST, file.digest().hex())
                    .build()));
            separator = ",";
        }
        text.writeBytes(ascii("]}"));
        return text.toByteArray();
    }

    /**
     * Reads a manifest whose digest has been checked. Trusts nothing in it all the same: whoever may register may have
     * written it.
     *
     * @throws MalformedException when it is none
     */
    static List<ArtifactFile> decode(byte[] content) {
        Fields manifest = Fields.of(JsonFormat.readObject(content));
        long format = manifest.number("format");
        if (format > FORMAT) {
            throw new UpgradeRequiredException("A manifest has format " + format + ", and this release reads format "
                    + FORMAT + ". Upgrade this library");
        }
        if (format < 1) {
            throw manifest.wrong("format", "a format");
        }
        List<ArtifactFile> files = manifest.objects("files", ManifestCodec::file);
        if (files.isEmpty()) {
            throw new MalformedException("it lists no files");
        }
        for (int i = 1; i < files.size(); i++) {
            if (files.get(i - 1).path().compareTo(files.get(i).path()) >= 0) {
                throw new MalformedException("files are not in the order of their paths, each once: "
                        + files.get(i - 1).path() + " stands before "
                        + files.get(i).path());
            }
        }
        checkTogether(files);
        checkSizes(files);
        return files;
    }

    private static void checkSizes(List<ArtifactFile> files) {
        Map<Digest, Long> sizes = new HashMap<>();
        for (ArtifactFile file : files) {
            Long other = sizes.putIfAbsent(file.digest(), file.sizeBytes());
            if (other != null && other != file.sizeBytes()) {
                throw new MalformedException(
                        "the same content has " + other + " bytes and, as " + file.path() + ", " + file.sizeBytes());
            }
        }
    }

    private static void checkTogether(List<ArtifactFile> files) {
        try {
            ArtifactPath.checkTogether(files.stream().map(ArtifactFile::path).toList());
        } catch (InvalidRequestException e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ArtifactFile file(Fields fields) {
        long size = fields.number(SIZE);
        if (size < 0) {
            throw fields.wrong(SIZE, "a size");
        }
        try {
            return new ArtifactFile(ArtifactPath.of(fields.text(PATH)), size, new Digest(fields.text(DIGEST)));
        } catch (InvalidRequestException e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
