package io.modelregistry.webhooks;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.audit.Position;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.SelfVerifying;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far one webhook has been told what happened in one registry, in a file that is replaced as a whole. Thread-safe; written under its lock only. */
final class PositionFile {
    private static final String WEBHOOK = "webhook";
    private static final String POSITION = "position";

    private final String name;
    private final Path file;
    private final Path temp;
    private final ProcessLock lock;

    private PositionFile(Path folder, String name) {
        this.name = name;
        this.file = folder.resolve(name + ".position");
        this.temp = folder.resolve(name + ".partial");
        this.lock = new ProcessLock(folder.resolve(name + ".lock"));
    }

    /** The endpoint isn't in the name, because it can be a secret, and the registry is, so that several may share a folder. */
    static PositionFile of(Path folder, String registry, Webhook webhook) throws IOException {
        byte[] of = (registry + "\n" + webhook.endpoint()).getBytes(StandardCharsets.UTF_8);
        return new PositionFile(
                Files.createDirectories(folder).toRealPath(),
                Digest.of(of).hex().substring(0, 32));
    }

    Path path() {
        return file;
    }

    /** Returns false, and does nothing, when another publisher of this machine has the webhook. */
    boolean tryHold(ProcessLock.Work work) throws IOException {
        return lock.tryHold(work);
    }

    /**
     * Empty when there is none.
     *
     * @throws InvalidRequestException when it holds anything but what {@link #write} wrote
     */
    Optional<Position> read() throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            Fields fields = Fields.of(JsonFormat.readObject(SelfVerifying.open(content)));
            if (!fields.text(WEBHOOK).equals(name)) {
                throw refused("it is of another webhook or registry", null);
            }
            return Optional.of(Position.parse(fields.text(POSITION)));
        } catch (MalformedException e) {
            throw refused("it isn't what was written: " + e.getMessage(), e);
        }
    }

    /** Not by a channel: an interrupt would close it half-way. A rename that a power cut undoes costs another delivery, and loses nothing. */
    void write(Position position) throws IOException {
        Json.Obj content = Json.object()
                .put(WEBHOOK, name)
                .put(POSITION, position.toString())
                .build();
        try (FileOutputStream out = new FileOutputStream(temp.toFile())) {
            out.write(SelfVerifying.seal(JsonFormat.write(content)));
            out.getFD().sync();
        }
        Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private InvalidRequestException refused(String why, @Nullable Exception cause) {
        return new InvalidRequestException(
                "The webhook's position " + file + " can't be used: " + why
                        + ". Put a copy of it back, or delete it while no publisher runs: the webhook then begins at the present, and"
                        + " what happened since it was last told isn't sent",
                cause);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
