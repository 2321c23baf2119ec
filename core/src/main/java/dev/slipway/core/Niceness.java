package dev.slipway.core;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * How far a thread stands back where cores are scarce. On Linux each thread has a niceness of its own, which counts among
 * the threads of its control group or, without one, its session; elsewhere it is a process's and stays as it is.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7), the nice value</a>
 */
public final class Niceness {

    private static final Optional<MemorySegment> NICE =
            System.getProperty("os.name").equals("Linux") ? find() : Optional.empty();

    private Niceness() {}

    private static Optional<MemorySegment> find() {
        return Linker.nativeLinker().defaultLookup().find("nice");
    }

    /**
     * Adds to that of the calling thread, up to 19. Of a core that a thread of 0 and one of 10 want all the time, the first
     * has nine tenths. Nobody needs a permission to stand back, but one to come forward again.
     */
    public static void addToThisThread(int more) {
        NICE.ifPresent(nice -> NativeCalls.call(nice, more));
    }
}
