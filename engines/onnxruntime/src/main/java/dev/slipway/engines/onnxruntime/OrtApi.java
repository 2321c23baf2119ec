package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.NativeCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** ONNX Runtime's table of functions, with every status checked. Pointers are addresses; 0 is null. */
final class OrtApi {

    /** The version of the API asked for, that of ONNX Runtime 1.28; any later runtime offers it. */
    private static final int API_VERSION = 28;

    private final MemorySegment[] functions;
    private final String version;

    OrtApi(SymbolLookup library) {
        MemorySegment getApiBase = library.findOrThrow("OrtGetApiBase");
        MemorySegment base = pointerTo(NativeCalls.call(getApiBase, 0), 2 * ADDRESS.byteSize());
        long table = NativeCalls.call(base.get(ADDRESS, 0), API_VERSION);
        if (table == 0) {
            throw new IllegalStateException("the library does not offer version " + API_VERSION + " of its API");
        }
        MemorySegment entries = pointerTo(table, ADDRESS.byteSize() * OrtFunction.PLACES);
        this.functions = new MemorySegment[OrtFunction.PLACES];
        for (OrtFunction function : OrtFunction.values()) {
            functions[function.index()] = entries.getAtIndex(ADDRESS, function.index());
        }
        this.version = text(NativeCalls.call(base.get(ADDRESS, ADDRESS.byteSize()), 0));
    }

    String version() {
        return version;
    }

    void release(OrtFunction function, long handle) {
        if (handle != 0) {
            NativeCalls.call(address(function), handle);
        }
    }

    void call(OrtFunction function, long a) {
        check(NativeCalls.call(address(function), a));
    }

    void call(OrtFunction function, long a, long b) {
        check(NativeCalls.call(address(function), a, b));
    }

    void call(OrtFunction function, long a, long b, long c) {
        check(NativeCalls.call(address(function), a, b, c));
    }

    void call(OrtFunction function, long a, long b, long c, long d) {
        check(NativeCalls.call(address(function), a, b, c, d));
    }

    void call(OrtFunction function, long a, long b, long c, long d, long e) {
        check(NativeCalls.call(address(function), a, b, c, d, e));
    }

    void call(OrtFunction function, long a, long b, long c, long d, long e, long f, long g) {
        check(NativeCalls.call(address(function), a, b, c, d, e, f, g));
    }

    void call(OrtFunction function, long a, long b, long c, long d, long e, long f, long g, long h) {
        check(NativeCalls.call(address(function), a, b, c, d, e, f, g, h));
    }

    /** The answer of one of the few functions that give a truth value instead of a status. */
    boolean ask(OrtFunction function, long a) {
        return (NativeCalls.call(address(function), a) & 0xff) != 0;
    }

    /** The answer of one of the few functions that give a pointer, which may be null, instead of a status. */
    long find(OrtFunction function, long a, long b) {
        return NativeCalls.call(address(function), a, b);
    }

    private MemorySegment address(OrtFunction function) {
        return functions[function.index()];
    }

    /** @throws OrtException for any status but null, which is OK */
    void check(long status) {
        if (status != 0) {
            throw failed(status);
        }
    }

    private OrtException failed(long status) {
        try {
            int code = (int) NativeCalls.call(address(OrtFunction.GET_ERROR_CODE), status);
            return new OrtException(code, text(NativeCalls.call(address(OrtFunction.GET_ERROR_MESSAGE), status)));
        } finally {
            release(OrtFunction.RELEASE_STATUS, status);
        }
    }

    /** The text at a pointer, up to its zero byte. */
    static String text(long pointer) {
        return pointerTo(pointer, Long.MAX_VALUE).getString(0);
    }

    /** The memory at a pointer. */
    static MemorySegment pointerTo(long pointer, long bytes) {
        return MemorySegment.ofAddress(pointer).reinterpret(bytes);
    }

    /** A native place for results, 8-byte aligned, and what stands in it. */
    static long read(MemorySegment place, long index) {
        return place.getAtIndex(JAVA_LONG, index);
    }
}
