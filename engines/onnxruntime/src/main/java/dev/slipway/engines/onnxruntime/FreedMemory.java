package dev.slipway.engines.onnxruntime;

import dev.slipway.core.NativeCalls;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What the C library still holds of freed memory, after a model was read or has gone; glibc is asked to give it back. */
final class FreedMemory {

    private final Optional<MemorySegment> trim =
            Linker.nativeLinker().defaultLookup().find("malloc_trim");

    void giveBack() {
        trim.ifPresent(function -> NativeCalls.call(function, 0));
    }
}
