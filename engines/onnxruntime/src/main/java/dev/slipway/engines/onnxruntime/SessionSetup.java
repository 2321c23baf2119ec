package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.DataSize;
import dev.slipway.core.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes native sessions as settings say: without spinning threads, and with an arena that has a limit. */
final class SessionSetup {

    private static final String FOLDED = "optimization.constant_folding_max_output_size_in_bytes";
    private static final int LEAST_NODE = 16;

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
                configure(options, FOLDED, String.valueOf(mostFolded(model, settings.memoryLimit())), arena);
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

    /**
     * The most bytes that one node may fold into when the model is loaded, which no arena limits: what the model's own
     * files hold, as weights are folded into weights, or else an equal share of the limit for as many nodes as the file
     * has room for. A larger constant is computed by each run, in its arena.
     */
    private static long mostFolded(Path model, DataSize memoryLimit) {
        Path folder = model.toAbsolutePath().getParent();
        try (Stream<Path> beside = Files.list(Objects.requireNonNull(folder))) {
            long files = beside.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            long share = memoryLimit.bytes() / Math.max(1, Files.size(model) / LEAST_NODE);
            return Math.min(memoryLimit.bytes(), Math.max(files, share));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
