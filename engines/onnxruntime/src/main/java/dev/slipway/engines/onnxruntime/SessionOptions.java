package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A native session's options while it is made: no spinning threads, and an arena that the environment lends. */
final class SessionOptions implements AutoCloseable {

    private final OrtApi api;
    private final long handle;
    private boolean closed;

    SessionOptions(OrtApi api, Settings settings) {
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            api.call(OrtFunction.CREATE_SESSION_OPTIONS, out.address());
            this.handle = OrtApi.read(out, 0);
        }
        try {
            apply(settings);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void apply(Settings settings) {
        api.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, handle, Math.max(1, settings.intraOpThreads()));
        api.call(OrtFunction.SET_INTER_OP_NUM_THREADS, handle, 1);
        api.call(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, handle, level(settings.optimization()));
        api.call(OrtFunction.SET_SESSION_LOG_SEVERITY_LEVEL, handle, OrtLog.INFO);
        set("session.intra_op.allow_spinning", "0");
        set("session.inter_op.allow_spinning", "0");
        set("session.use_env_allocators", "1");
    }

    void set(String key, String value) {
        try (Arena arena = Arena.ofConfined()) {
            api.call(
                    OrtFunction.ADD_SESSION_CONFIG_ENTRY,
                    handle,
                    arena.allocateFrom(key).address(),
                    arena.allocateFrom(value).address());
        }
    }

    long handle() {
        return handle;
    }

    /** Makes the runtime give up at its next step, if the session is still being made; from any thread. */
    synchronized void cancel() {
        if (!closed) {
            api.call(OrtFunction.SESSION_OPTIONS_SET_LOAD_CANCELLATION_FLAG, handle, 1);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        api.release(OrtFunction.RELEASE_SESSION_OPTIONS, handle);
    }

    private static int level(Settings.Optimization optimization) {
        return switch (optimization) {
            case NONE -> 0;
            case BASIC -> 1;
            case EXTENDED -> 2;
            case ALL -> 99;
        };
    }
}
