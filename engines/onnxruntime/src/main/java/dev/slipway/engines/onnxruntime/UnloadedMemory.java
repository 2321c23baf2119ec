package dev.slipway.engines.onnxruntime;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What the C library still holds after a model has gone; glibc is asked to give it back to the system. */
final class UnloadedMemory {

    private final Optional<MemorySegment> trim =
            Linker.nativeLinker().defaultLookup().find("malloc_trim");

    void giveBack() {
        trim.ifPresent(function -> NativeCalls.call(function, 0));
    }
}
