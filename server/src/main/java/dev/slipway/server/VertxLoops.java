package dev.slipway.server;

import dev.slipway.serving.EventLoops;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The event loops of Vert.x. */
public final class VertxLoops implements EventLoops {

    @Override
    public @Nullable Executor current() {
        ContextInternal context = ContextInternal.current();
        return context == null || !context.isEventLoopContext() ? null : context.nettyEventLoop();
    }
}
