package dev.slipway.protocols.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure;
import dev.slipway.json.Json;
import dev.slipway.server.kit.DialectKit;
import dev.slipway.server.spi.Dialect;
import java.net.http.HttpResponse;
import java.util.Map;

/** V2 answers what goes wrong as Triton does: an object with {@code error} alone. */
class OpenInferenceTest extends DialectKit {

    @Override
    protected Dialect dialect() {
        return new OpenInference();
    }

    @Override
    protected String predictPath() {
        return "/v2/models/kit/infer";
    }

    @Override
    protected String predictBody(int rows) {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[" + rows + ",2],\"data\":["
                + "1,1,".repeat(rows - 1) + "1,1]}]}";
    }

    @Override
    protected String unknownPath() {
        return "/v2/nothing";
    }

    @Override
    protected int status(Failure failure) {
        return switch (failure) {
            case Failure.BadInput _ -> 400;
            case Failure.Unauthenticated _ -> 401;
            case Failure.Forbidden _ -> 403;
            case Failure.ModelNotFound _, Failure.VersionNotFound _ -> 404;
            case Failure.Conflict _ -> 409;
            case Failure.TooLarge _ -> 413;
            case Failure.Cancelled _ -> 499;
            case Failure.ModelFailed _, Failure.Internal _ -> 500;
            case Failure.Unsupported _ -> 501;
            case Failure.InsufficientStorage _ -> 507;
            case Failure.NotReady _, Failure.Overloaded _, Failure.DeadlineExceeded _ -> 503;
        };
    }

    @Override
    protected void assertForm(HttpResponse<byte[]> answer, Failure failure) {
        assertRefused(answer);
        assertThat(((Map<?, ?>) Json.parse(answer.body())).get("error").toString())
                .contains(failure.detail());
    }

    @Override
    protected void assertRefused(HttpResponse<byte[]> answer) {
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(((Map<?, ?>) Json.parse(answer.body())).keySet()).hasToString("[error]");
    }
}
