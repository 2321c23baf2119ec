package dev.slipway.registry;

import dev.slipway.registry.SystemCalls.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files of one folder as a crash may leave them: what was synced is there, and of what was asked for since, nothing,
 * all, all with the last write cut short, or the last alone.
 */
final class CrashedDisk {

    private final String folder;
    private final Map<String, byte[]> synced = new TreeMap<>();
    private final List<Call> since = new ArrayList<>();

    CrashedDisk(Path folder) {
        this.folder = folder.toString();
    }

    void apply(Call call) {
        switch (call.name()) {
            case "pwrite64", "ftruncate", "unlink" -> since.add(call);
            case "fsync", "fdatasync" -> sync(call.file());
            default -> {}
        }
    }

    /** Syncs what a file holds, or, for the folder, which names it has. */
    private void sync(String file) {
        for (Call call : List.copyOf(since)) {
            boolean name = call.name().equals("unlink");
            if (name ? file.equals(folder) : file.equals(call.file())) {
                change(synced, call);
                since.remove(call);
            }
        }
    }

    private static void change(Map<String, byte[]> files, Call call) {
        if (call.name().equals("unlink")) {
            files.remove(call.file());
            return;
        }
        byte[] before = files.getOrDefault(call.file(), new byte[0]);
        boolean truncates = call.name().equals("ftruncate");
        int end = Math.toIntExact(call.position() + call.data().remaining());
        byte[] after = Arrays.copyOf(before, truncates ? end : Math.max(before.length, end));
        call.data()
                .duplicate()
                .get(after, Math.toIntExact(call.position()), call.data().remaining());
        files.put(call.file(), after);
    }

    /** The states that a crash at this moment may leave, by the content of each file. */
    Set<Map<String, ByteBuffer>> states() {
        Set<Map<String, ByteBuffer>> states = new LinkedHashSet<>();
        states.add(state(List.of()));
        states.add(state(since));
        if (!since.isEmpty()) {
            Call last = since.getLast();
            Call torn = new Call(
                    last.name(), last.file(), last.data().slice(0, last.data().remaining() / 2), last.position());
            List<Call> cut = new ArrayList<>(since);
            cut.set(cut.size() - 1, torn);
            states.add(state(cut));
            states.add(state(List.of(last)));
        }
        return states;
    }

    private Map<String, ByteBuffer> state(List<Call> survived) {
        Map<String, byte[]> files = new TreeMap<>(synced);
        survived.forEach(call -> change(files, call));
        Map<String, ByteBuffer> state = new TreeMap<>();
        files.forEach((file, content) -> state.put(Path.of(file).getFileName().toString(), ByteBuffer.wrap(content)));
        return state;
    }

    /** Writes a state into a folder. */
    static void lay(Map<String, ByteBuffer> state, Path into) throws IOException {
        Files.createDirectories(into);
        for (var file : state.entrySet()) {
            Files.write(into.resolve(file.getKey()), file.getValue().array());
        }
    }
}
