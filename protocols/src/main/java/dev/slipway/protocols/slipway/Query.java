package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.Failure.Fault;
import dev.slipway.core.FailureException;
import dev.slipway.server.spi.Exchange;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The query of a request, whose parameters must be known and stand once. */
final class Query {

    private final Exchange exchange;

    private Query(Exchange exchange) {
        this.exchange = exchange;
    }

    static Query of(Exchange exchange, String... known) {
        Set<String> names = new TreeSet<>(Set.of(known));
        if (exchange.request().query() != null) {
            for (String given : exchange.request().params().names()) {
                if (!names.contains(given)) {
                    throw refused(
                            given,
                            names.isEmpty() ? "no query parameter" : "one of " + String.join(", ", names),
                            "an unknown parameter");
                }
                if (exchange.request().params().getAll(given).size() > 1) {
                    throw refused(given, "once", "several times");
                }
            }
        }
        return new Query(exchange);
    }

    private static FailureException refused(String name, String rule, String given) {
        return new FailureException(Failure.BadInput.of(List.of(new Fault(List.of("query", name), rule, given))));
    }

    @Nullable
    String text(String name) {
        return exchange.query(name);
    }

    boolean flag(String name, boolean otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw refused(name, "true or false", "'" + text + "'");
        };
    }

    int number(String name, int otherwise, int least, int most) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(name, "a whole number from " + least + " to " + most, "'" + text + "'");
        }
        throw refused(name, "a whole number from " + least + " to " + most, text);
    }

    FailureException wrong(String name, String rule) {
        return refused(name, rule, "'" + text(name) + "'");
    }
}
