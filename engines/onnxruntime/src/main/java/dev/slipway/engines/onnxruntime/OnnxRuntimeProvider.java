package dev.slipway.engines.onnxruntime;

import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Set;

/**
 * Offers ONNX Runtime, taken out of the official jar. Its shared library is unpacked below the user's cache folder:
 * {@code $XDG_CACHE_HOME/slipway}, {@code %LOCALAPPDATA%\slipway} or {@code ~/.cache/slipway}.
 */
public final class OnnxRuntimeProvider implements EngineProvider {

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public Set<String> formats() {
        return Set.of("onnx");
    }

    @Override
    public Engine start(TensorPool pool) {
        NativePlatform platform = NativePlatform.of(System.getProperty("os.name"), System.getProperty("os.arch"));
        SymbolLookup library = new NativeLibrary(platform, cache(platform).resolve("onnxruntime")).load();
        return new OnnxRuntimeEngine(new OrtEnvironment(new OrtApi(library), platform.windows()), pool);
    }

    private static Path cache(NativePlatform platform) {
        String folder = System.getenv(platform.windows() ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        Path base = folder == null || folder.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(folder);
        return base.resolve("slipway");
    }
}
