package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The arena of a session, which has a limit. What a run has given back stays in it cut to that run's sizes, so that a
 * later run may fail although enough is free; then the arena must be shrunk first. The runtime shrinks an arena only at
 * the end of a successful run. So a second session, an identity of one number, shares the arena and is run for that.
 */
final class SessionArena {

    private final OrtEnvironment environment;
    private final OrtApi api;
    private final Arena memory = Arena.ofShared();
    private final MemorySegment names;
    private final MemorySegment values;
    private final long total;
    private long session;
    private long runOptions;
    private long allocator;

    /**
     * Opens the second session.
     *
     * @param options the first session's; their arena must be registered
     */
    SessionArena(OrtEnvironment environment, long options) {
        this.environment = environment;
        this.api = environment.api();
        this.names = memory.allocate(JAVA_LONG, 2);
        this.values = memory.allocate(JAVA_LONG, 2);
        this.total = memory.allocateFrom("TotalAllocated").address();
        try {
            open(options);
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private void open(long options) {
        MemorySegment out = memory.allocate(JAVA_LONG);
        MemorySegment model = identity();
        api.call(
                OrtFunction.CREATE_SESSION_FROM_ARRAY,
                environment.env(),
                model.address(),
                model.byteSize(),
                options,
                out.address());
        session = OrtApi.read(out, 0);
        api.call(OrtFunction.CREATE_ALLOCATOR, session, environment.cpuMemory(), out.address());
        allocator = OrtApi.read(out, 0);
        api.call(OrtFunction.CREATE_RUN_OPTIONS, out.address());
        runOptions = OrtApi.read(out, 0);
        api.call(OrtFunction.RUN_OPTIONS_SET_RUN_LOG_SEVERITY_LEVEL, runOptions, OrtLog.WARNING);
        api.call(
                OrtFunction.ADD_RUN_CONFIG_ENTRY,
                runOptions,
                memory.allocateFrom("memory.enable_memory_arena_shrinkage").address(),
                memory.allocateFrom("cpu:0").address());
        names.setAtIndex(JAVA_LONG, 0, memory.allocateFrom("x").address());
        names.setAtIndex(JAVA_LONG, 1, memory.allocateFrom("y").address());
        values.setAtIndex(JAVA_LONG, 0, number(out));
        values.setAtIndex(JAVA_LONG, 1, number(out));
    }

    private MemorySegment identity() {
        try (InputStream in = SessionArena.class.getResourceAsStream("identity.onnx")) {
            return memory.allocateFrom(ValueLayout.JAVA_BYTE, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long number(MemorySegment out) {
        MemorySegment data = memory.allocate(JAVA_FLOAT);
        MemorySegment shape = memory.allocateFrom(JAVA_LONG, 1);
        api.call(
                OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                environment.cpuMemory(),
                data.address(),
                data.byteSize(),
                shape.address(),
                1,
                ElementType.of(dev.slipway.core.DataType.FP32),
                out.address());
        return OrtApi.read(out, 0);
    }

    /** Gives back the blocks of the arena in which nothing is in use. */
    synchronized void shrink() {
        api.call(
                OrtFunction.RUN,
                session,
                runOptions,
                names.address(),
                values.address(),
                1,
                names.address() + JAVA_LONG.byteSize(),
                1,
                values.address() + JAVA_LONG.byteSize());
    }

    /** The bytes that it has taken from the system, in use or not. */
    long bytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            api.call(OrtFunction.ALLOCATOR_GET_STATS, allocator, out.address());
            long statistics = OrtApi.read(out, 0);
            try {
                long text = api.find(OrtFunction.GET_KEY_VALUE, statistics, total);
                return text == 0 ? 0 : Long.parseLong(OrtApi.text(text));
            } finally {
                api.release(OrtFunction.RELEASE_KEY_VALUE_PAIRS, statistics);
            }
        }
    }

    /** Lets go of the arena, which is freed when the first session has done so too. */
    void free() {
        release(OrtFunction.RELEASE_VALUE, OrtApi.read(values, 0));
        release(OrtFunction.RELEASE_VALUE, OrtApi.read(values, 1));
        release(OrtFunction.RELEASE_RUN_OPTIONS, runOptions);
        release(OrtFunction.RELEASE_ALLOCATOR, allocator);
        release(OrtFunction.RELEASE_SESSION, session);
        memory.close();
    }

    private void release(OrtFunction function, long made) {
        if (made != 0) {
            api.release(function, made);
        }
    }
}
