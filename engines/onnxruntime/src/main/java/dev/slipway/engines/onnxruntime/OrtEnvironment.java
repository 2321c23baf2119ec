package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.Claims;
import dev.slipway.core.DataSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * ONNX Runtime's environment, of which there is one in a process however often it is created, and what hangs on it. It
 * is given back when it is closed and the last session and the last value of the runtime's own have gone.
 */
final class OrtEnvironment implements AutoCloseable {

    private static final int ARENA_ALLOCATOR = 1;
    private static final int DEFAULT_MEMORY = 0;
    private static final int EXTEND_AS_REQUESTED = 1;

    /** Held while an arena is registered: the runtime's environment is one in the process, whoever made it. */
    private static final ReentrantLock LENDING = new ReentrantLock();

    private final OrtApi api;
    private final boolean windows;
    private final long env;
    private final long cpuMemory;
    private final long allocator;
    private final Claims users = new Claims(this::free);

    OrtEnvironment(OrtApi api, boolean windows) {
        this.api = api;
        this.windows = windows;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            api.call(
                    OrtFunction.CREATE_ENV_WITH_CUSTOM_LOGGER,
                    OrtLog.function().address(),
                    0,
                    OrtLog.WARNING,
                    arena.allocateFrom("slipway").address(),
                    out.address());
            this.env = OrtApi.read(out, 0);
            api.call(
                    OrtFunction.CREATE_MEMORY_INFO,
                    arena.allocateFrom("Cpu").address(),
                    ARENA_ALLOCATOR,
                    0,
                    DEFAULT_MEMORY,
                    out.address());
            this.cpuMemory = OrtApi.read(out, 0);
            api.call(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS, out.address());
            this.allocator = OrtApi.read(out, 0);
        }
    }

    OrtApi api() {
        return api;
    }

    /** Whether paths are given in UTF-16. */
    boolean windows() {
        return windows;
    }

    long env() {
        return env;
    }

    /** Describes plain host memory. */
    long cpuMemory() {
        return cpuMemory;
    }

    /** The allocator of names and strings, outside every arena. */
    long allocator() {
        return allocator;
    }

    Claims users() {
        return users;
    }

    /**
     * Opens a session whose arena never grows beyond {@code limit}.
     *
     * <p>The runtime has no such setting. But a session made with {@code session.use_env_allocators} takes the
     * allocators that are registered with the environment at that moment, and keeps them: so an arena is registered,
     * the session begun, and the arena's registration withdrawn, one session after the other in the whole process.
     */
    <T> T withArena(DataSize limit, Function<ArenaLoan, T> open) {
        LENDING.lock();
        try {
            register(limit);
        } catch (RuntimeException e) {
            LENDING.unlock();
            throw e;
        }
        ArenaLoan loan = new ArenaLoan(() -> {
            try {
                api.call(OrtFunction.UNREGISTER_ALLOCATOR, env, cpuMemory);
            } finally {
                LENDING.unlock();
            }
        });
        try {
            return open.apply(loan);
        } finally {
            loan.end();
        }
    }

    private void register(DataSize limit) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keys = arena.allocate(JAVA_LONG, 2);
            MemorySegment values = arena.allocate(JAVA_LONG, 2);
            keys.setAtIndex(JAVA_LONG, 0, arena.allocateFrom("max_mem").address());
            values.setAtIndex(JAVA_LONG, 0, limit.bytes());
            keys.setAtIndex(
                    JAVA_LONG, 1, arena.allocateFrom("arena_extend_strategy").address());
            values.setAtIndex(JAVA_LONG, 1, EXTEND_AS_REQUESTED);
            MemorySegment out = arena.allocate(JAVA_LONG);
            api.call(OrtFunction.CREATE_ARENA_CFG_V2, keys.address(), values.address(), 2, out.address());
            long configuration = OrtApi.read(out, 0);
            try {
                api.call(OrtFunction.CREATE_AND_REGISTER_ALLOCATOR, env, cpuMemory, configuration);
            } finally {
                api.release(OrtFunction.RELEASE_ARENA_CFG, configuration);
            }
        }
    }

    @Override
    public void close() {
        users.close();
    }

    private void free() {
        api.release(OrtFunction.RELEASE_MEMORY_INFO, cpuMemory);
        api.release(OrtFunction.RELEASE_ENV, env);
    }
}
