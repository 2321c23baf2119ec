package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataSize;
import dev.slipway.core.Settings;
import dev.slipway.graph.RuntimeModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes native sessions as settings say, each with an arena that has a limit. */
final class SessionSetup {

    private static final String FOLDED = "optimization.constant_folding_max_output_size_in_bytes";
    private static final String WEIGHTS = "session.model_external_initializers_file_folder_path";
    private static final int LEAST_NODE = 16;

    private final OrtEnvironment environment;
    private final OrtApi api;

    SessionSetup(OrtEnvironment environment) {
        this.environment = environment;
        this.api = environment.api();
    }

    /**
     * Opens the model, with the weights in files beside it.
     *
     * @throws OrtException when the runtime refuses it, or has given up because it was cancelled
     */
    OpenedSession open(Path model, RuntimeModel graph, Settings settings, Cancellation cancellation) {
        try (Arena arena = Arena.ofConfined();
                SessionOptions options = new SessionOptions(api, settings)) {
            options.set(FOLDED, String.valueOf(mostFolded(model, settings.memoryLimit())));
            MemorySegment out = arena.allocate(JAVA_LONG);
            Runnable create = graph.rewritten(arena)
                    .map(bytes -> fromBytes(bytes, model, options, out))
                    .orElseGet(() -> fromFile(model, options, out, arena));
            Runnable stop = options::cancel;
            cancellation.onCancel(stop);
            try {
                return environment.withArena(settings.memoryLimit(), loan -> open(create, options, out, loan));
            } finally {
                cancellation.remove(stop);
            }
        }
    }

    private Runnable fromFile(Path model, SessionOptions options, MemorySegment out, Arena arena) {
        MemorySegment path = arena.allocateFrom(
                model.toAbsolutePath().toString(),
                environment.windows() ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
        return () -> api.call(
                OrtFunction.CREATE_SESSION, environment.env(), path.address(), options.handle(), out.address());
    }

    private Runnable fromBytes(MemorySegment bytes, Path model, SessionOptions options, MemorySegment out) {
        Path folder = Objects.requireNonNull(model.toAbsolutePath().getParent());
        options.set(WEIGHTS, folder.toString());
        return () -> api.call(
                OrtFunction.CREATE_SESSION_FROM_ARRAY,
                environment.env(),
                bytes.address(),
                bytes.byteSize(),
                options.handle(),
                out.address());
    }

    private OpenedSession open(Runnable create, SessionOptions options, MemorySegment out, ArenaLoan loan) {
        SessionArena sessionArena = new SessionArena(environment, options.handle());
        try {
            ScopedValue.where(OrtLog.HEARER, loan::heard).run(create);
            return new OpenedSession(api, OrtApi.read(out, 0), sessionArena);
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
}
