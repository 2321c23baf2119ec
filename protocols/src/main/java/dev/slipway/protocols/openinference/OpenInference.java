package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.Json;
import dev.slipway.json.JsonWriter;
import dev.slipway.protocols.openinference.grpc.GrpcV2;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.NativeBuffers;
import dev.slipway.server.spi.Permission;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The Open Inference Protocol V2 over REST and gRPC, with Triton's extensions. Where Triton and KServe differ, errors and shapes
 * are Triton's, health has JSON bodies, and what is not ready answers 503.
 */
public final class OpenInference implements Dialect {

    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";

    /** Documents from this size on are read beside the event loop. */
    private static final long LARGE_JSON = 1 << 18;

    private static final int LONGEST_ERROR = 8_000;

    /** Answers from this many elements on are written beside the event loop. */
    private static final long LARGE_ANSWER = 1 << 14;

    /** Found by the {@code ServiceLoader}. */
    public OpenInference() {}

    @Override
    public String name() {
        return "openinference";
    }

    @Override
    public void mount(Mount mount) {
        Descriptions descriptions = new Descriptions(mount.deployments().server(), mount.info());
        Repository repository = new Repository(mount.deployments());
        new Rest(mount, descriptions).mount();
        new RepositoryRoutes(repository).mount(mount);
        GrpcV2.mount(mount, descriptions, repository);
    }

    @Override
    public void fail(Exchange exchange, Failure failure) {
        if (failure instanceof Failure.Overloaded overloaded) {
            long seconds = Math.max(1, overloaded.retryAfter().toSeconds());
            exchange.responseHeader("Retry-After", Long.toString(seconds));
        }
        error(exchange, Statuses.of(failure), failure.detail());
    }

    @Override
    public void refuse(Exchange exchange, int status, String detail) {
        error(
                exchange,
                status,
                switch (status) {
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    default -> detail;
                });
    }

    private static void error(Exchange exchange, int status, String message) {
        JsonWriter json = new JsonWriter();
        String error = message.length() <= LONGEST_ERROR ? message : message.substring(0, LONGEST_ERROR) + "…";
        json.beginObject().name("error").value(error).endObject();
        exchange.respond(status, "application/json", NativeBuffers.of(json.buffer(), json.size()));
    }

    /** The routes over one server. */
    private static final class Rest {

        private final Mount mount;
        private final Descriptions descriptions;
        private final ModelServer server;
        private final TensorPool pool;
        private final Models models;

        Rest(Mount mount, Descriptions descriptions) {
            this.mount = mount;
            this.descriptions = descriptions;
            this.server = mount.deployments().server();
            this.pool = server.pool();
            this.models = new Models(server);
        }

        void mount() {
            get("/v2", Permission.PUBLIC, this::serverMetadata);
            get("/v2/health/live", Permission.PUBLIC, exchange -> exchange.json(200, "{\"live\":true}"));
            get("/v2/health/ready", Permission.PUBLIC, this::serverReady);
            get("/v2/models", Permission.INFER, this::list);
            get("/v2/models/stats", Permission.INFER, this::allStatistics);
            for (String path : List.of(MODEL, VERSION)) {
                get(path, Permission.INFER, on(path, this::metadata));
                get(path + "/ready", Permission.INFER, on(path, this::ready));
                get(path + "/config", Permission.INFER, on(path, this::config));
                get(path + "/stats", Permission.INFER, on(path, this::statistics));
                mount.route(HttpMethod.POST, path + "/infer", Permission.INFER, on(path, this::infer));
            }
        }

        private static Mount.Handler on(String path, BiConsumer<Exchange, ModelRef> handler) {
            boolean versioned = path.equals(VERSION);
            return exchange -> handler.accept(
                    exchange, Models.ref(exchange.path("model"), versioned ? exchange.path("version") : null));
        }

        private void get(String path, Permission permission, Mount.Handler handler) {
            mount.route(HttpMethod.GET, path, permission, handler);
        }

        private void serverMetadata(Exchange exchange) {
            exchange.json(200, MessageJson.of(descriptions.server()));
        }

        private void serverReady(Exchange exchange) {
            boolean ready = descriptions.serverReady();
            exchange.json(ready ? 200 : 503, "{\"ready\":" + ready + "}");
        }

