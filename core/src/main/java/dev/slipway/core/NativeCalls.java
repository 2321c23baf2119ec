package dev.slipway.core;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Calls of C functions, all of whose arguments are 64 bits wide: a pointer is its address and an {@code int} or an enum is
 * widened, which the four calling conventions in question (System V, Windows x64, AArch64, Apple's AArch64) read alike
 * up to eight arguments. In each of them the caller clears what it has passed and a function looks at no more than it
 * takes, so that two shapes do for all: each takes a noticeable part of a start. So no call makes an object or checks a
 * scope; whoever calls keeps the memory alive.
 */
public final class NativeCalls {

    private static final MethodHandle FOUR = handle(4);
    private static final MethodHandle EIGHT = handle(8);

    private NativeCalls() {}

    private static MethodHandle handle(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments];
        Arrays.fill(layouts, JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, layouts));
    }

    public static long call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b) {
        return call(function, a, b, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0);
    }

    /** Calls a function of up to four arguments; what one that returns nothing is said to return means nothing. */
    public static long call(MemorySegment function, long a, long b, long c, long d) {
        try {
            return (long) FOUR.invokeExact(function, a, b, c, d);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static long call(MemorySegment function, long a, long b, long c, long d, long e) {
        return call(function, a, b, c, d, e, 0, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        return call(function, a, b, c, d, e, f, g, 0);
    }

    /** Calls a function of up to eight arguments. */
    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
        try {
            return (long) EIGHT.invokeExact(function, a, b, c, d, e, f, g, h);
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
