package dev.slipway.core.spi;

import dev.slipway.core.TensorPool;
import java.util.Set;

/** What the {@code ServiceLoader} finds of an engine; loads no native code by itself. */
public interface EngineProvider {

    /** The engine's name, {@code onnxruntime}. */
    String name();

    /** The formats that it runs, as manifests name them: {@code onnx}. */
    Set<String> formats();

    /**
     * Starts the engine.
     *
     * @param pool where its outputs come from
     * @throws dev.slipway.core.FailureException {@code Unsupported} when it cannot run on this machine, saying why
     */
    Engine start(TensorPool pool);
}
