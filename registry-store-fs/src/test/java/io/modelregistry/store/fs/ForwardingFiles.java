package io.modelregistry.store.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Forwards every call; a test overrides the ones it is about. */
class ForwardingFiles implements FileOperations {
    private final FileOperations files;

    ForwardingFiles() {
        this(new SystemFiles());
    }

    ForwardingFiles(FileOperations files) {
        this.files = files;
    }

    @Override
    public FileFacts facts(Path path) throws IOException {
        return files.facts(path);
    }

    @Override
    public boolean visitChildren(Path folder, Visitor visitor) throws IOException {
        return files.visitChildren(folder, visitor);
    }

    @Override
    public InputStream open(Path file) throws IOException {
        return files.open(file);
    }

    @Override
    public NewFile createFile(Path file) throws IOException {
        return files.createFile(file);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        files.createFolder(folder);
    }

    @Override
    public OpenFolder openFolder(Path folder) throws IOException {
        return files.openFolder(folder);
    }

    @Override
    public void link(Path newName, Path existing) throws IOException {
        files.link(newName, existing);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        files.delete(path);
    }

    @Override
    public void setMode(Path path, int mode) throws IOException {
        files.setMode(path, mode);
    }

    @Override
    public void setGroup(Path path, int group) throws IOException {
        files.setGroup(path, group);
    }

    @Override
    public String fileSystemType(Path folder) throws IOException {
        return files.fileSystemType(folder);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return files.usableBytes(folder);
    }
}
