package dev.slipway.server.config;

import dev.slipway.core.DataSize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything that can be set about a server: the one table that reading, {@code slipway config} and the docs share. */
public final class Keys {

    static final Key<String> HOME = new Key<>(
            "home",
            Form.TEXT,
            "~/.slipway",
            "--home",
            "The folder of everything that the server keeps, and of its slipway.yaml. Two servers never share one.");

    static final Key<String> HOST = new Key<>(
            "server.host",
            Form.TEXT,
            Listen.DEFAULT.host(),
            "--host",
            "The name or address to listen on. Beyond loopback, administration asks for the home's key.");
    static final Key<Integer> PORT = new Key<>(
            "server.port",
            Form.NUMBER,
            Listen.DEFAULT.port(),
            "--port",
            "The port of every dialect, HTTP and gRPC; 0 takes any free one.");
    static final Key<Integer> ADMIN_PORT = new Key<>(
            "server.admin_port",
            Form.NUMBER,
            Listen.DEFAULT.adminPort(),
            "--admin-port",
            "The port that alone serves administration; 0 takes any free one, -1 leaves it on server.port.");
    static final Key<Integer> EVENT_LOOPS = new Key<>(
            "server.event_loops",
            Form.NUMBER,
            Listen.DEFAULT.eventLoops(),
            "Threads that read and write sockets; 0: one for each core, at most 8.");

    static final Key<DataSize> BODY = new Key<>(
            "limits.body", Form.SIZE, Limits.DEFAULT.body(), "The most bytes of one request body, as it is sent.");
    static final Key<DataSize> HEADER =
            new Key<>("limits.header", Form.SIZE, Limits.DEFAULT.header(), "The most bytes of a request's headers.");
    static final Key<DataSize> DECOMPRESSED = new Key<>(
            "limits.decompressed",
            Form.SIZE,
            Limits.DEFAULT.decompressed(),
            "The most bytes that one compressed body may become.");
    static final Key<Integer> RATIO = new Key<>(
            "limits.ratio",
            Form.NUMBER,
            Limits.DEFAULT.ratio(),
            "The most bytes that one compressed byte may become, over the whole body.");
    static final Key<DataSize> UPLOAD = new Key<>(
            "limits.upload", Form.SIZE, Limits.DEFAULT.upload(), "The most bytes of one file sent for deployment.");
    static final Key<DataSize> ANSWER = new Key<>(
            "limits.answer",
            Form.SIZE,
            Limits.DEFAULT.answer(),
            "The most bytes of JSON in one answer; all together hold at most a quarter of the heap.");
    static final Key<DataSize> IN_FLIGHT = new Key<>(
            "limits.in_flight",
            Form.SIZE,
            Limits.DEFAULT.inFlight(),
            "The most bytes that all request bodies hold together; at least limits.body.");
    static final Key<Integer> CONNECTIONS = new Key<>(
            "limits.connections", Form.NUMBER, Limits.DEFAULT.connections(), "Open connections; one more is closed.");
    static final Key<Integer> STREAMS = new Key<>(
            "limits.streams",
            Form.NUMBER,
            Limits.DEFAULT.streams(),
            "Concurrent HTTP/2 streams, gRPC calls among them, of one connection.");

    static final Key<Duration> IDLE = new Key<>(
            "timeouts.idle",
            Form.DURATION,
            Timeouts.DEFAULT.idle(),
            "How long a connection may be open without a request.");
    static final Key<Duration> REQUEST = new Key<>(
            "timeouts.request",
            Form.DURATION,
            Timeouts.DEFAULT.request(),
            "How long the rest of a request that has begun may take; each 16 KiB that came give a second more.");
    static final Key<Duration> WRITE = new Key<>(
            "timeouts.write",
            Form.DURATION,
            Timeouts.DEFAULT.write(),
            "How long a client may take no more of its answer.");
    static final Key<Duration> DRAIN = new Key<>(
            "timeouts.drain",
            Form.DURATION,
            Timeouts.DEFAULT.drain(),
            "How long requests may still be answered when the server stops.");

    static final Key<Logging.Level> LEVEL = new Key<>(
            "log.level",
            Form.LEVEL,
            Logging.DEFAULT.level(),
            "How much is logged, to stderr: error, warn, info, debug or trace.");
    static final Key<Boolean> ACCESS = new Key<>(
            "log.access",
            Form.SWITCH,
            Logging.DEFAULT.access(),
            "Whether every request gets a line; lines are dropped rather than waited for.");
    static final Key<Duration> SLOW = new Key<>(
            "log.slow", Form.DURATION, Logging.DEFAULT.slow(), "Requests that take longer get a line in any case.");

    static final Key<DataSize> TENSOR_MEMORY = new Key<>(
            "serving.tensor_memory",
            Form.SIZE,
            Serving.DEFAULT.tensorMemory(),
            "The most native memory that tensors of requests and answers hold together; 0: a quarter of the machine's or "
                    + "container's memory, 4GiB at most.");
    static final Key<DataSize> TENSOR_MEMORY_KEPT = new Key<>(
            "serving.tensor_memory_kept",
            Form.SIZE,
            Serving.DEFAULT.tensorMemoryKept(),
            "The most of it that is kept for later use.");
    static final Key<DataSize> MODEL_MEMORY = new Key<>(
            "serving.model_memory",
            Form.SIZE,
            Serving.DEFAULT.modelMemory(),
            "The most native memory that models hold together: over it, those unused longest leave memory and come back "
                    + "when they are asked. 0: nine tenths of what heap and tensors leave of the machine's or "
                    + "container's memory.");
    static final Key<DataSize> CACHE_MEMORY = new Key<>(
            "serving.cache_memory",
            Form.SIZE,
            Serving.DEFAULT.cacheMemory(),
            "The most of tensor_memory for answers that are kept, of the versions whose settings say cache: true.");
    static final Key<Boolean> LOAD_AT_START = new Key<>(
            "serving.load_at_start",
            Form.SWITCH,
            Serving.DEFAULT.loadAtStart(),
            "Whether a start loads what should serve, as far as there is room; else each version is loaded by its first "
                    + "request.");
    static final Key<Boolean> STRICT_READINESS = new Key<>(
            "serving.strict_readiness",
            Form.SWITCH,
            Serving.DEFAULT.strictReadiness(),
            "--strict-readiness",
            "Whether a version that should serve and has failed keeps the server from being ready.");
    static final Key<String> DEFAULT_MODEL = new Key<>(
            "serving.default_model",
            Form.TEXT,
            "",
            "The model that POST /predict without a name means; empty: the only one that is served.");

    /** Every key, in the order in which people read them. */
    public static final List<Key<?>> ALL = List.of(
            HOME,
            HOST,
            PORT,
            ADMIN_PORT,
            EVENT_LOOPS,
            BODY,
            HEADER,
            DECOMPRESSED,
            RATIO,
            UPLOAD,
            ANSWER,
            IN_FLIGHT,
            CONNECTIONS,
            STREAMS,
            IDLE,
            REQUEST,
            WRITE,
            DRAIN,
            LEVEL,
            ACCESS,
            SLOW,
            TENSOR_MEMORY,
            TENSOR_MEMORY_KEPT,
            MODEL_MEMORY,
            CACHE_MEMORY,
            LOAD_AT_START,
            STRICT_READINESS,
            DEFAULT_MODEL);

    private Keys() {}

    static Optional<Key<?>> named(String name) {
        for (Key<?> key : ALL) {
            if (key.name().equals(name)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    static List<String> names() {
        return ALL.stream().map(Key::name).toList();
    }
}
