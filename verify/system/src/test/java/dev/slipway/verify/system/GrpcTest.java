package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.DeployRequest;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass;
import inference.GrpcService;
import inference.GrpcService.ModelInferRequest;
import inference.GrpcService.ModelInferResponse;
import inference.GrpcService.ModelStreamInferResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call of V2 over gRPC, by stubs generated from the protocol's own files. */
class GrpcTest {

    private static final float[] SETOSA = {5.1f, 3.5f, 1.4f, 0.2f};

    @TempDir
    static Path home;

    private static LocalServer server;
    private static V2Client client;

    @BeforeAll
    static void start() throws Exception {
        server = new LocalServer(home);
        server.deploy(Path.of("../../examples/iris"), "iris");
        client = new V2Client(server.port());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @AfterEach
    void nothingIsLeftLeased() {
        server.requireNoLiveLease();
    }

    private static ModelInferRequest.Builder request(float... values) {
        return ModelInferRequest.newBuilder()
                .setModelName("iris")
                .setId("a-1")
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("features")
                        .setDatatype("FP32")
                        .addShape(values.length / 4)
                        .addShape(4))
                .addRawInputContents(ByteString.copyFrom(V2Client.littleEndian(values)));
    }

    private static void refused(ModelInferRequest request, Status.Code code, String... words) {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> client.stub().modelInfer(request));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getStatus().getCode()).isEqualTo(code);
        assertThat(refusal.getStatus().getDescription()).contains(words);
    }

    @Test
    void saysThatItLivesAndIsReady() {
        assertThat(client.stub()
                        .serverLive(GrpcService.ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(client.stub()
                        .serverReady(GrpcService.ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isTrue();
        assertThat(ready("iris", "")).isTrue();
        assertThat(ready("iris", "1")).isTrue();
        assertThat(ready("iris", "9")).isFalse();
        assertThat(ready("nobody", "")).isFalse();
    }

    private static boolean ready(String model, String version) {
        return client.stub()
                .modelReady(GrpcService.ModelReadyRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    @Test
    void answersTheHealthProtocol() {
        assertThat(HealthGrpc.newBlockingStub(client.channel())
                        .check(HealthOuterClass.HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(HealthOuterClass.HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void listsItsServicesByReflection() throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(client.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(new AssertionError("no answer"));
                    }
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answer.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting("name")
                .contains("inference.GRPCInferenceService", "grpc.health.v1.Health");
        requests.onCompleted();
    }

    @Test
    void describesItself() {
        GrpcService.ServerMetadataResponse metadata =
                client.stub().serverMetadata(GrpcService.ServerMetadataRequest.getDefaultInstance());
        assertThat(metadata.getName()).isEqualTo("slipway");
        assertThat(metadata.getExtensionsList()).contains("binary_tensor_data", "statistics");
    }

    @Test
    void describesAModel() {
        GrpcService.ModelMetadataResponse metadata = client.stub()
                .modelMetadata(GrpcService.ModelMetadataRequest.newBuilder()
                        .setName("iris")
                        .build());
        assertThat(metadata.getName()).isEqualTo("iris");
        assertThat(metadata.getVersionsList()).containsExactly("1");
        assertThat(metadata.getInputs(0).getName()).isEqualTo("features");
        assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 4L);
        assertThat(metadata.getOutputs(0).getDatatype()).isEqualTo("FP32");

        assertThat(client.stub()
                        .modelConfig(GrpcService.ModelConfigRequest.newBuilder()
                                .setName("iris")
                                .build())
                        .getConfig()
                        .getInput(0)
                        .getDimsList())
                .containsExactly(4L);
    }

    @Test
    void infersWithRawContents() {
        ModelInferResponse response = client.stub().modelInfer(request(SETOSA).build());
        assertThat(response.getModelName()).isEqualTo("iris");
        assertThat(response.getModelVersion()).isEqualTo("1");
        assertThat(response.getId()).isEqualTo("a-1");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 3L);
        assertThat(V2Client.floats(response.getRawOutputContents(0).toByteArray())[0])
                .isGreaterThan(0.9f);
    }

    @Test
    void infersWithTypedContents() {
        GrpcService.InferTensorContents.Builder contents = GrpcService.InferTensorContents.newBuilder();
        for (float value : SETOSA) {
            contents.addFp32Contents(value);
        }
        ModelInferRequest.Builder typed = request(SETOSA).clearRawInputContents();
        typed.getInputsBuilder(0).setContents(contents);
        assertThat(client.stub().modelInfer(typed.build()).getRawOutputContentsList())
                .isEqualTo(client.stub().modelInfer(request(SETOSA).build()).getRawOutputContentsList());
    }

    @Test
    void classifiesWithLabels() {
        ModelInferRequest.Builder request = request(SETOSA);
        request.addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                .setName("probabilities")
                .putParameters(
                        "classification",
                        GrpcService.InferParameter.newBuilder().setInt64Param(2).build()));
        ModelInferResponse response = client.stub().modelInfer(request.build());
        assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 2L);
        assertThat(response.getRawOutputContents(0).toString(StandardCharsets.UTF_8))
                .contains(":0:setosa");
    }

    @Test
    void refusesWhatDoesNotFitInTheProtocolsOwnStatus() {
        refused(request(SETOSA).setModelName("nobody").build(), Status.Code.NOT_FOUND, "nobody");
        refused(request(SETOSA).setModelVersion("9").build(), Status.Code.NOT_FOUND, "9");
        refused(request(SETOSA).setModelVersion("x").build(), Status.Code.INVALID_ARGUMENT, "version string 'x'");
        refused(request(SETOSA).setModelName("a b").build(), Status.Code.NOT_FOUND, "a b");
        ModelInferRequest.Builder wrong = request(SETOSA);
        wrong.getInputsBuilder(0).setName("feature");
        refused(wrong.build(), Status.Code.INVALID_ARGUMENT, "feature");
        wrong = request(SETOSA);
        wrong.getInputsBuilder(0).setDatatype("FP64");
        refused(wrong.build(), Status.Code.INVALID_ARGUMENT, "data-type is 'FP64'", "expects 'FP32'");
        wrong = request(SETOSA);
        wrong.getInputsBuilder(0).clearShape().addShape(4);
        refused(wrong.build(), Status.Code.INVALID_ARGUMENT, "features");
        wrong = request(SETOSA);
        wrong.addInputs(wrong.getInputs(0)).addRawInputContents(wrong.getRawInputContents(0));
        refused(wrong.build(), Status.Code.INVALID_ARGUMENT, "features");
        refused(
                request(SETOSA)
                        .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                .setName("nothing"))
                        .build(),
                Status.Code.INVALID_ARGUMENT,
                "nothing");
        refused(ModelInferRequest.newBuilder().setModelName("iris").build(), Status.Code.INVALID_ARGUMENT, "features");
    }

    @Test
    void streamsAnswersInTheOrderOfTheRequestsAndGoesOnAfterAnError() throws Exception {
        List<ModelStreamInferResponse> answers = stream(
                client.asyncStub(),
                List.of(
                        request(SETOSA).setId("1").build(),
                        request(SETOSA).setId("2").setModelName("nobody").build(),
                        request(SETOSA).setId("3").build()));
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).getInferResponse().getId()).isEqualTo("1");
        assertThat(answers.get(1).getErrorMessage()).contains("nobody");
        assertThat(answers.get(1).getInferResponse().getId()).isEqualTo("2");
        assertThat(answers.get(2).getInferResponse().getId()).isEqualTo("3");
        assertThat(answers.get(2).getInferResponse().getRawOutputContents(0))
                .isEqualTo(answers.get(0).getInferResponse().getRawOutputContents(0));
    }

    @Test
    void endsAStreamWithAStatusWhenAsked() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("triton_grpc_error", Metadata.ASCII_STRING_MARSHALLER), "true");
        Throwable error = catchThrowableOfType(
                ExecutionException.class,
                () -> stream(
                        client.asyncStub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)),
                        List.of(request(SETOSA).setModelName("nobody").build())));
        assertThat(error).cause().hasMessageContaining("NOT_FOUND");
    }

    private static List<ModelStreamInferResponse> stream(
            inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub stub, List<ModelInferRequest> requests)
            throws Exception {
        List<ModelStreamInferResponse> answers = new ArrayList<>();
        CompletableFuture<List<ModelStreamInferResponse>> done = new CompletableFuture<>();
        StreamObserver<ModelInferRequest> sender = stub.modelStreamInfer(new StreamObserver<>() {
            @Override
            public void onNext(ModelStreamInferResponse response) {
                answers.add(response);
            }

            @Override
            public void onError(Throwable error) {
                done.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                done.complete(answers);
            }
        });
        requests.forEach(sender::onNext);
        sender.onCompleted();
        return done.get(60, TimeUnit.SECONDS);
    }

    @Test
    void countsWhatItDid() {
        GrpcService.ModelStatistics before = statistics();
        client.stub()
                .modelInfer(
                        request(5.1f, 3.5f, 1.4f, 0.2f, 6.2f, 2.9f, 4.3f, 1.3f).build());
        GrpcService.ModelStatistics after = statistics();
        assertThat(after.getInferenceCount()).isEqualTo(before.getInferenceCount() + 2);
        assertThat(after.getExecutionCount()).isEqualTo(before.getExecutionCount() + 1);
        assertThat(after.getBatchStatsList())
                .anySatisfy(batch -> assertThat(batch.getBatchSize()).isEqualTo(2));
        assertThat(after.getInferenceStats().getSuccess().getNs()).isPositive();
        assertThat(after.getLastInference()).isPositive();
    }

    private static GrpcService.ModelStatistics statistics() {
        return client.stub()
                .modelStatistics(GrpcService.ModelStatisticsRequest.newBuilder()
                        .setName("iris")
                        .build())
                .getModelStats(0);
    }

    @Test
    void unloadsAndLoads() {
        server.deploy(Path.of("../../examples/iris"), "other");
        assertThat(index()).contains("other:READY");
        client.stub()
                .repositoryModelUnload(GrpcService.RepositoryModelUnloadRequest.newBuilder()
                        .setModelName("other")
                        .build());
        assertThat(index()).contains("other:UNAVAILABLE");
        assertThat(ready("other", "")).isFalse();
        client.stub()
                .repositoryModelLoad(GrpcService.RepositoryModelLoadRequest.newBuilder()
                        .setModelName("other")
                        .build());
        assertThat(index()).contains("other:READY");
        assertThat(ready("other", "")).isTrue();
    }

    private static List<String> index() {
        return client
                .stub()
                .repositoryIndex(GrpcService.RepositoryIndexRequest.getDefaultInstance())
                .getModelsList()
                .stream()
                .map(model -> model.getName() + ":" + model.getState())
                .toList();
    }

    @Test
    void loadsAVersionFromFilesAndAConfig() throws Exception {
        client.stub()
                .repositoryModelLoad(GrpcService.RepositoryModelLoadRequest.newBuilder()
                        .setModelName("given")
                        .putParameters("config", text("{\"max_batch_size\": 3}"))
                        .putParameters(
                                "file:1/model.onnx",
                                GrpcService.ModelRepositoryParameter.newBuilder()
                                        .setBytesParam(ByteString.copyFrom(
                                                Files.readAllBytes(Path.of("../../examples/iris/iris.onnx"))))
                                        .build())
                        .build());
        assertThat(client.stub()
                        .modelInfer(request(SETOSA).setModelName("given").build())
                        .getRawOutputContents(0))
                .isEqualTo(client.stub().modelInfer(request(SETOSA).build()).getRawOutputContents(0));
        assertThat(client.stub()
                        .modelConfig(GrpcService.ModelConfigRequest.newBuilder()
                                .setName("given")
                                .build())
                        .getConfig()
                        .getMaxBatchSize())
                .isEqualTo(3);
        server.remove("given");
    }

    @Test
    void refusesALoadThatItCannotDo() {
        assertThat(load("nobody", "config", text("{}"))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(load("iris", "colour", text("red"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(load("iris", "file:1/model.onnx", text("no bytes"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(load("iris", "config", text("{\"ensemble_scheduling\": {\"step\": [1]}}")))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    private static Status.Code load(String model, String parameter, GrpcService.ModelRepositoryParameter value) {
        return catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> client.stub()
                                .repositoryModelLoad(GrpcService.RepositoryModelLoadRequest.newBuilder()
                                        .setModelName(model)
                                        .putParameters(parameter, value)
                                        .build()))
                .getStatus()
                .getCode();
    }

    private static GrpcService.ModelRepositoryParameter text(String value) {
        return GrpcService.ModelRepositoryParameter.newBuilder()
                .setStringParam(value)
                .build();
    }

    @Test
    void anAliasMeansItsVersionAndIsNoVersion() {
        assertThat(client.stub()
                        .modelInfer(request(SETOSA).setModelName("iris@stable").build())
                        .getModelVersion())
                .isEqualTo("1");
        refused(
                request(SETOSA).setModelName("iris@stable").setModelVersion("1").build(),
                Status.Code.INVALID_ARGUMENT,
                "either an alias or a version");
        refused(request(SETOSA).setModelName("iris@nothing").build(), Status.Code.NOT_FOUND, "alias 'nothing'");
    }

    @Test
    void callsWithTheSameKeyStayWithOneVersion() {
        ModelName name = ModelName.of("split");
        Path iris = Path.of("../../examples/iris");
        server.deploy(iris, "split");
        server.process()
                .deployments()
                .deploy(new DeployRequest(
                        name, iris, "iris", "test", null, true, true, DeployRequest.Known.NONE, _ -> {}));
        server.process()
                .deployments()
                .endpoint(
                        name,
                        new Endpoint(List.of(new Endpoint.Target(1, 1), new Endpoint.Target(2, 1)), null, true),
                        "test",
                        null);
        Set<String> versions = new HashSet<>();
        for (int key = 0; key < 20; key++) {
            String first = version("split", "key-" + key);
            assertThat(version("split", "key-" + key)).isEqualTo(first);
            versions.add(first);
        }
        assertThat(versions).containsExactlyInAnyOrder("1", "2");
        server.remove("split");
    }

    private static String version(String model, String key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-slipway-key", Metadata.ASCII_STRING_MARSHALLER), key);
        return client.stub()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .modelInfer(request(SETOSA).setModelName(model).build())
                .getModelVersion();
    }

    @Test
    void largeMessagesAreAnsweredToo() {
        float[] rows = new float[4 * 50_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = SETOSA[i % 4];
        }
        ModelInferResponse response = client.stub().modelInfer(request(rows).build());
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(50_000L, 3L);
        assertThat(response.getRawOutputContents(0).substring(0, 12))
                .isEqualTo(client.stub().modelInfer(request(SETOSA).build()).getRawOutputContents(0));
    }

    @Test
    void takesCompressedMessagesOfAnySize() {
        for (int rows : new int[] {1, 200_000}) {
            float[] values = new float[4 * rows];
            for (int i = 0; i < values.length; i++) {
                values[i] = SETOSA[i % 4] + i * 1e-6f;
            }
            ModelInferRequest request = request(values).build();
            assertThat(client.stub().withCompression("gzip").modelInfer(request))
                    .isEqualTo(client.stub().modelInfer(request));
        }
    }

    @Test
    void hasNoHealthOfServicesThatItHasNot() {
        StatusRuntimeException unknown = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> HealthGrpc.newBlockingStub(client.channel())
                        .check(HealthOuterClass.HealthCheckRequest.newBuilder()
                                .setService("nobody")
                                .build()));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void saysWhatItDoesNotOffer() {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> client.stub()
                        .systemSharedMemoryStatus(GrpcService.SystemSharedMemoryStatusRequest.getDefaultInstance()));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
}
