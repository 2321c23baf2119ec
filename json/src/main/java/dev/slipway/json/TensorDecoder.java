package dev.slipway.json;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonFailure.Misfit;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Decodes one array of numbers, booleans or strings, nested or flat, straight into the memory of a tensor. */
final class TensorDecoder {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment text;
    private final long limit;
    private final NumberScanner numbers;
    private final PlainNumbers plain;
    private final StringScanner strings;
    private final Nesting nesting = new Nesting();
    private String what = "";
    private DataType dataType = DataType.BOOL;
    private long least;
    private long most;
    private MemorySegment target = MemorySegment.NULL;
    private MemorySegment index = MemorySegment.NULL;
    private long capacity;
    private long stringBytes;

    TensorDecoder(MemorySegment text, NumberScanner numbers, StringScanner strings) {
        this.text = text;
        this.limit = text.byteSize();
        this.numbers = numbers;
        this.plain = new PlainNumbers(text);
        this.strings = strings;
    }

    /** Reads a value that begins at {@code from} as a tensor of a known shape; {@code depth} arrays are around it. */
    TensorLease decode(long from, int depth, String name, DataType type, Shape shape, TensorPool pool) {
        begin(name, type);
        long mostElements = (limit - from) / 2 + 1;
        if (type == DataType.BYTES || shape.elements() > mostElements) {
            pass(from, depth);
            requireCount(shape);
        }
        TensorLease lease = allocate(shape, pool);
        try {
            fill(from, depth, lease.tensor());
            requireCount(shape);
            requireNesting(shape);
            return lease;
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /** Reads a value that begins at {@code from} as a tensor whose shape its nesting tells. */
    TensorLease decode(long from, int depth, String name, DataType type, TensorPool pool) {
        begin(name, type);
        pass(from, depth);
        if (!nesting.regular()) {
            throw ragged();
        }
        Shape shape = nesting.shape();
        TensorLease lease = allocate(shape, pool);
        try {
            fill(from, depth, lease.tensor());
            return lease;
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /** Where the value last read ends. */
    long end() {
        return end;
    }

    private long end;

    private void begin(String name, DataType type) {
        if (type == DataType.FP16 || type == DataType.BF16) {
            throw JsonFailure.misfit(
                    Misfit.TENSOR_TYPE,
                    Failure.BadInput.of("receiving " + type
                            + " data via JSON is not supported. Please use the binary data format for "
                            + name.replace("'", "")));
        }
        what = name;
        dataType = type;
        least = type.integral() ? type.least() : 0;
        most = type.integral() ? type.most() : 0;
    }

    private TensorLease allocate(Shape shape, TensorPool pool) {
        return dataType == DataType.BYTES ? pool.allocateBytes(shape, stringBytes) : pool.allocate(dataType, shape);
    }

    private void pass(long from, int depth) {
        target = MemorySegment.NULL;
        index = MemorySegment.NULL;
        capacity = 0;
        read(from, depth);
    }

    private void fill(long from, int depth, Tensor tensor) {
        target = tensor.data();
        index = tensor.index();
        capacity = tensor.shape().elements();
        read(from, depth);
        if (dataType == DataType.BYTES) {
            index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, capacity, stringBytes);
        }
    }

    private void requireCount(Shape shape) {
        if (nesting.elements() != shape.elements()) {
            throw fault(
                    Misfit.TENSOR_COUNT,
                    what + ": " + nesting.elements() + " values given, shape " + shape + " needs " + shape.elements(),
                    List.of(),
                    shape.elements() + " values for shape " + shape,
                    nesting.elements() + " values");
        }
    }

    private void requireNesting(Shape shape) {
        if (!nesting.regular()) {
            throw ragged();
        }
        if (!nesting.fits(shape)) {
            throw fault(
                    Misfit.TENSOR_NESTING,
                    what + ": values nested as " + nesting.shape() + " given, shape " + shape + " needed",
                    List.of(),
                    "shape " + shape,
                    "values nested as " + nesting.shape());
        }
    }

    private JsonFailure ragged() {
        return fault(
                Misfit.TENSOR_NESTING,
                what + ": its arrays have different lengths; all arrays of one depth must be as long as each other",
                List.of(),
                "arrays of one depth as long as each other",
                "different lengths");
    }

    private void read(long from, int outer) {
        nesting.reset();
        stringBytes = 0;
        long i = from;
        while (true) {
            int c = byteAt(i);
            if (c == '[') {
                if (outer + nesting.depth() == JsonReader.MAX_DEPTH) {
                    throw JsonReader.tooDeep(i);
                }
                nesting.open();
                i = afterSpace(i + 1);
                if (byteAt(i) != ']') {
                    continue;
                }
            } else {
                long after = plain(i);
                i = afterSpace(after > i ? after : element(i, c));
            }
            while (true) {
                if (nesting.depth() == 0) {
                    end = i;
                    return;
                }
                c = byteAt(i);
                if (c == ',') {
                    i = afterSpace(i + 1);
                    break;
                }
                if (c != ']') {
                    throw Malformed.at(text, i, "',' or ']'");
                }
                nesting.close();
                i++;
                if (nesting.depth() > 0) {
                    i = afterSpace(i);
                }
            }
        }
    }

    private int byteAt(long i) {
        return i < limit ? text.get(ValueLayout.JAVA_BYTE, i) : -1;
    }

    private long afterSpace(long from) {
        long i = from;
        while (i < limit) {
            byte c = text.get(ValueLayout.JAVA_BYTE, i);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                break;
            }
            i++;
        }
        return i;
    }

    /** Reads as many of the elements from here on as are plain numbers and have room; none where numbers do not belong. */
    private long plain(long i) {
        if (dataType == DataType.BYTES || dataType == DataType.BOOL || nesting.depth() == 0) {
            return i;
        }
        long at = nesting.elements();
        long after = plain.read(i, dataType, target, at, capacity - at);
        if (after > i) {
            nesting.elements(plain.count());
        }
        return after;
    }

    private long element(long i, int first) {
        long at = nesting.elements();
        nesting.elements(1);
        return switch (dataType) {
            case BYTES -> string(i, first, at);
            case BOOL -> bool(i, first, at);
            case FP32, FP64 -> floating(i, first, at);
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> integer(i, first, at);
            case FP16, BF16 -> throw new IllegalStateException(dataType + " is refused before");
        };
    }

    private long floating(long i, int first, long at) {
        if (first != '-' && (first < '0' || first > '9')) {
            throw wrong(i, at, "a number");
        }
        long after = numbers.scan(i);
        if (dataType == DataType.FP32) {
            float value = numbers.floatValue();
            if (Float.isInfinite(value)) {
                throw wrong(i, at, "a number in the range of FP32");
            }
            if (at < capacity) {
                Elements.set(dataType, target, at, value);
            }
        } else {
            double value = numbers.doubleValue();
            if (Double.isInfinite(value)) {
                throw wrong(i, at, "a number in the range of FP64");
            }
            if (at < capacity) {
                Elements.set(dataType, target, at, value);
            }
        }
        return after;
    }

    private long integer(long i, int first, long at) {
        if (first != '-' && (first < '0' || first > '9')) {
            throw wrong(i, at, "a whole number");
        }
        long after = numbers.scan(i);
        long value;
        if (dataType == DataType.UINT64) {
            if (!numbers.fitsUnsigned()) {
                throw outside(i, at);
            }
            value = numbers.unsignedValue();
        } else {
            value = numbers.longValue();
            if (!numbers.fitsLong() || value < least || value > most) {
                throw outside(i, at);
            }
        }
        if (at < capacity) {
            Elements.setWhole(dataType, target, at, value);
        }
        return after;
    }

    private long bool(long i, int first, long at) {
        boolean value = first == 't';
        if (!value && first != 'f') {
            throw wrong(i, at, "true or false");
        }
        long after = JsonReader.literal(text, i, value ? "true" : "false");
        if (at < capacity) {
            target.set(ValueLayout.JAVA_BYTE, at, (byte) (value ? 1 : 0));
        }
        return after;
    }

    private long string(long i, int first, long at) {
        if (first != '"') {
            throw wrong(i, at, "a string");
        }
        long after = strings.scan(i);
        long bytes = strings.decodedBytes();
        if (at < capacity) {
            index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, at, stringBytes);
            target.set(LENGTH, stringBytes, Math.toIntExact(bytes));
            strings.copy(i, target, stringBytes + 4);
        }
        stringBytes += 4 + bytes;
        return after;
    }

    private JsonFailure outside(long i, long at) {
        String last = dataType == DataType.UINT64 ? Long.toUnsignedString(most) : Long.toString(most);
        return wrong(i, at, "a whole number from " + least + " to " + last);
    }

    private JsonFailure wrong(long i, long at, String expected) {
        String given = new JsonReader(text).reread(i).describe();
        return fault(
                Misfit.TENSOR_ELEMENT,
                what + ": element " + at + " at byte " + i + ": " + expected + " expected, " + given + " given",
                List.of(at),
                expected,
                given);
    }

    /** A failure whose fault has its path within the tensor; a caller puts its own before it. */
    private static JsonFailure fault(Misfit misfit, String detail, List<Object> path, String rule, String given) {
        return JsonFailure.misfit(
                misfit, new Failure.BadInput(detail, false, List.of(new Failure.Fault(path, rule, given))));
    }
}
