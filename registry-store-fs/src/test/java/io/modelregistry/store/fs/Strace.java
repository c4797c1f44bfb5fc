package io.modelregistry.store.fs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code strace}, holding on to one thread: writes down its system calls on files and makes one of them go wrong. It counts each kind
 * of call by itself, and only from when it is attached, so "the third fsync" means that of the work under test.
 */
final class Strace implements AutoCloseable {

    /** Calls that change what is stored, or open it. What an architecture doesn't have is skipped. */
    static final String CHANGING =
            "?open,openat,write,?pwrite64,?writev,fsync,?fdatasync,?link,linkat,?unlink,unlinkat,"
                    + "?rename,?renameat,?renameat2,?mkdir,mkdirat,?rmdir,?chmod,fchmodat,?ftruncate,?sendfile,?copy_file_range";

    /** Calls that look. Not {@code close}: Linux fails none of a file that wasn't written to, and the JDK isn't prepared for it. */
    static final String LOOKING = "read,?stat,?lstat,?newfstatat,?statx,getdents64";

    private static final Pattern CALL = Pattern.compile("^(\\w+)\\(");

    private final Process process;
    private final Path place;

    private Strace(Process process, Path place) {
        this.process = process;
        this.place = place;
    }

    /** Why it can't be used here; empty when it can. */
    static String obstacle() {
        String complaint = Command.complaint("strace", "-e", "trace=none", "true");
        if (!complaint.isEmpty()) {
            return complaint;
        }
        try {
            Path scope = Path.of("/proc/sys/kernel/yama/ptrace_scope");
            boolean root = "root".equals(System.getProperty("user.name"));
            return root
                            || !Files.exists(scope)
                            || Files.readString(scope).strip().equals("0")
                    ? ""
                    : "strace may not attach to a running process: be root, or set kernel.yama.ptrace_scope to 0";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Attaches to a thread that waits for something else than a file, and returns once every further call is traced.
     *
     * @param place the folder that the work under test is about, with the registry and the list of calls in it
     */
    static Strace attach(String thread, Path place, String calls, List<String> injections) {
        List<String> command = new ArrayList<>(
                List.of("strace", "-p", thread, "-y", "-o", log(place).toString(), "-e", "trace=" + calls));
        injections.forEach(injection -> command.addAll(List.of("-e", "inject=" + injection)));
        try {
            Process process = new ProcessBuilder(command).start();
            BufferedReader messages = process.errorReader(StandardCharsets.UTF_8);
            String said = messages.readLine();
            if (said == null || !said.contains("attached")) {
                throw new IllegalStateException("strace did not attach: " + said);
            }
            return new Strace(process, place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path log(Path place) {
        return place.resolve("calls");
    }

    /** Lets go of the thread, if that still lives. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    /**
     * One system call.
     *
     * @param number how many of this name there were, this one included
     * @param changes whether it changes what is stored, rather than to look, to open or to flush
     */
    record Call(String name, int number, boolean changes) {
        @Override
        public String toString() {
            return name + " " + number;
        }
    }

    /** The calls on files of the place, and the words to whoever started the process, in their order. Not the JVM's own. */
    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : lines()) {
            Matcher call = CALL.matcher(line);
            if (call.find()) {
                String name = call.group(1);
                boolean changes = name.startsWith("open")
                        ? line.contains("O_CREAT")
                        : !name.matches(".*sync|read|.*stat.*|getdents64");
                int number = numbers.merge(name, 1, Integer::sum);
                if (line.contains(place.toString()) || line.contains("<pipe:")) {
                    calls.add(new Call(name, number, changes));
                }
            }
        }
        return calls;
    }

    /** The calls that were made to fail. */
    List<String> injected() {
        return lines().stream().filter(line -> line.contains("(INJECTED)")).toList();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log(place), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
