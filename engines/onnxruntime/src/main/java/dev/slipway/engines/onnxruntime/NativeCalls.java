package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Calls of C functions by their number of arguments, all of them 64 bits wide: a pointer is its address and an
 * {@code int} or an enum is widened, which the four calling conventions in question (System V, Windows x64, AArch64,
 * Apple's AArch64) read alike up to eight arguments. So no call makes an object or checks a scope; whoever calls keeps
 * the memory alive.
 */
final class NativeCalls {

    private static final MethodHandle RELEASE =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle CALL_1 = handle(1);
    private static final MethodHandle CALL_2 = handle(2);
    private static final MethodHandle CALL_3 = handle(3);
    private static final MethodHandle CALL_4 = handle(4);
    private static final MethodHandle CALL_5 = handle(5);
    private static final MethodHandle CALL_7 = handle(7);
    private static final MethodHandle CALL_8 = handle(8);

    private NativeCalls() {}

    private static MethodHandle handle(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments];
        Arrays.fill(layouts, JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, layouts));
    }

    static void release(MemorySegment function, long a) {
        try {
            RELEASE.invokeExact(function, a);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long call(MemorySegment function, long a) {
        try {
            return (long) CALL_1.invokeExact(function, a);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long call(MemorySegment function, long a, long b) {
        try {
            return (long) CALL_2.invokeExact(function, a, b);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long call(MemorySegment function, long a, long b, long c) {
        try {
            return (long) CALL_3.invokeExact(function, a, b, c);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long call(MemorySegment function, long a, long b, long c, long d) {
        try {
            return (long) CALL_4.invokeExact(function, a, b, c, d);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long call(MemorySegment function, long a, long b, long c, long d, long e) {
        try {
            return (long) CALL_5.invokeExact(function, a, b, c, d, e);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) CALL_7.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
        try {
            return (long) CALL_8.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    private static RuntimeException unexpected(Throwable error) {
        if (error instanceof Error fatal) {
            throw fatal;
        }
        return error instanceof RuntimeException runtime ? runtime : new IllegalStateException(error);
    }
}
