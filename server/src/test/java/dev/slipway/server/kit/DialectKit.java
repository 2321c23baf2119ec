package dev.slipway.server.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.server.config.Limits;
import dev.slipway.server.spi.Dialect;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every dialect must do: answer what goes wrong in its own form and status, and give back every tensor. Each test
 * runs on a live server that speaks the dialect alone and serves {@code y = -x} of FP32[rows,2] under the name {@code kit}.
 */
public abstract class DialectKit {

    private static final int LARGEST_BODY = 64 << 10;
    private static final int LARGEST_ANSWER = 64 << 10;

    @RegisterExtension
    protected final CountingPool pool = new CountingPool();

    @TempDir
    private Path home;

    private LiveServer server;

    /** The dialect that is tested. */
    protected abstract Dialect dialect();

    /** The path at which the model {@code kit} takes predictions by POST, and by no other method. */
    protected abstract String predictPath();

    /** A JSON body that asks the model {@code kit} for this many rows of ones. */
    protected abstract String predictBody(int rows);

    /** A path that begins like the dialect's own and has nothing there. */
    protected abstract String unknownPath();

    /** The status that the dialect's contract gives a failure. */
    protected abstract int status(Failure failure);

    /** Checks that an answer has the dialect's form of a failure. */
    protected abstract void assertForm(HttpResponse<byte[]> answer, Failure failure);

    /** Checks that an answer has the dialect's form of what HTTP itself refuses. */
    protected abstract void assertRefused(HttpResponse<byte[]> answer);

    @BeforeEach
    void start() {
        Limits limits = Limits.DEFAULT;
        DeclaredShape rows = DeclaredShape.of(Dimension.of("rows"), Dimension.of(2));
        server = LiveServer.start(
                home,
                pool,
                config -> config.with(new Limits(
                        new DataSize(LARGEST_BODY),
                        limits.header(),
                        limits.decompressed(),
                        limits.ratio(),
                        limits.upload(),
                        new DataSize(LARGEST_ANSWER),
                        limits.inFlight(),
                        limits.connections(),
                        limits.streams())),
                new FailingDialect(dialect(), FAILURES));
        server.deploy(
                "kit",
                new OnnxModel()
                        .input("x", DataType.FP32, rows)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, rows));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static final List<Failure> FAILURES = List.of(
            new Failure.ModelNotFound("no model"),
            new Failure.VersionNotFound("no version"),
            new Failure.NotReady("not ready"),
            Failure.BadInput.malformed("not parsed"),
            Failure.BadInput.of("does not fit"),
            Failure.BadInput.of(List.of(new Failure.Fault(List.of("x", 1), "a number", "'a'"))),
            new Failure.Unsupported("not supported"),
            new Failure.TooLarge("too large"),
            new Failure.InsufficientStorage("disk full"),
            new Failure.Overloaded("overloaded", Duration.ofSeconds(3)),
            new Failure.DeadlineExceeded("too late"),
            new Failure.Cancelled("cancelled"),
            new Failure.Unauthenticated("who?"),
            new Failure.Forbidden("not you"),
            new Failure.Conflict("changed meanwhile"),
            new Failure.ModelFailed("the model failed"),
            new Failure.Internal("a defect"));

    static Stream<Failure> failures() {
        return FAILURES.stream();
    }

    @Test
    void theKitKnowsEveryKindOfFailure() {
        assertThat(FAILURES.stream().map(Object::getClass).distinct())
                .hasSameElementsAs(Arrays.stream(Failure.class.getPermittedSubclasses())
                        .filter(Class::isRecord)
                        .filter(kind -> !kind.equals(Failure.Fault.class))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyKindOfFailureHasItsStatusAndForm(Failure failure) {
        HttpResponse<byte[]> answer = server.get(FailingDialect.path(FAILURES.indexOf(failure)));
        assertThat(answer.statusCode()).isEqualTo(status(failure));
        assertForm(answer, failure);
    }

    @Test
    void aPathWithNothingThereIsNotFound() {
        HttpResponse<byte[]> answer = server.get(unknownPath());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertRefused(answer);
    }

    @Test
    void aMethodThatThePathDoesNotTakeIsRefusedWithThoseThatItDoes() {
        HttpResponse<byte[]> answer = server.get(predictPath());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow").orElse("")).contains("POST");
        assertRefused(answer);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aBodyThatCannotBeParsedIsMalformedInput(String body) {
        HttpResponse<byte[]> answer = server.post(predictPath(), body, "Content-Type", "application/json");
        Failure malformed = Failure.BadInput.malformed("");
        assertThat(answer.statusCode()).isEqualTo(status(malformed));
        assertForm(answer, malformed);
    }

    static List<String> malformed() {
        return List.of("", "{", "\0", "{\"a\" 1}", "\"", "{]");
    }

    @Test
    void aBodyThatIsNestedWithoutEndIsRefused() {
        for (String opening : List.of("[", "{\"a\":", "{\"inputs\":[")) {
            HttpResponse<byte[]> answer =
                    server.post(predictPath(), opening.repeat(5_000), "Content-Type", "application/json");
            assertThat(answer.statusCode())
                    .isIn(status(Failure.BadInput.malformed("")), status(Failure.BadInput.of("")));
            assertRefused(answer);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        HttpResponse<byte[]> answer =
                server.post(predictPath(), " ".repeat(LARGEST_BODY + 1), "Content-Type", "application/json");
        Failure tooLarge = new Failure.TooLarge("");
        assertThat(answer.statusCode()).isEqualTo(status(tooLarge));
        assertForm(answer, tooLarge);
    }

    @Test
    void anAnswerThatIsTooLargeIsRefusedAndHoldsNothing() {
        Failure tooLarge = new Failure.TooLarge("limits.answer");
        HttpResponse<byte[]> answer =
                server.post(predictPath(), predictBody(10_000), "Content-Type", "application/json");
        assertThat(answer.statusCode()).isEqualTo(status(tooLarge));
        assertRefused(answer);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("more than " + LARGEST_ANSWER + " bytes")
                .contains("limits.answer");
        server.awaitMetric("slipway_answer_bytes", 0);
    }

    @Test
    void whatAnAnswerHoldsIsGivenBack() {
        HttpResponse<byte[]> answer =
                server.post(predictPath(), predictBody(4_000), "Content-Type", "application/json");
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(answer.body().length).isGreaterThan(16 << 10);
        server.awaitMetric("slipway_answer_bytes", 0);
    }

    @Test
    void aForeignHostIsForbidden() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST " + predictPath() + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 " + status(new Failure.Forbidden("")) + " ");
        }
    }
}
