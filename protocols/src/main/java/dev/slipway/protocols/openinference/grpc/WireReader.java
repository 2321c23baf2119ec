package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads protobuf's wire format where it lies in native memory; protobuf's own reader copies such memory to the heap
 * first.
 */
final class WireReader {

    private static final ValueLayout.OfInt FIXED32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong FIXED64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int DEEPEST = 100;

    private final MemorySegment bytes;
    private long at;
    private long end;

    WireReader(MemorySegment bytes) {
        this.bytes = bytes;
        this.end = bytes.byteSize();
    }

    /** The next field's tag; 0 where the message ends. */
    int tag() throws IOException {
        if (at == end) {
            return 0;
        }
        int tag = int32();
        if (WireFormat.getTagFieldNumber(tag) == 0) {
            throw broken("a field has no number");
        }
        return tag;
    }

    /** A number of one to ten bytes. */
    long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes.get(ValueLayout.JAVA_BYTE, advance(1));
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken("a number does not end");
    }

    /** A number of which the lower four bytes count. */
    int int32() throws IOException {
        return (int) varint();
    }

    int fixed32() throws IOException {
        return bytes.get(FIXED32, advance(4));
    }

    long fixed64() throws IOException {
        return bytes.get(FIXED64, advance(8));
    }

    /** A string, which must be UTF-8. */
    String string() throws IOException {
        try {
            ByteBuffer text = block().asByteBuffer();
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidProtocolBufferException("a string is not UTF-8", e);
        }
    }

    /** What a length stands before. */
    MemorySegment block() throws IOException {
        long length = length();
        return bytes.asSlice(advance(length), length);
    }

    /** A message within this one; its end stands in for this one's, which is given back for {@link #leave}. */
    long enter() throws IOException {
        long length = length();
        long outer = end;
        end = at + length;
        return outer;
    }

    void leave(long outer) {
        end = outer;
    }

    boolean more() {
        return at < end;
    }

    long position() {
        return at;
    }

    private long length() throws IOException {
        long length = int32();
        if (length < 0) {
            throw broken("a length is negative");
        }
        require(length);
        return length;
    }

    private void require(long count) throws IOException {
        if (count > end - at) {
            throw broken("it ends in the middle of a field");
        }
    }

    private long advance(long count) throws IOException {
        require(count);
        long start = at;
        at += count;
        return start;
    }

    /** Passes over the field of a tag. */
    void skip(int tag) throws IOException {
        skip(tag, 0);
    }

    private void skip(int tag, int depth) throws IOException {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> advance(8);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> advance(length());
            case WireFormat.WIRETYPE_START_GROUP -> group(WireFormat.getTagFieldNumber(tag), depth + 1);
            case WireFormat.WIRETYPE_FIXED32 -> advance(4);
            case WireFormat.WIRETYPE_END_GROUP -> throw broken("a group ends that never began");
            default -> throw broken("a field is of no type");
        }
    }

    private void group(int field, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw broken("groups are too deep");
        }
        int last = field << 3 | WireFormat.WIRETYPE_END_GROUP;
        for (int tag = tag(); tag != last; tag = tag()) {
            if (tag == 0) {
                throw broken("a group does not end");
            }
            skip(tag, depth);
        }
    }

    private static IOException broken(String why) {
        return new InvalidProtocolBufferException(why);
    }
}
