package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a session declares of its inputs, outputs and overridable initialisers. */
final class TypeReader {

    /** One of the three lists that a session keeps, by the functions that read it. */
    enum Side {
        INPUT(
                OrtFunction.SESSION_GET_INPUT_COUNT,
                OrtFunction.SESSION_GET_INPUT_NAME,
                OrtFunction.SESSION_GET_INPUT_TYPE_INFO,
                "input"),
        OUTPUT(
                OrtFunction.SESSION_GET_OUTPUT_COUNT,
                OrtFunction.SESSION_GET_OUTPUT_NAME,
                OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO,
                "output"),
        INITIALIZER(
                OrtFunction.SESSION_GET_OVERRIDABLE_INITIALIZER_COUNT,
                OrtFunction.SESSION_GET_OVERRIDABLE_INITIALIZER_NAME,
                OrtFunction.SESSION_GET_OVERRIDABLE_INITIALIZER_TYPE_INFO,
                "optional input");

        private final OrtFunction count;
        private final OrtFunction name;
        private final OrtFunction typeInfo;
        private final String word;

        Side(OrtFunction count, OrtFunction name, OrtFunction typeInfo, String word) {
            this.count = count;
            this.name = name;
            this.typeInfo = typeInfo;
            this.word = word;
        }
    }

    private static final int TENSOR = 1;
    private static final int SEQUENCE = 2;
    private static final int MAP = 3;
    private static final List<String> FORMS =
            List.of("unknown", "tensor", "sequence", "map", "opaque", "sparse tensor", "optional");

    private final OrtEnvironment environment;
    private final OrtApi api;
    private final long session;
    private final MemorySegment out;

    /** @param arena where its results are put while it reads */
    TypeReader(OrtEnvironment environment, long session, Arena arena) {
        this.environment = environment;
        this.api = environment.api();
        this.session = session;
        this.out = arena.allocate(JAVA_LONG);
    }

    /** @throws FailureException {@code Unsupported} for a value that cannot be carried, naming it and its type */
    List<DeclaredValue> read(Side side) {
        long count = get(side.count, session);
        List<DeclaredValue> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            api.call(side.name, session, i, environment.allocator(), out.address());
            long pointer = OrtApi.read(out, 0);
            String name = OrtApi.text(pointer);
            api.call(OrtFunction.ALLOCATOR_FREE, environment.allocator(), pointer);
            api.call(side.typeInfo, session, i, out.address());
            long typeInfo = OrtApi.read(out, 0);
            try {
                values.add(value(side, name, typeInfo));
            } finally {
                api.release(OrtFunction.RELEASE_TYPE_INFO, typeInfo);
            }
        }
        return values;
    }

    private DeclaredValue value(Side side, String name, long typeInfo) {
        int type = onnxType(typeInfo);
        if (type == TENSOR) {
            return tensor(side, name, typeInfo, DeclaredValue.Form.TENSOR);
        }
        if (side == Side.OUTPUT && type == MAP) {
            return map(side, name, typeInfo, DeclaredValue.Form.MAP);
        }
        if (side == Side.OUTPUT && type == SEQUENCE) {
            long sequence = get(OrtFunction.CAST_TYPE_INFO_TO_SEQUENCE_TYPE_INFO, typeInfo);
            long element = get(OrtFunction.GET_SEQUENCE_ELEMENT_TYPE, sequence);
            try {
                return switch (onnxType(element)) {
                    case TENSOR -> tensor(side, name, element, DeclaredValue.Form.TENSORS);
                    case MAP -> map(side, name, element, DeclaredValue.Form.MAPS);
                    default -> throw unsupported(side, name, "a sequence of " + form(onnxType(element)) + " values");
                };
            } finally {
                api.release(OrtFunction.RELEASE_TYPE_INFO, element);
            }
        }
        throw unsupported(side, name, "of type " + form(type));
    }

    private DeclaredValue tensor(Side side, String name, long typeInfo, DeclaredValue.Form form) {
        long info = get(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, typeInfo);
        return new DeclaredValue(name, form, elementType(side, name, info), shape(info), null);
    }

    private DeclaredValue map(Side side, String name, long typeInfo, DeclaredValue.Form form) {
        long map = get(OrtFunction.CAST_TYPE_INFO_TO_MAP_TYPE_INFO, typeInfo);
        DataType keys = dataType(side, name, (int) get(OrtFunction.GET_MAP_KEY_TYPE, map));
        long value = get(OrtFunction.GET_MAP_VALUE_TYPE, map);
        try {
            if (onnxType(value) != TENSOR) {
                throw unsupported(side, name, "a map to " + form(onnxType(value)) + " values");
            }
            long info = get(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, value);
            return new DeclaredValue(
                    name, form, elementType(side, name, info), DeclaredShape.of(new Dimension[0]), keys);
        } finally {
            api.release(OrtFunction.RELEASE_TYPE_INFO, value);
        }
    }

    private DeclaredShape shape(long info) {
        if (!api.ask(OrtFunction.TENSOR_TYPE_AND_SHAPE_HAS_SHAPE, info)) {
            return DeclaredShape.ANY;
        }
        long rank = get(OrtFunction.GET_DIMENSIONS_COUNT, info);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocate(JAVA_LONG, Math.max(1, rank));
            MemorySegment names = arena.allocate(JAVA_LONG, Math.max(1, rank));
            api.call(OrtFunction.GET_DIMENSIONS, info, sizes.address(), rank);
            api.call(OrtFunction.GET_SYMBOLIC_DIMENSIONS, info, names.address(), rank);
            List<Dimension> dims = new ArrayList<>();
            for (long i = 0; i < rank; i++) {
                long size = OrtApi.read(sizes, i);
                dims.add(size >= 0 ? Dimension.of(size) : Dimension.of(OrtApi.text(OrtApi.read(names, i))));
            }
            return new DeclaredShape(true, dims);
        }
    }

    private DataType elementType(Side side, String name, long info) {
        return dataType(side, name, (int) get(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info));
    }

    private static DataType dataType(Side side, String name, int elementType) {
        @Nullable DataType type = ElementType.dataType(elementType);
        if (type == null) {
            throw unsupported(side, name, "of " + ElementType.name(elementType) + " elements");
        }
        return type;
    }

    private int onnxType(long typeInfo) {
        return (int) get(OrtFunction.GET_ONNX_TYPE_FROM_TYPE_INFO, typeInfo);
    }

    private long get(OrtFunction function, long handle) {
        out.set(JAVA_LONG, 0, 0);
        api.call(function, handle, out.address());
        return OrtApi.read(out, 0);
    }

    private static String form(int type) {
        return type >= 0 && type < FORMS.size() ? FORMS.get(type) : "type " + type;
    }

    private static FailureException unsupported(Side side, String name, String what) {
        return new FailureException(
                new Failure.Unsupported(side.word + " '" + name + "' is " + what + ", which cannot be served"));
    }
}
