package dev.slipway.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A model file as whoever runs it is to take it. */
public final class RuntimeModel {

    private final Path file;
    private final List<String> rowMixing;
    private final boolean steady;
    private final NavigableMap<Integer, NodeEdits.Edit> edits;

    RuntimeModel(Path file, OnnxModel model) {
        this.file = file;
        this.rowMixing = new RowMixing(model).reasons();
        this.steady = new Steadiness(model).holds();
        this.edits = new TreeMap<>(SafeDivision.of(model));
        edits.putAll(SafeInputs.of(model));
    }

    /** Operators present that may let rows of a batch influence each other, each with why. */
    public List<String> rowMixing() {
        return rowMixing;
    }

    /** Whether the shapes of the inputs alone say how much work a run is. */
    public boolean steady() {
        return steady;
    }

    /**
     * The model in other words, that give the same answers without ending the process; empty when the file itself is
     * safe, as most are. Weights in files of their own are still looked for beside the file.
     *
     * @param arena where the bytes live
     */
    public Optional<MemorySegment> rewritten(Arena arena) {
        if (edits.isEmpty()) {
            return Optional.empty();
        }
        try (Arena mapping = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapping);
            ByteString changed = NodeEdits.apply(UnsafeByteOperations.unsafeWrap(whole.asByteBuffer()), edits);
            MemorySegment bytes = arena.allocate(changed.size());
            changed.copyTo(bytes.asByteBuffer());
            return Optional.of(bytes);
        } catch (IOException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("model '" + file.getFileName() + "' cannot be read: " + e.getMessage()),
                    e);
        }
    }
}
