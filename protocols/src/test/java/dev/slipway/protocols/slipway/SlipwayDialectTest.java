package dev.slipway.protocols.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure;
import dev.slipway.server.kit.DialectKit;
import dev.slipway.server.spi.Dialect;
import java.net.http.HttpResponse;

/** Slipway's own interface answers what goes wrong as RFC 9457 says. */
class SlipwayDialectTest extends DialectKit {

    @Override
    protected Dialect dialect() {
        return new SlipwayDialect();
    }

    @Override
    protected String predictPath() {
        return "/predict/kit";
    }

    @Override
    protected String predictBody(int rows) {
        return "{\"inputs\":{\"x\":[" + "[1,1],".repeat(rows - 1) + "[1,1]]}}";
    }

    @Override
    protected String unknownPath() {
        return "/api/v1/nothing";
    }

    @Override
    protected int status(Failure failure) {
        return switch (failure) {
            case Failure.BadInput bad -> bad.malformed() ? 400 : 422;
            case Failure.Unauthenticated _ -> 401;
            case Failure.Forbidden _ -> 403;
            case Failure.ModelNotFound _, Failure.VersionNotFound _ -> 404;
            case Failure.Conflict _ -> 409;
            case Failure.TooLarge _ -> 413;
            case Failure.Cancelled _ -> 499;
            case Failure.ModelFailed _, Failure.Internal _ -> 500;
            case Failure.Unsupported _ -> 501;
            case Failure.InsufficientStorage _ -> 507;
            case Failure.NotReady _, Failure.Overloaded _ -> 503;
            case Failure.DeadlineExceeded _ -> 504;
        };
    }

    @Override
    protected void assertForm(HttpResponse<byte[]> response, Failure failure) {
        Answered answer = new Answered(response);
        assertRefused(response);
        assertThat(answer.at("code")).isEqualTo(failure.code());
        assertThat(answer.at("type")).isEqualTo("/errors/" + failure.code());
        if (!failure.detail().isEmpty()) {
            assertThat(answer.at("detail")).isEqualTo(failure.detail());
        }
        if (failure instanceof Failure.Overloaded overloaded) {
            assertThat(answer.header("Retry-After"))
                    .isEqualTo(Long.toString(overloaded.retryAfter().toSeconds()));
        }
    }

    @Override
    protected void assertRefused(HttpResponse<byte[]> response) {
        Answered answer = new Answered(response);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.at("status")).isEqualTo((long) answer.status());
        assertThat(answer.at("request_id")).isEqualTo(answer.header("X-Request-Id"));
    }
}
