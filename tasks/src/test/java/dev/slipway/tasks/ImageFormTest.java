package dev.slipway.tasks;

import static dev.slipway.tasks.Forms.BATCH;
import static dev.slipway.tasks.Forms.dim;
import static dev.slipway.tasks.Forms.faults;
import static dev.slipway.tasks.Forms.json;
import static dev.slipway.tasks.Forms.spec;
import static dev.slipway.tasks.Forms.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import dev.slipway.testing.CountingPool;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormTest {

    private static final List<String> DIGITS =
            IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    private static final byte[] WHITE = image(0xFFFFFF);
    private static final byte[] BLACK = image(0);

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final TaskForm digits = form(
            spec("input", DataType.FP32, BATCH, dim(1), dim(8), dim(8)),
            Map.of(),
            Map.of("class", new Manifest.Output("logits", List.of(step("softmax"), step("top", 1)))));

    private static TaskForm form(
            TensorSpec input, Map<String, Manifest.Input> inputs, Map<String, Manifest.Output> outputs) {
        TensorSpec logits = spec("logits", DataType.FP32, BATCH, dim(10));
        return TaskForms.load()
                .create(Forms.manifest(
                        Task.IMAGE_CLASSIFICATION,
                        DIGITS,
                        List.of(),
                        new Signature(List.of(input), List.of(logits)),
                        inputs,
                        outputs));
    }

    private static byte[] image(int color) {
        BufferedImage image = new BufferedImage(12, 10, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 120; i++) {
            image.setRGB(i % 12, i / 12, color);
        }
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The first element of each instance and the shape, given back. */
    private static String corners(TaskForm.Decoded decoded) {
        StringBuilder text = new StringBuilder();
        NamedTensor input = decoded.inputs().getFirst();
        Shape shape = input.tensor().shape();
        text.append(input.name()).append(' ').append(input.tensor());
        for (long i = 0; i < shape.elements(); i += shape.elements() / Math.max(1, shape.dim(0))) {
            text.append(' ').append(Elements.get(input.tensor(), i));
        }
        NamedTensor.closeAll(decoded.inputs());
        return text.append(decoded.list() ? " list" : "").toString();
    }

    @Test
    void stopsBetweenImagesWhenNobodyWaitsAnyMore() {
        AtomicInteger looks = new AtomicInteger();
        Runnable untilTheThird = () -> {
            if (looks.incrementAndGet() == 3) {
                throw new FailureException(new Failure.Cancelled("the client has gone"));
            }
        };
        String image = "\"" + base64(WHITE) + "\"";
        byte[] body = ("{\"images\":[" + String.join(",", Collections.nCopies(5, image)) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        try (TensorLease content = pool.allocate(DataType.UINT8, Shape.of(body.length))) {
            content.tensor().data().copyFrom(MemorySegment.ofArray(body));
            assertThatThrownBy(() -> digits.decode(new TaskForm.Body("application/json", content, untilTheThird), pool))
                    .hasMessage("the client has gone");
        }
        assertThat(looks).hasValue(3);
    }

    @Test
    void takesAnImageInEveryWrapping() {
        String white = "input FP32[1,1,8,8] 1.0";
        assertThat(corners(Forms.decode(digits, "image/png", null, WHITE, pool)))
                .isEqualTo(white);
        assertThat(corners(Forms.decode(digits, "application/octet-stream", null, WHITE, pool)))
                .isEqualTo(white);
        assertThat(corners(json(digits, "{\"image\":\"" + base64(WHITE) + "\"}", pool)))
                .isEqualTo(white);
        assertThat(corners(json(digits, "{\"image\":\"data:image/png;base64," + base64(WHITE) + "\"}", pool)))
                .isEqualTo(white);
        assertThat(corners(
                        Forms.decode(digits, "multipart/form-data", "b--1", multipart("b--1", "image", WHITE), pool)))
                .isEqualTo(white);
        assertThat(corners(digits.decode(WHITE, pool))).isEqualTo(white);
        assertThat(corners(digits.decode(base64(WHITE), pool))).isEqualTo(white);
        assertThat(corners(digits.decode(Map.of("image", WHITE), pool))).isEqualTo(white);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Multipart/Form-Data; boundary=b-1", "multipart/form-data;charset=utf-8; Boundary=\"b-1\""})
    void readsTheBoundaryFromTheContentType(String header) {
        byte[] bytes = multipart("b-1", "image", WHITE);
        try (TensorLease content = pool.allocate(DataType.UINT8, Shape.of(bytes.length))) {
            MemorySegment.copy(bytes, 0, content.tensor().data(), ValueLayout.JAVA_BYTE, 0, bytes.length);
            assertThat(corners(digits.decode(new TaskForm.Body(header, content), pool)))
                    .isEqualTo("input FP32[1,1,8,8] 1.0");
        }
    }

    @Test
    void takesAListOfImagesInOrder() {
        String both = "input FP32[2,1,8,8] 1.0 0.0 list";
        assertThat(corners(json(digits, "{\"images\":[\"" + base64(WHITE) + "\",\"" + base64(BLACK) + "\"]}", pool)))
                .isEqualTo(both);
        assertThat(corners(digits.decode(List.of(WHITE, BLACK), pool))).isEqualTo(both);
        assertThat(corners(
                        Forms.decode(digits, "multipart/form-data", "b", multipart("b", "image", WHITE, BLACK), pool)))
                .isEqualTo(both);
        assertThat(corners(json(digits, "{\"images\":[\"" + base64(WHITE) + "\"]}", pool)))
                .isEqualTo("input FP32[1,1,8,8] 1.0 list");
    }

    private static byte[] multipart(String boundary, String name, byte[]... files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("a preamble\r\n".getBytes(StandardCharsets.US_ASCII));
        for (byte[] file : files) {
            out.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; filename=\"a name=b.png\"; name=\""
                            + name + "\"\r\nContent-Type: image/png\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(file);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    @Test
    void followsTheLayoutAndTypeOfTheGraph() {
        assertThat(corners(form(spec("x", DataType.UINT8, dim(1), dim(4), dim(5), dim(3)), Map.of(), Map.of())
                        .decode(WHITE, pool)))
                .isEqualTo("x UINT8[1,4,5,3] 255.0");
        assertThat(corners(form(spec("x", DataType.FP16, BATCH, dim(3), dim(4), dim(5)), Map.of(), Map.of())
                        .decode(List.of(WHITE, BLACK), pool)))
                .isEqualTo("x FP16[2,3,4,5] 1.0 0.0 list");
        TaskForm anySize =
                form(spec("x", DataType.FP32, BATCH, dim(3), Dimension.of("h"), Dimension.of("w")), Map.of(), Map.of());
        assertThat(corners(anySize.decode(WHITE, pool))).isEqualTo("x FP32[1,3,10,12] 1.0");
        assertThatThrownBy(() -> form(spec("x", DataType.FP32, BATCH, dim(64)), Map.of(), Map.of()))
                .hasMessageContaining("does not look like an image");
    }

    @Test
    void doesTheStepsOfTheManifest() {
        Map<String, Object> size = new LinkedHashMap<>();
        size.put("height", 8L);
        size.put("width", 8L);
        size.put("like", "pillow-bilinear");
        TaskForm own = form(
                spec("input", DataType.FP32, BATCH, dim(1), dim(8), dim(8)),
                Map.of(
                        "scan",
                        new Manifest.Input(
                                "input",
                                List.of(
                                        step("decode"),
                                        step("grayscale"),
                                        new StepSpec("resize", size),
                                        step("scale", 2.0),
                                        step("layout", "nchw")))),
                Map.of());
        assertThat(corners(json(own, "{\"scan\":\"" + base64(WHITE) + "\"}", pool)))
                .isEqualTo("input FP32[1,1,8,8] 510.0");
        assertThatThrownBy(() -> form(
                        spec("input", DataType.FP32, BATCH, dim(1), dim(8), dim(8)),
                        Map.of(
                                "image",
                                new Manifest.Input(
                                        "input", List.of(step("decode"), step("softmax"), step("grayscale")))),
                        Map.of()))
                .hasMessageStartingWith("input 'image', step 3 'grayscale': ");
        assertThatThrownBy(() -> form(
                        spec("input", DataType.FP32, BATCH, dim(1), dim(8), dim(8)),
                        Map.of("image", new Manifest.Input("input", List.of(step("decode")))),
                        Map.of()))
                .hasMessage("input 'image': its steps give UINT8, 'input' takes FP32: end with cast");
    }

    @Test
    void namesEveryFault() {
        assertThat(faults(() -> json(
                        digits,
                        "{\"images\":[\"" + base64(WHITE) + "\",\"&&&&\",7,\"data:image/png,x\",\"\"],\"imges\":1}",
                        pool)))
                .containsExactly(
                        "images[1]: expected base64 of an image file, or a data URI of it, got a string of 4 bytes that is"
                                + " neither",
                        "images[2]: expected base64 of an image file, or a data URI of it, got 7",
                        "images[3]: expected base64 of an image file, or a data URI of it, got a string of 16 bytes that is"
                                + " neither",
                        "images[4]: expected base64 of an image file, or a data URI of it, got a string of 0 bytes that is"
                                + " neither",
                        "imges: expected one of image, images (did you mean 'images'?), got 'imges'");
        List<String> noImages = faults(() -> digits.decode(List.of(new byte[] {1, 2, 3}, WHITE, new byte[0]), pool));
        assertThat(noImages).hasSize(2);
        assertThat(noImages.getFirst()).startsWith("[0]: expected an image, got a file that cannot be read as one: ");
        assertThat(noImages.getLast()).startsWith("[2]: expected an image, got a file that cannot be read as one: ");
        assertThat(faults(() -> json(digits, "{\"image\":\"AAAA\",\"images\":[]}", pool)))
                .containsExactly("images: expected only one of image and images, got both");
        assertThat(faults(() -> json(digits, "{\"images\":[]}", pool)))
                .containsExactly("images: expected at least one image, got none");
        assertThat(faults(() -> json(digits, "{}", pool))).containsExactly("image: required, got nothing");
        assertThat(faults(() -> Forms.decode(digits, "multipart/form-data", "b", multipart("b", "file", WHITE), pool)))
                .containsExactly("file: expected one of image, got 'file'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b",
                "--b\r\n",
                "--b\r\n\r\n",
                "--b\r\nx: y\r\n\r\nabc",
                "--b\r\nx: y\r\n\r\nabc\r\n--b--",
                "--c\r\n"
            })
    void refusesFormsThatAreBroken(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Failure.BadInput failure = Forms.refused(() -> Forms.decode(digits, "multipart/form-data", "b", bytes, pool));
        assertThat(failure.malformed()).isTrue();
        assertThat(Forms.refused(() -> Forms.decode(digits, "multipart/form-data", null, bytes, pool))
                        .malformed())
                .isTrue();
    }

    @Test
    void saysWhichContentTypesItTakes() {
        assertThat(digits.takes("image/webp")).isTrue();
        assertThat(digits.takes("multipart/form-data")).isTrue();
        assertThat(digits.takes("text/plain")).isFalse();
        assertThatThrownBy(() -> Forms.decode(digits, "text/plain", "x", pool))
                .extracting("failure")
                .isInstanceOf(Failure.Unsupported.class);
    }

    @Test
    void answersTheBestClasses() {
        NamedTensor logits =
                Forms.floats("logits", pool, Shape.of(1, 10), 0, 0, 0, 0, 0, 0, 0, Math.log(9), 0, Math.log(2));
        assertThat(Forms.answer(digits, 1, false, Map.of("top", "2"), logits))
                .isEqualTo("{\"class\":\"7\",\"confidence\":0.47368422,\"classes\":["
                        + "{\"class\":\"7\",\"confidence\":0.47368422},{\"class\":\"9\",\"confidence\":0.10526316}]}");
        assertThat(Forms.answer(
                        digits,
                        1,
                        false,
                        Map.of(),
                        Forms.floats("logits", pool, Shape.of(1, 10), 9, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
                .isEqualTo("{\"class\":\"0\",\"confidence\":0.9988905,\"classes\":["
                        + "{\"class\":\"0\",\"confidence\":0.9988905}]}");
    }

    @Test
    void showsAnExampleThatSucceeds() {
        assertThat(corners(json(digits, Json.write(digits.example()), pool))).startsWith("input FP32[1,1,8,8]");
        assertThat(Json.write(digits.requestSchema())).contains("images");
    }
}
