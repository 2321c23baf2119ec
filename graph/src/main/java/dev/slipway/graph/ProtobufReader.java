package dev.slipway.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A protobuf file read as a stream. Payloads that nobody asks for are skipped by seeking, nesting is bounded, and what
 * is kept is paid for from a budget, so that the heap needed does not grow with the file.
 */
final class ProtobufReader implements Closeable {

    /** Reads one field of a message, whose tag was taken already. */
    interface Fields {
        void read(int tag) throws IOException;
    }

    static final int MAX_DEPTH = 64;
    private static final int LONGEST_STRING = 16 << 20;

    /** What a message becomes: a record and its lists, empty but for what is charged with what is in them. */
    private static final long RECORD = 160;

    /** A {@link Long} and its places in a list that grows and in the list that is kept. */
    private static final long BOXED = 32;

    /** A {@link String} with its bytes, and its places in lists. */
    private static final long TEXT = 64;

    private final InputStream stream;
    private final CodedInputStream in;
    private final long budget;
    private int depth;
    private long kept;

    /** @param budget the bytes of the heap that what is kept may take */
    ProtobufReader(Path file, long budget) throws IOException {
        this.budget = budget;
        long size = Files.size(file);
        if (size > Integer.MAX_VALUE) {
            throw new InvalidProtocolBufferException("it has " + size
                    + " bytes, a protobuf file ends at 2147483647: export the weights as external data");
        }
        stream = Files.newInputStream(file);
        in = CodedInputStream.newInstance(stream, 1 << 16);
        in.setSizeLimit(Integer.MAX_VALUE);
        in.pushLimit((int) size);
    }

    static int field(int tag) {
        return WireFormat.getTagFieldNumber(tag);
    }

    int position() {
        return in.getTotalBytesRead();
    }

    /** Reads fields until the file or the message around them ends. */
    void fields(Fields fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            fields.read(tag);
        }
        if (!in.isAtEnd()) {
            throw new InvalidProtocolBufferException("a tag is zero");
        }
    }

    void message(int tag, Fields fields) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        if (++depth > MAX_DEPTH) {
            throw new InvalidProtocolBufferException("it nests deeper than " + MAX_DEPTH + " messages");
        }
        keep(RECORD);
        int outer = in.pushLimit(in.readRawVarint32());
        fields(fields);
        in.popLimit(outer);
        depth--;
    }

    long varint(int tag) throws IOException {
        require(tag, WireFormat.WIRETYPE_VARINT);
        return in.readRawVarint64();
    }

    String string(int tag) throws IOException {
        return new String(bytes(tag, LONGEST_STRING).toByteArray(), StandardCharsets.UTF_8);
    }

    /** A length-delimited payload of at most {@code longest} bytes. */
    ByteString bytes(int tag, int longest) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        if (length < 0 || length > longest) {
            throw new InvalidProtocolBufferException(
                    "a string of " + Integer.toUnsignedLong(length) + " bytes is longer than " + longest);
        }
        return ByteString.copyFrom(raw(length));
    }

    /** The length of a payload, and its bytes where they are few enough to keep. */
    record Payload(long length, @Nullable ByteString bytes) {}

    /** A payload, kept when it has at most {@code longest} bytes; else it is skipped. */
    Payload payload(int tag, int longest) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        if (length < 0 || length > longest) {
            in.skipRawBytes(length);
            return new Payload(length, null);
        }
        return new Payload(length, ByteString.copyFrom(raw(length)));
    }

    /** The length of fixed-size numbers, packed or one of them; their bytes when packed and at most {@code longest}. */
    Payload fixed(int tag, int longest) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            return payload(tag, longest);
        }
        skip(tag);
        return new Payload(
                WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED32 ? Integer.BYTES : Long.BYTES, null);
    }

    /** Adds the numbers of a repeated field, packed or not, while {@code into} has fewer than {@code most}; counts all. */
    int integers(int tag, List<Long> into, int most) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
            add(in.readRawVarint64(), into, most);
            return 1;
        }
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int count = 0;
        int outer = in.pushLimit(in.readRawVarint32());
        for (; !in.isAtEnd(); count++) {
            add(in.readRawVarint64(), into, most);
        }
        in.popLimit(outer);
        return count;
    }

    void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that never began");
        }
    }

    private void add(long value, List<Long> into, int most) {
        if (into.size() < most) {
            into.add(boxed(value));
        }
    }

    /** A number on the heap. */
    Long boxed(long value) {
        keep(BOXED);
        return value;
    }

    Float boxed(float value) {
        keep(BOXED);
        return value;
    }

    private byte[] raw(int length) throws IOException {
        if (length > in.getBytesUntilLimit()) {
            throw new InvalidProtocolBufferException("a string ends beyond the message around it");
        }
        keep(TEXT + length);
        return in.readRawBytes(length);
    }

    private void keep(long bytes) {
        kept += bytes;
        if (kept > budget) {
            throw new FailureException(new Failure.TooLarge("its structure, without weights, takes more than "
                    + (budget >> 20) + " MiB, a quarter of the heap: give the process more (-Xmx)"));
        }
    }

    private static void require(int tag, int wireType) throws InvalidProtocolBufferException {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw new InvalidProtocolBufferException("field " + field(tag) + " has the wire type "
                    + WireFormat.getTagWireType(tag) + ", expected " + wireType);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
