package dev.slipway.deployment;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Settings;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.core.spi.Session;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;

/** The real engine, whose opens a test can break or hold. */
final class BreakableEngine implements EngineProvider {

    private final Breakable breakable;
    private final EngineProvider real = ServiceLoader.load(EngineProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.formats().contains("onnx"))
            .findFirst()
            .orElseThrow();

    BreakableEngine(Breakable breakable) {
        this.breakable = breakable;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Set<String> formats() {
        return real.formats();
    }

    @Override
    public Engine start(TensorPool pool) {
        Engine engine = real.start(pool);
        return new Engine() {
            @Override
            public String name() {
                return engine.name();
            }

            @Override
            public String version() {
                return engine.version();
            }

            @Override
            public Session open(Path model, Settings settings, Cancellation cancellation) {
                breakable.reach(Breakable.Step.OPEN);
                return engine.open(model, settings, cancellation);
            }

            @Override
            public long memory(long fileBytes) {
                return engine.memory(fileBytes);
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }
}
