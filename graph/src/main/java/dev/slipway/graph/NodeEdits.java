package dev.slipway.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes of some nodes of a model file: others before them, and other values as inputs. Everything else, weights
 * above all, stays as it is, byte for byte.
 */
final class NodeEdits {

    /**
     * What happens to one node.
     *
     * @param before messages of nodes that come before it
     * @param inputs the inputs that change, with the value that each takes instead
     */
    record Edit(List<ByteString> before, Map<Integer, String> inputs) {
        public Edit {
            before = List.copyOf(before);
            inputs = Map.copyOf(inputs);
        }
    }

    /** The messages on the way from a model to its nodes, with the fields that lead on. */
    private enum Level {
        MODEL,
        GRAPH,
        FUNCTION,
        NODE,
        ATTRIBUTE;

        @Nullable
        Level below(int field) {
            return switch (this) {
                case MODEL -> field == 7 ? GRAPH : field == 25 ? FUNCTION : null;
                case GRAPH -> field == 1 ? NODE : null;
                case FUNCTION -> field == 7 ? NODE : null;
                case NODE -> field == 5 ? ATTRIBUTE : null;
                case ATTRIBUTE -> field == 6 || field == 11 ? GRAPH : null;
            };
        }
    }

    private static final int NODE_INPUT = 1;

    private final ByteString file;
    private final NavigableMap<Integer, Edit> edits;

    /** @param edits by the position of their nodes */
    private NodeEdits(ByteString file, NavigableMap<Integer, Edit> edits) {
        this.file = file;
        this.edits = edits;
    }

    /** The file's bytes with the changes. */
    static ByteString apply(ByteString file, NavigableMap<Integer, Edit> edits) {
        try {
            return new NodeEdits(file, edits).message(0, file.size(), Level.MODEL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteString message(int start, int end, Level level) throws IOException {
        List<ByteString> pieces = new ArrayList<>();
        CodedInputStream in = file.substring(start, end).newCodedInput();
        int copied = start;
        while (!in.isAtEnd()) {
            int field = start + in.getTotalBytesRead();
            int tag = in.readTag();
            int position = start + in.getTotalBytesRead();
            Level inner = level.below(ProtobufReader.field(tag));
            in.skipField(tag);
            int after = start + in.getTotalBytesRead();
            if (inner != null && !edits.subMap(position, after).isEmpty()) {
                pieces.add(file.substring(copied, field));
                pieces.add(changed(tag, position, after, inner));
                copied = after;
            }
        }
        pieces.add(file.substring(copied, end));
        return ByteString.copyFrom(pieces);
    }

    private ByteString changed(int tag, int position, int end, Level level) throws IOException {
        CodedInputStream length = file.substring(position, end).newCodedInput();
        length.readRawVarint32();
        ByteString content = message(position + length.getTotalBytesRead(), end, level);
        Edit edit = level == Level.NODE ? edits.get(position) : null;
        if (edit == null) {
            return field(tag, content);
        }
        List<ByteString> nodes = new ArrayList<>();
        edit.before().forEach(node -> nodes.add(field(tag, node)));
        nodes.add(field(tag, redirected(content, edit)));
        return ByteString.copyFrom(nodes);
    }

    private static ByteString redirected(ByteString node, Edit edit) throws IOException {
        List<ByteString> pieces = new ArrayList<>();
        CodedInputStream in = node.newCodedInput();
        int copied = 0;
        int inputs = 0;
        while (!in.isAtEnd()) {
            int start = in.getTotalBytesRead();
            int tag = in.readTag();
            in.skipField(tag);
            String value =
                    ProtobufReader.field(tag) == NODE_INPUT ? edit.inputs().get(inputs++) : null;
            if (value != null) {
                pieces.add(node.substring(copied, start));
                pieces.add(field(tag, ByteString.copyFromUtf8(value)));
                copied = in.getTotalBytesRead();
            }
        }
        pieces.add(node.substring(copied));
        return ByteString.copyFrom(pieces);
    }

    private static ByteString field(int tag, ByteString content) {
        ByteString.Output head = ByteString.newOutput(16);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(head);
            out.writeUInt32NoTag(tag);
            out.writeUInt32NoTag(content.size());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return head.toByteString().concat(content);
    }
}
