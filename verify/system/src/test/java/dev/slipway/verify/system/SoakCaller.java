package dev.slipway.verify.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.slipway.verify.system.RawConnection.Answer;
import inference.GrpcService.InferParameter;
import inference.GrpcService.ModelInferResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A caller who behaves: one request after another, in any dialect and to any model, and each answer is looked at. */
final class SoakCaller implements Callable<Void> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DIFFERENT = 40;

    private final int port;
    private final V2Client grpc;
    private final List<SoakModel> models;
    private final List<SoakExample> examples;
    private final SoakLedger ledger;
    private final RandomGenerator random;
    private final BooleanSupplier over;

    SoakCaller(
            int port,
            V2Client grpc,
            List<SoakModel> models,
            List<SoakExample> examples,
            SoakLedger ledger,
            RandomGenerator random,
            BooleanSupplier over) {
        this.port = port;
        this.grpc = grpc;
        this.models = models;
        this.examples = examples;
        this.ledger = ledger;
        this.random = random;
        this.over = over;
    }

    @Override
    public Void call() throws IOException {
        while (!over.getAsBoolean()) {
            try (RawConnection connection = new RawConnection(port)) {
                boolean open = true;
                for (int i = 0; open && i < 1_000 && !over.getAsBoolean(); i++) {
                    open = ask(connection);
                }
            }
        }
        return null;
    }

    /** Asks once; whether the connection stays. */
    private boolean ask(RawConnection connection) throws IOException {
        if (random.nextInt(5) == 0) {
            SoakExample example = examples.get(random.nextInt(examples.size()));
            connection.request(
                    "POST", "/predict/" + example.model(), example.body(), "Content-Type: " + example.contentType());
            return heard("predict", example.model(), ledger.ask(), connection, example::isRight);
        }
        SoakModel model = models.get(random.nextInt(models.size()));
        float[] values = model.values(random, DIFFERENT);
        String path = "/v2/models/" + model.name() + "/infer";
        long id = ledger.ask();
        return switch (random.nextInt(4)) {
            case 0 -> {
                overGrpc(model, values, id);
                yield true;
            }
            case 1 -> {
                byte[] head = head(model, values, id, true).getBytes(StandardCharsets.UTF_8);
                byte[] raw = V2Client.littleEndian(values);
                byte[] body = Arrays.copyOf(head, head.length + raw.length);
                System.arraycopy(raw, 0, body, head.length, raw.length);
                connection.request(
                        "POST",
                        path,
                        body,
                        "Content-Type: application/octet-stream",
                        "Inference-Header-Content-Length: " + head.length);
                yield heard("binary", model.name(), id, connection, answer -> isRightBinary(model, values, id, answer));
            }
            case 2 -> {
                byte[] body = head(model, values, id, false).getBytes(StandardCharsets.UTF_8);
                connection.chunked(path, body, Math.max(1 + random.nextInt(16), body.length / 64));
                yield heard("chunked", model.name(), id, connection, answer -> isRight(model, values, id, answer));
            }
            default -> {
                byte[] body = head(model, values, id, false).getBytes(StandardCharsets.UTF_8);
                connection.request("POST", path, body, "Content-Type: application/json");
                yield heard("json", model.name(), id, connection, answer -> isRight(model, values, id, answer));
            }
        };
    }

    /** A request in JSON: whole, or what stands before its binary tensor. */
    static String head(SoakModel model, float[] values, long id, boolean binary) {
        String data = binary
                ? "\"parameters\":{\"binary_data_size\":" + 4 * values.length + "}"
                : "\"data\":" + Arrays.toString(values);
        String outputs = binary ? ",\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}]" : "";
        return "{\"id\":\"" + id + "\",\"parameters\":{\"priority\":" + (1 + id % 2) + "},\"inputs\":[{\"name\":\"x\","
                + "\"datatype\":\"FP32\",\"shape\":[" + values.length / model.width() + "," + model.width() + "],"
                + data + "}]" + outputs + "}";
    }

    /** Whether an answer is what it should be. */
    @FunctionalInterface
    interface Rightness {
        boolean of(Answer answer) throws IOException;
    }

    private boolean heard(String dialect, String model, long id, RawConnection connection, Rightness right)
            throws IOException {
        Answer answer;
        try {
            answer = connection.answer("POST");
        } catch (IOException e) {
            ledger.complain("request " + id + " to " + model + " as " + dialect + " had no answer: " + e);
            return false;
        }
        ledger.answered(dialect + " " + answer.status());
        boolean fine = switch (answer.status()) {
            case 200 -> right.of(answer);
            case 503 -> !answer.header("retry-after").isEmpty();
            default -> false;
        };
        if (!fine) {
            ledger.complain("request " + id + " to " + model + " as " + dialect + ": " + answer.status() + " "
                    + answer.headers() + " " + answer.text());
        }
        return !answer.header("connection").equalsIgnoreCase("close");
    }

    static boolean isRight(SoakModel model, float[] values, long id, Answer answer) throws IOException {
        JsonNode json = JSON.readTree(answer.text());
        JsonNode data = json.at("/outputs/0/data");
        float[] given = new float[data.size()];
        for (int i = 0; i < given.length; i++) {
            given[i] = data.get(i).floatValue();
        }
        return isRight(model, values, id, json, given);
    }

    private static boolean isRightBinary(SoakModel model, float[] values, long id, Answer answer) throws IOException {
        int length = Integer.parseInt(answer.header("inference-header-content-length"));
        JsonNode json = JSON.readTree(answer.body().substring(0, length).toStringUtf8());
        ByteString raw = answer.body().substring(length);
        return isRight(model, values, id, json, V2Client.floats(raw.toByteArray()));
    }

    private static boolean isRight(SoakModel model, float[] values, long id, JsonNode json, float[] given) {
        return json.get("id").asText().equals(Long.toString(id))
                && Arrays.equals(
                        given, model.expected(values, json.get("model_version").asLong()));
    }

    private void overGrpc(SoakModel model, float[] values, long id) {
        long[] shape = {values.length / model.width(), model.width()};
        try {
            ModelInferResponse answer = grpc.stub()
                    .modelInfer(V2Client.floatRequest(model.name(), "x", "y", shape, values).toBuilder()
                            .setId(Long.toString(id))
                            .putParameters(
                                    "priority",
                                    InferParameter.newBuilder()
                                            .setInt64Param(1 + id % 2)
                                            .build())
                            .build());
            ledger.answered("grpc OK");
            float[] given = V2Client.floats(answer.getRawOutputContents(0).toByteArray());
            if (!answer.getId().equals(Long.toString(id))
                    || !Arrays.equals(given, model.expected(values, Long.parseLong(answer.getModelVersion())))) {
                ledger.complain("request " + id + " to " + model.name() + " over gRPC: " + answer);
            }
        } catch (StatusRuntimeException e) {
            Status.Code code = e.getStatus().getCode();
            ledger.answered("grpc " + code);
            if (code != Status.Code.UNAVAILABLE && code != Status.Code.RESOURCE_EXHAUSTED) {
                ledger.complain("request " + id + " to " + model.name() + " over gRPC: " + e);
            }
        }
    }
}
