package io.modelregistry.store.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The real file system, except that a test makes steps of it fail, before they take effect or after, and sees which were taken.
 * Names of temporary files read {@code TEMP} in the list of steps.
 */
final class FaultyFiles extends ForwardingFiles {

    enum Step {
        FACTS,
        VISIT,
        OPEN,
        CREATE_FILE,
        WRITE,
        SYNC_FILE,
        CREATE_FOLDER,
        OPEN_FOLDER,
        SYNC_FOLDER,
        LINK,
        RENAME,
        DELETE,
        SET_MODE,
        SET_GROUP
    }

    /** What happens at a step instead of, or besides, the step itself. */
    interface Fault {
        void strike(Step step, Path path) throws IOException;
    }

    private record Planned(Fault fault, Predicate<Path> where, boolean after, boolean once) {}

    private final Path root;
    private final Map<Step, Planned> planned = new EnumMap<>(Step.class);
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    FaultyFiles(Path root) {
        this(root, new SystemFiles());
    }

    FaultyFiles(Path root, FileOperations files) {
        super(files);
        this.root = root;
    }

    /** Before the step takes effect, each time. */
    void fail(Step step, Fault fault) {
        plan(step, new Planned(fault, path -> true, false, false));
    }

    /** Before the step takes effect, the next time. */
    void failOnce(Step step, Fault fault) {
        plan(step, new Planned(fault, path -> true, false, true));
    }

    /** Before the step takes effect, each time that it is about such a path. */
    void failWhere(Step step, Predicate<Path> where, Fault fault) {
        plan(step, new Planned(fault, where, false, false));
    }

    /** After the step took effect: the answer is lost, or wrong. */
    void failAfterWhere(Step step, Predicate<Path> where, Fault fault) {
        plan(step, new Planned(fault, where, true, false));
    }

    private synchronized void plan(Step step, Planned fault) {
        planned.put(step, fault);
    }

    synchronized void heal() {
        planned.clear();
        taken.clear();
    }

    List<String> steps() {
        return List.copyOf(taken);
    }

    static Fault error(String reason) {
        return (step, path) -> {
            throw SystemErrors.at(step, path, reason);
        };
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private <T> T step(Step step, Path path, Action<T> action) throws IOException {
        if (step != Step.FACTS) {
            taken.add(step + " " + described(path));
        }
        Planned fault = next(step, path);
        if (fault != null && !fault.after()) {
            fault.fault().strike(step, path);
        }
        T result = action.run();
        if (fault != null && fault.after()) {
            fault.fault().strike(step, path);
        }
        return result;
    }

    private synchronized Planned next(Step step, Path path) {
        Planned fault = planned.get(step);
        if (fault == null || !fault.where().test(path)) {
            return null;
        }
        if (fault.once()) {
            planned.remove(step);
        }
        return fault;
    }

    private String described(Path path) {
        String text = path.startsWith(root) ? root.relativize(path).toString() : path.toString();
        return text.replaceAll("\\.[0-9a-f]{32}\\.tmp", "TEMP");
    }

    @Override
    public FileFacts facts(Path path) throws IOException {
        return step(Step.FACTS, path, () -> super.facts(path));
    }

    @Override
    public boolean visitChildren(Path folder, Visitor visitor) throws IOException {
        return step(Step.VISIT, folder, () -> super.visitChildren(folder, visitor));
    }

    @Override
    public InputStream open(Path file) throws IOException {
        return step(Step.OPEN, file, () -> super.open(file));
    }

    @Override
    public NewFile createFile(Path file) throws IOException {
        NewFile real = step(Step.CREATE_FILE, file, () -> super.createFile(file));
        return new NewFile() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                step(Step.WRITE, file, () -> {
                    real.write(bytes, offset, length);
                    return real;
                });
            }

            @Override
            public void sync() throws IOException {
                step(Step.SYNC_FILE, file, () -> {
                    real.sync();
                    return real;
                });
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        step(Step.CREATE_FOLDER, folder, () -> {
            super.createFolder(folder);
            return folder;
        });
    }

    @Override
    public OpenFolder openFolder(Path folder) throws IOException {
        OpenFolder real = step(Step.OPEN_FOLDER, folder, () -> super.openFolder(folder));
        return new OpenFolder() {
            @Override
            public void sync() throws IOException {
                step(Step.SYNC_FOLDER, folder, () -> {
                    real.sync();
                    return real;
                });
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    @Override
    public void link(Path newName, Path existing) throws IOException {
        step(Step.LINK, newName, () -> {
            super.link(newName, existing);
            return newName;
        });
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step(Step.RENAME, to, () -> {
            super.rename(from, to);
            return to;
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        step(Step.DELETE, path, () -> {
            super.delete(path);
            return path;
        });
    }

    @Override
    public void setMode(Path path, int mode) throws IOException {
        step(Step.SET_MODE, path, () -> {
            super.setMode(path, mode);
            return path;
        });
    }

    @Override
    public void setGroup(Path path, int group) throws IOException {
        step(Step.SET_GROUP, path, () -> {
            super.setGroup(path, group);
            return path;
        });
    }
}
