package dev.slipway.server.config;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything that is set about a server, each value with where it comes from: defaults, then a file, then environment
 * variables, then flags, the later winning.
 */
public final class Configuration {

    /** The file that is read from the home when no other is named. */
    public static final String FILE = "slipway.yaml";

    /** What Kubernetes and Docker give to containers beside a service that happens to be called slipway. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SLIPWAY_(.+_)?(SERVICE_(HOST|PORT(_.+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_.+)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    /** One value and where it comes from. */
    public record Value(Key<?> key, Object value, Origin origin) {

        /** The value as it would stand in a file. */
        public String text() {
            return key.text(value);
        }
    }

    private final Map<String, Value> values;

    private Configuration(Map<String, Value> values) {
        this.values = values;
    }

    /** Nothing set. */
    public static Configuration standard() {
        Map<String, Value> values = new LinkedHashMap<>();
        for (Key<?> key : Keys.ALL) {
            values.put(key.name(), new Value(key, key.standard(), new Origin.Standard()));
        }
        return new Configuration(values);
    }

    /**
     * The same under what a file says.
     *
     * @throws FailureException {@code BadInput} with line and near name
     */
    public Configuration withFile(Path file) {
        Configuration merged = copy();
        ConfigurationFile.read(file)
                .forEach((name, given) -> merged.set(name, given.text(), new Origin.Line(file, given.line())));
        return merged;
    }

    /**
     * The same under environment variables. Empty ones count as not set, and those that Kubernetes makes of services
     * are passed over.
     *
     * @param others variables that begin with {@code SLIPWAY_} and mean something else
     * @throws FailureException {@code BadInput} for one that begins so and means nothing, with the near name
     */
    public Configuration withVariables(Map<String, String> variables, Set<String> others) {
        Map<String, String> names = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> names.put(key.variable(), key.name()));
        Configuration merged = copy();
        variables.forEach((variable, text) -> {
            if (!variable.startsWith("SLIPWAY_") || others.contains(variable) || isServiceLink(variable, text)) {
                return;
            }
            String name = names.get(variable);
            if (name == null) {
                throw refused("the variable " + variable + " " + NearName.rule("variable", variable, names.keySet()));
            }
            if (!text.isEmpty()) {
                merged.set(name, text, new Origin.Variable(variable));
            }
        });
        return merged;
    }

    private static boolean isServiceLink(String variable, String text) {
        return SERVICE_LINK.matcher(variable).matches()
                || (variable.endsWith("_PORT") && SERVICE_ADDRESS.matcher(text).matches());
    }

    /** The same under flags: texts under the names of their flags. */
    public Configuration withFlags(Map<String, String> flags) {
        Configuration merged = copy();
        flags.forEach((flag, text) -> Keys.ALL.stream()
                .filter(key -> flag.equals(key.flag()))
                .findFirst()
                .ifPresentOrElse(key -> merged.set(key.name(), text, new Origin.Flag(flag)), () -> {
                    throw new IllegalArgumentException("no key has the flag " + flag);
                }));
        return merged;
    }

    private Configuration copy() {
        return new Configuration(new LinkedHashMap<>(values));
    }

    private void set(String name, String text, Origin origin) {
        Key<?> key = Keys.named(name).orElseThrow();
        Object value = key.form()
                .read()
                .apply(text.strip())
                .orElseThrow(() -> refused(name + " must be " + key.form().description() + ", '" + text
                        + "' given (from " + origin + ")"));
        values.put(name, new Value(key, value, origin));
    }

    /** Every value, in the order of the table. */
    public List<Value> values() {
        return List.copyOf(values.values());
    }

    /** The text of the home as it was given; {@code ~} stands for the user's folder. */
    public String home() {
        return of(Keys.HOME);
    }

    /**
     * The validated records.
     *
     * @param home the folder that {@link #home} means
     * @throws FailureException {@code BadInput} for values that cannot be, alone or together
     */
    public ServerConfig server(Path home) {
        try {
            return new ServerConfig(
                    home,
                    new Listen(of(Keys.HOST), of(Keys.PORT), of(Keys.ADMIN_PORT), of(Keys.EVENT_LOOPS)),
                    new Limits(
                            of(Keys.BODY),
                            of(Keys.HEADER),
                            of(Keys.DECOMPRESSED),
                            of(Keys.RATIO),
                            of(Keys.UPLOAD),
                            of(Keys.ANSWER),
                            of(Keys.IN_FLIGHT),
                            of(Keys.CONNECTIONS),
                            of(Keys.STREAMS)),
                    new Timeouts(of(Keys.IDLE), of(Keys.REQUEST), of(Keys.WRITE), of(Keys.DRAIN)),
                    new Logging(of(Keys.LEVEL), of(Keys.ACCESS), of(Keys.SLOW)),
                    new Serving(
                            of(Keys.TENSOR_MEMORY),
                            of(Keys.TENSOR_MEMORY_KEPT),
                            of(Keys.MODEL_MEMORY),
                            of(Keys.CACHE_MEMORY),
                            of(Keys.LOAD_AT_START),
                            of(Keys.STRICT_READINESS),
                            of(Keys.DEFAULT_MODEL).isEmpty() ? null : of(Keys.DEFAULT_MODEL)));
        } catch (IllegalArgumentException e) {
            String rule = String.valueOf(e.getMessage());
            String name = rule.split(" ", 2)[0];
            Value value = values.get(name);
            throw refused(value == null ? rule : rule + " (from " + value.origin() + ")");
        }
    }

    private <T> T of(Key<T> key) {
        return key.form()
                .type()
                .cast(Objects.requireNonNull(values.get(key.name())).value());
    }

    private static FailureException refused(String what) {
        return new FailureException(Failure.BadInput.of(what));
    }
}
