package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.server.spi.Exchange;
import org.jspecify.annotations.Nullable;

/** A model's revision as an entity tag: {@code ETag: "12"} out, {@code If-Match: "12"} in. */
final class Revision {

    private Revision() {}

    static void tag(Exchange exchange, long revision) {
        exchange.responseHeader("ETag", "\"" + revision + "\"");
    }

    /** The revision that a change was decided on; null when the caller does not say. */
    static @Nullable Long expected(Exchange exchange) {
        String given = exchange.header("If-Match");
        if (given == null || given.strip().equals("*")) {
            return null;
        }
        String text = given.strip().replace("\"", "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FailureException(
                    Failure.BadInput.of("header If-Match: " + given + " must be the ETag of the model, like \"12\""),
                    e);
        }
    }
}
