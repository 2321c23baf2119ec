package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The engines at hand, each started when its first model comes. */
final class Engines implements AutoCloseable {

    private final Map<String, EngineProvider> byFormat = new HashMap<>();
    private final Map<EngineProvider, Engine> started = new HashMap<>();
    private final TensorPool pool;

    Engines(Collection<? extends EngineProvider> providers, TensorPool pool) {
        this.pool = pool;
        for (EngineProvider provider : providers) {
            provider.formats().forEach(format -> byFormat.putIfAbsent(format, provider));
        }
    }

    /**
     * The engine for a format, started.
     *
     * @throws FailureException {@code Unsupported} when there is none
     */
    synchronized Engine engine(String format) {
        EngineProvider provider = byFormat.get(format);
        if (provider == null) {
            throw new FailureException(new Failure.Unsupported("no engine here runs format '" + format + "', only "
                    + new TreeSet<>(byFormat.keySet()) + "; add the engine's module to run it"));
        }
        return started.computeIfAbsent(provider, known -> known.start(pool));
    }

    @Override
    public synchronized void close() {
        started.values().forEach(Engine::close);
        started.clear();
    }
}
