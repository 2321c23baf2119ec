package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.server.spi.Exchange;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An {@code application/problem+json} (RFC 9457): {@code type} is a page of this server, or {@code about:blank} where the
 * status says it all; {@code code} the stable word, {@code errors} one entry per fault.
 */
final class ProblemDocument {

    static final String CONTENT_TYPE = "application/problem+json";

    private ProblemDocument() {}

    static void answer(Exchange exchange, Failure failure) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        int status = FailureStatus.of(failure);
        members.put("type", "/errors/" + failure.code());
        members.put("title", title(failure.code()));
        members.put("status", status);
        members.put("code", failure.code());
        members.put("detail", failure.detail());
        if (failure instanceof Failure.BadInput bad && !bad.faults().isEmpty()) {
            members.put("errors", faults(bad));
        }
        exchange.named("model").ifPresent(model -> members.put("model", withoutAlias(model)));
        members.put("request_id", exchange.requestId());
        if (failure instanceof Failure.Overloaded overloaded) {
            long seconds = Math.max(1, overloaded.retryAfter().toSeconds());
            exchange.responseHeader("Retry-After", Long.toString(seconds));
        } else if (failure instanceof Failure.NotReady) {
            exchange.responseHeader("Retry-After", "1");
        }
        exchange.respond(status, CONTENT_TYPE, Documents.buffer(members));
    }

    /** What HTTP itself refuses. */
    static void answer(Exchange exchange, int status, String title, String detail) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        String code = title.toLowerCase(Locale.ROOT).replace(' ', '-');
        members.put("type", "about:blank");
        members.put("title", title);
        members.put("status", status);
        members.put("code", code);
        members.put("detail", detail);
        members.put("request_id", exchange.requestId());
        Buffer body = Documents.buffer(members);
        exchange.respond(status, CONTENT_TYPE, body);
    }

    static String title(String code) {
        return Character.toUpperCase(code.charAt(0)) + code.substring(1).replace('-', ' ');
    }

    private static List<Object> faults(Failure.BadInput bad) {
        List<Object> faults = new ArrayList<>();
        for (Failure.Fault fault : bad.faults()) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("path", fault.path());
            members.put("rule", fault.rule());
            members.put("given", fault.given());
            faults.add(members);
        }
        return faults;
    }

    private static String withoutAlias(String model) {
        int alias = model.indexOf('@');
        return alias < 0 ? model : model.substring(0, alias);
    }
}
