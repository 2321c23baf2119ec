package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Makes native sessions as settings say: without spinning threads, and with an arena that has a limit. */
final class SessionSetup {

    private final OrtEnvironment environment;
    private final OrtApi api;

    SessionSetup(OrtEnvironment environment) {
        this.environment = environment;
        this.api = environment.api();
    }

    /**
     * Opens the model by its path, so that weights in files beside it are found.
     *
     * @throws OrtException when the runtime refuses it
     */
    OpenedSession open(Path model, Settings settings) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            api.call(OrtFunction.CREATE_SESSION_OPTIONS, out.address());
            long options = OrtApi.read(out, 0);
            try {
                apply(settings, options, arena);
                MemorySegment path = arena.allocateFrom(
                        model.toAbsolutePath().toString(),
                        environment.windows() ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
                return environment.withArena(
                        settings.memoryLimit(), () -> open(path.address(), options, out.address()));
            } finally {
                api.release(OrtFunction.RELEASE_SESSION_OPTIONS, options);
            }
        }
    }

    private OpenedSession open(long path, long options, long out) {
        SessionArena sessionArena = new SessionArena(environment, options);
        try {
            api.call(OrtFunction.CREATE_SESSION, environment.env(), path, options, out);
            return new OpenedSession(api, OrtApi.read(OrtApi.pointerTo(out, JAVA_LONG.byteSize()), 0), sessionArena);
        } catch (RuntimeException e) {
            sessionArena.free();
            throw e;
        }
    }

    private void apply(Settings settings, long options, Arena arena) {
        api.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, options, Math.max(1, settings.intraOpThreads()));
        api.call(OrtFunction.SET_INTER_OP_NUM_THREADS, options, 1);
        api.call(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, options, level(settings.optimization()));
        configure(options, "session.intra_op.allow_spinning", "0", arena);
        configure(options, "session.inter_op.allow_spinning", "0", arena);
        configure(options, "session.use_env_allocators", "1", arena);
    }

    private void configure(long options, String key, String value, Arena arena) {
        api.call(
                OrtFunction.ADD_SESSION_CONFIG_ENTRY,
                options,
                arena.allocateFrom(key).address(),
                arena.allocateFrom(value).address());
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