        private void list(Exchange exchange) {
            List<String> names = models.all().stream()
                    .map(published -> published.model().toString())
                    .toList();
            exchange.json(200, Json.write(Map.of("models", names)));
        }

        private void metadata(Exchange exchange, ModelRef ref) {
            exchange.json(200, MessageJson.of(descriptions.metadata(ref)));
        }

        private void ready(Exchange exchange, ModelRef ref) {
            LoadedVersion version = models.version(ref);
            boolean ready = version.ready();
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("name", ref.model().toString());
            answer.put("ready", ready);
            exchange.json(ready ? 200 : 503, Json.write(answer));
        }

        private void config(Exchange exchange, ModelRef ref) {
            exchange.json(200, MessageJson.of(descriptions.config(ref).getConfig()));
        }

        private void statistics(Exchange exchange, ModelRef ref) {
            exchange.json(200, MessageJson.of(descriptions.statistics(ref)));
        }

        private void allStatistics(Exchange exchange) {
            exchange.json(200, MessageJson.of(descriptions.statistics(null)));
        }

        private void infer(Exchange exchange, ModelRef ref) {
            LoadedVersion version = models.version(ref);
            long headerLength = headerLength(exchange);
            InferReader.Context context = new InferReader.Context(
                    ref,
                    exchange.requestId(),
                    exchange.deadline(),
                    exchange.header("X-Slipway-Key"),
                    exchange.cancellation());
            exchange.await(exchange.body(Math.max(0, headerLength)), body -> {
                InputCheck check = new InputCheck(version);
                long json = headerLength < 0 ? body.tensor().data().byteSize() : headerLength;
                exchange.await(
                        exchange.blocking(json >= LARGE_JSON, () -> read(context, check, body, headerLength)),
                        call -> run(exchange, call, version));
            });
        }

        private InferCall read(InferReader.Context context, InputCheck check, TensorLease body, long headerLength) {
            try (body) {
                return new InferReader(context, check, body, pool).read(headerLength);
            }
        }

        private static long headerLength(Exchange exchange) {
            String given = exchange.header(HEADER_LENGTH);
            if (given == null) {
                return -1;
            }
            try {
                int length = Integer.parseInt(given.strip());
                if (length < 0) {
                    throw InputCheck.plain("inference header size should be in range (0, "
                            + length(exchange.header("Content-Length")) + "), got: " + given);
                }
                return length;
            } catch (NumberFormatException e) {
                throw InputCheck.plain("Unable to parse " + HEADER_LENGTH + ", got: " + given);
            }
        }

        private static String length(@Nullable String contentLength) {
            return contentLength == null ? "the body's size" : contentLength;
        }

        private void run(Exchange exchange, InferCall call, LoadedVersion version) {
            exchange.await(server.infer(call.request()), response -> answer(exchange, call, response, version));
        }

        private void answer(Exchange exchange, InferCall call, InferenceResponse response, LoadedVersion named) {
            LoadedVersion version = server.answering(response, named);
            JsonWriter json = exchange.writer();
            exchange.await(
                    exchange.blocking(
                            elements(call, response) >= LARGE_ANSWER,
                            () -> InferAnswer.of(call, response, version, pool, json)),
                    answer -> send(exchange, response, answer));
        }

        private static long elements(InferCall call, InferenceResponse response) {
            long elements = 0;
            for (NamedTensor output : response.outputs()) {
                if (!call.wish(output.name()).binary()) {
                    elements += output.tensor().shape().elements();
                }
            }
            return elements;
        }

        private static void send(Exchange exchange, InferenceResponse response, InferAnswer answer) {
            Buffer body = body(answer);
            exchange.answeredBy(response);
            if (answer.binary()) {
                exchange.responseHeader(HEADER_LENGTH, Integer.toString(answer.jsonSize()));
            }
            exchange.respond(
                    200, answer.binary() ? "application/octet-stream" : "application/json", body, answer::close);
        }

        private static Buffer body(InferAnswer answer) {
            try {
                return answer.body();
            } catch (RuntimeException | Error e) {
                answer.close();
                throw e;
            }
        }
    }
}
