package dev.slipway.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set.
 *
 * @param name the part and the word in it: {@code server.port}
 * @param standard what holds unless something is set
 * @param flag the flag of {@code slipway serve} that sets it; null: none does
 * @param meaning what it does, for people
 */
public record Key<T>(
        String name, Form<T> form, T standard, @Nullable String flag, String meaning) {

    Key(String name, Form<T> form, T standard, String meaning) {
        this(name, form, standard, null, meaning);
    }

    /** The environment variable that sets it. */
    public String variable() {
        return "SLIPWAY_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** A value as it would stand in a file. */
    String text(Object value) {
        return form.write().apply(form.type().cast(value));
    }

    /** The default as it would stand in a file. */
    public String standardText() {
        return text(standard);
    }
}
