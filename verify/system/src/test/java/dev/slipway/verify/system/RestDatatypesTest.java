package dev.slipway.verify.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every datatype of V2 as JSON and as binary, through a model per type that answers its input. */
class RestDatatypesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static LocalServer server;
    private static V2Client client;

    @BeforeAll
    static void start() throws Exception {
        server = new LocalServer(folder.resolve("home"));
        DeclaredShape rows = DeclaredShape.of(Dimension.of("rows"));
        for (DataType type : DataType.values()) {
            Path file = folder.resolve(type + ".onnx");
            new OnnxModel()
                    .input("x", type, rows)
                    .node("Identity", List.of("x"), List.of("y"))
                    .output("y", type, rows)
                    .write(file);
            server.deploy(file, model(type));
        }
        Path scalar = folder.resolve("scalar.onnx");
        new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(new long[0]))
                .node("Identity", List.of("x"), List.of("y"))
                .output("y", DataType.FP32, DeclaredShape.of(new long[0]))
                .write(scalar);
        server.deploy(scalar, "scalar");
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

    private static String model(DataType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static RawConnection.Answer infer(String model, String datatype, String shape, String data)
            throws IOException {
        String body = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape + ",\"data\":"
                + data + "}]}";
        return RawConnection.once(server.port(), "POST", "/v2/models/" + model + "/infer", body.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL   | [true,false,true]",
                "UINT8  | [0,1,255]",
                "UINT16 | [0,1,65535]",
                "UINT32 | [0,1,4294967295]",
                "UINT64 | [0,9007199254740993,18446744073709551615]",
                "INT8   | [-128,0,127]",
                "INT16  | [-32768,0,32767]",
                "INT32  | [-2147483648,0,2147483647]",
                "INT64  | [-9223372036854775808,9007199254740993,9223372036854775807]",
                "FP32   | [0.1,-3.4028235E38,1.4E-45]",
                "FP64   | [0.1,-1.7976931348623157E308,4.9E-324]",
                "BYTES  | [\"\",\"a \\u0000 zero\",\"\\u00fcml\\u00e4ut \\ud83d\\ude00\"]",
            })
    void jsonComesBackToTheLastDigit(String datatype, String data) throws IOException {
        RawConnection.Answer answer = infer(datatype.toLowerCase(Locale.ROOT), datatype, "[3]", data);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode output = JSON.readTree(answer.text()).get("outputs").get(0);
        assertThat(output.get("datatype").asText()).isEqualTo(datatype);
        JsonNode given = output.get("data");
        JsonNode expected = JSON.readTree(data);
        assertThat(given.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            switch (datatype) {
                case "FP32" ->
                    assertThat(Float.parseFloat(given.get(i).asText()))
                            .isEqualTo(Float.parseFloat(expected.get(i).asText()));
                case "FP64" ->
                    assertThat(given.get(i).asDouble())
                            .isEqualTo(expected.get(i).asDouble());
                case "BOOL", "BYTES" -> assertThat(given.get(i)).isEqualTo(expected.get(i));
                default ->
                    assertThat(new BigInteger(given.get(i).asText()))
                            .isEqualTo(new BigInteger(expected.get(i).asText()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, 010001",
        "UINT8, 0001ff",
        "UINT16, 00000100ffff",
        "UINT32, 0000000001000000ffffffff",
        "UINT64, 00000000000000000100000000000000ffffffffffffffff",
        "INT8, 80007f",
        "INT16, 00800000ff7f",
        "INT32, 0000008000000000ffffff7f",
        "INT64, 00000000000000800000000000000000ffffffffffffff7f",
        "FP16, 003cff7b007e",
        "BF16, 803fc07f80ff",
        "FP32, 0000803f0000c07f000080ff",
        "FP64, 000000000000f03f000000000000f87f000000000000f0ff",
        "BYTES, 0000000003000000610062020000" + "00fffe",
    })
    void binaryComesBackByteForByte(String datatype, String hex) throws Exception {
        ByteString bytes = ByteString.copyFrom(HexFormat.of().parseHex(hex));
        List<V2Tensor> outputs = client.infer(
                datatype.toLowerCase(Locale.ROOT), List.of(new V2Tensor("x", datatype, List.of(3L), bytes)));
        assertThat(outputs).hasSize(1);
        assertThat(outputs.getFirst().datatype()).isEqualTo(datatype);
        assertThat(outputs.getFirst().shape()).containsExactly(3L);
        assertThat(HexFormat.of().formatHex(outputs.getFirst().bytes().toByteArray()))
                .isEqualTo(hex);
    }

    @ParameterizedTest
    @EnumSource
    void noElementsAreATensorToo(DataType type) throws Exception {
        List<V2Tensor> outputs =
                client.infer(model(type), List.of(new V2Tensor("x", type.name(), List.of(0L), ByteString.EMPTY)));
        assertThat(outputs.getFirst().shape()).containsExactly(0L);
        assertThat(outputs.getFirst().bytes()).isEmpty();
    }

    @Test
    void aScalarHasAnEmptyShape() throws Exception {
        RawConnection.Answer answer = infer("scalar", "FP32", "[]", "[2.5]");
        assertThat(answer.text()).contains("\"shape\":[],\"data\":[2.5]");
        ByteString bytes = ByteString.copyFrom(V2Client.littleEndian(new float[] {2.5f}));
        V2Tensor output = client.infer("scalar", List.of(new V2Tensor("x", "FP32", List.of(), bytes)))
                .getFirst();
        assertThat(output.shape()).isEmpty();
        assertThat(output.bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UINT8 | [256]",
                "UINT8 | [-1]",
                "INT8  | [128]",
                "INT16 | [1.5]",
                "INT32 | [1.0]",
                "INT64 | [9223372036854775808]",
                "INT64 | [1e3]",
                "UINT64| [18446744073709551616]",
                "BOOL  | [2]",
                "BOOL  | [\"true\"]",
                "FP32  | [\"1\"]",
                "FP32  | [null]",
                "FP16  | [1]",
                "BF16  | [1]",
                "BYTES | [1]",
            })
    void aValueThatIsNotOfItsTypeIsRefused(String datatype, String data) throws IOException {
        RawConnection.Answer answer = infer(datatype.strip().toLowerCase(Locale.ROOT), datatype.strip(), "[1]", data);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(JSON.readTree(answer.text()).get("error").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"FP16, 003c", "BF16, 803f"})
    void halfPrecisionIsNotSentAsJson(String datatype, String hex) throws IOException {
        String head = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + datatype
                + "\",\"shape\":[1],\"parameters\":{\"binary_data_size\":2}}]}";
        ByteBuffer body = ByteBuffer.allocate(head.length() + 2).order(ByteOrder.LITTLE_ENDIAN);
        body.put(head.getBytes(UTF_8)).put(HexFormat.of().parseHex(hex));
        RawConnection.Answer answer = RawConnection.once(
                server.port(),
                "POST",
                "/v2/models/" + datatype.toLowerCase(Locale.ROOT) + "/infer",
                body.array(),
                "Inference-Header-Content-Length: " + head.length());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("sending " + datatype + " data via JSON is not supported");
    }

    @ParameterizedTest
    @CsvSource({
        "FP32, 3, 0000803f",
        "FP32, 1, 0000803f00",
        "BOOL, 2, 01",
        "BYTES, 1, 05000000616263",
        "BYTES, 1, ffffffff616263",
        "BYTES, 1, 0100",
        "BYTES, 2, 0100000061",
        "BYTES, 1, 01000000610100000061",
    })
    void bytesThatAreNotWhatTheShapeNeedsAreRefused(String datatype, long elements, String hex) {
        ByteString bytes = ByteString.copyFrom(HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> client.infer(
                        datatype.toLowerCase(Locale.ROOT),
                        List.of(new V2Tensor("x", datatype, List.of(elements), bytes))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("400: {\"error\":");
    }
}
