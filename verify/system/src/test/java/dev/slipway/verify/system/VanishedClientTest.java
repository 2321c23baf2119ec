package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorPool;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import inference.GrpcService.ModelInferRequest;
import inference.GrpcService.ModelInferResponse;
import inference.GrpcService.ModelStatisticsRequest;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that leaves in the midst of a long run: the run ends at its next step, and others are answered. */
class VanishedClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PRODUCTS = 1_000;
    private static final int LONG = 1_100;

    @TempDir
    private Path home;

    private LocalServer server;
    private V2Client client;

    @BeforeEach
    void start() throws Exception {
        server = new LocalServer(home.resolve("home"));
        server.deploy(products(), "products");
        client = new V2Client(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.requireNoLiveLease();
        server.close();
    }

    /** Multiplies a square of zeros with as many rows as it is asked for by itself, very often, and adds it up. */
    private Path products() {
        OnnxModel model = new OnnxModel()
                .input("n", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, DeclaredShape.of(1, 1))
                .initializer("twice", OnnxTensor.longs(Shape.of(1), 2))
                .node("Expand", List.of("n", "twice"), List.of("shape"))
                .node("ConstantOfShape", List.of("shape"), List.of("m0"));
        for (int i = 0; i < PRODUCTS; i++) {
            model.node("MatMul", List.of("m" + i, "m0"), List.of("m" + (i + 1)));
        }
        return model.node("ReduceSum", List.of("m" + PRODUCTS), List.of("y")).write(home.resolve("products.onnx"));
    }

    private TensorPool pool() {
        return server.process().deployments().server().pool();
    }

    private void awaitLeases(boolean live) {
        long begun = System.nanoTime();
        while (pool().leases() > 0 != live) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new AssertionError(pool().leases() + " leases are live");
            }
            Thread.onSpinWait();
        }
    }

    private static ModelInferRequest request(long rows) {
        ByteBuffer n = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, rows);
        return ModelInferRequest.newBuilder()
                .setModelName("products")
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("n")
                        .setDatatype("INT64")
                        .addShape(1))
                .addRawInputContents(ByteString.copyFrom(n))
                .build();
    }

    private void onlyOthersAreAnswered() {
        assertThat(client.stub().modelInfer(request(2)).getRawOutputContents(0)).hasSize(4);
        assertThat(client.stub()
                        .modelStatistics(ModelStatisticsRequest.newBuilder()
                                .setName("products")
                                .build())
                        .getModelStats(0)
                        .getInferenceStats()
                        .getSuccess()
                        .getCount())
                .isEqualTo(1);
    }

    @Test
    void aGrpcCallThatIsCancelledEndsItsRun() {
        try (Context.CancellableContext call = Context.current().withCancellation()) {
            call.run(() -> client.asyncStub().modelInfer(request(LONG), new Nobody()));
            awaitLeases(true);
        }
        awaitLeases(false);
        onlyOthersAreAnswered();
    }

    @Test
    void anHttpClientThatVanishesEndsItsRun() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.request(
                    "POST",
                    "/v2/models/products/infer",
                    "{\"inputs\":[{\"name\":\"n\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[" + LONG + "]}]}"));
            awaitLeases(true);
            connection.vanish();
        }
        awaitLeases(false);
        onlyOthersAreAnswered();
    }

    private static final class Nobody implements StreamObserver<ModelInferResponse> {
        @Override
        public void onNext(ModelInferResponse answer) {
            throw new AssertionError("answered: " + answer);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
