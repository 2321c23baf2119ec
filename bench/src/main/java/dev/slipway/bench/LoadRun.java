package dev.slipway.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gives loads to one model at one server, one load after the other. */
public final class LoadRun implements AutoCloseable {

    private static final Duration CONNECTING = Duration.ofSeconds(30);

    /** How long answers are waited for that are due when a load ends. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Different requests, so that a cache of one answer does not decide. */
    private static final int MESSAGES = 16;

    private static final int MOST_LANES = 8;
    private static final long SEED = 7;

    private final ServedModel model;
    private final List<Message> messages;
    private final ModelClient client;
    private final Vertx vertx;
    private final HttpClientAgent http;
    private final int lanes = Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, MOST_LANES);

    private LoadRun(ServedModel model, ModelClient client, List<Message> messages) {
        this.model = model;
        this.client = client;
        this.messages = messages;
        this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(lanes).setPreferNativeTransport(true));
        HttpVersion version =
                messages.getFirst().protocol() == Protocol.GRPC ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(version)
                .setUseAlpn(model.secure() && version == HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout((int) CONNECTING.toMillis()));
    }

    /**
     * Makes ready to send invented inputs, by the model's own metadata.
     *
     * @param batch rows of a request, where the model leaves them open
     * @param shapes shapes of inputs, where not those of the metadata with 1 for what is open
     */
    public static LoadRun invented(ServedModel model, Protocol protocol, int batch, Map<String, List<Long>> shapes)
            throws IOException, InterruptedException {
        ModelClient client = new ModelClient(model);
        try {
            List<Map<?, ?>> declared = client.inputs();
            Random random = new Random(SEED);
            List<Message> messages = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                messages.add(new Messages(model).of(protocol, Inputs.invented(declared, batch, shapes, random)));
            }
            return new LoadRun(model, client, messages);
        } catch (IOException | InterruptedException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Makes ready to send the inputs of a V2 JSON request, in whichever protocol. */
    public static LoadRun of(ServedModel model, Protocol protocol, byte[] request) {
        List<Message> messages = List.of(new Messages(model).of(protocol, Inputs.of(request)));
        return new LoadRun(model, new ModelClient(model), messages);
    }

    /** Bytes of one request's body. */
    public int requestBytes() {
        return messages.getFirst().body().length();
    }

    /**
     * Gives a load and measures.
     *
     * @throws IOException when no connection can be opened
     */
    public Measurement run(Load load, Load.Time time) throws IOException, InterruptedException {
        List<Lane> all = lanes(load);
        List<String> deployed = new ArrayList<>();
        Span span;
        Optional<Statistics> before;
        try {
            for (Lane lane : all) {
                deployed.add(await(vertx.deployVerticle(lane, new DeploymentOptions())));
            }
            before = client.statistics();
            long from = System.nanoTime() + time.warmUp().toNanos();
            span = new Span(from, from + time.measured().toNanos());
            give(load, span, all);
        } finally {
            for (String lane : deployed) {
                await(vertx.undeploy(lane));
            }
        }
        Optional<Statistics> statistics =
                before.isEmpty() ? before : client.statistics().map(after -> after.since(before.get()));
        return Tally.measurement(load, span, all.stream().map(Lane::tally).toList(), statistics);
    }

    private static void give(Load load, Span span, List<Lane> all) throws IOException, InterruptedException {
        all.forEach(lane -> lane.begin(span));
        switch (load) {
            case Load.Closed _ -> TimeUnit.NANOSECONDS.sleep(span.until() - System.nanoTime());
            case Load.Open open -> new Arrivals(open.rate(), all, new Random(SEED)).run(span);
        }
        settle(all);
    }

    private List<Lane> lanes(Load load) {
        HttpConnectOptions server = new HttpConnectOptions()
                .setHost(model.server().getHost())
                .setPort(model.port())
                .setSsl(model.secure());
        boolean closed = load instanceof Load.Closed;
        List<Lane> all = new ArrayList<>();
        int count = Math.min(lanes, load.connections());
        for (int i = 0; i < count; i++) {
            int size = load.connections() / count + (i < load.connections() % count ? 1 : 0);
            all.add(new Lane(http, server, messages, size, closed));
        }
        return all;
    }

    /** Ends the lanes' work; what has no answer after a while stays without. */
    private static void settle(List<Lane> all) throws IOException, InterruptedException {
        try {
            Future.all(all.stream().map(Lane::end).toList())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(CONNECTING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(model.server() + " takes no connection within " + CONNECTING.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("no connection to " + model.server() + ": " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
