package dev.slipway.protocols.slipway;

import dev.slipway.core.Durations;
import dev.slipway.core.Failure;
import dev.slipway.core.Failure.Fault;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.TuningGoal;
import dev.slipway.deployment.TuningGoal.Objective;
import dev.slipway.deployment.TuningResult;
import dev.slipway.deployment.TuningResult.Tried;
import dev.slipway.packages.Manifests;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Permission;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The search for a version's settings. */
final class TuneRoutes {

    private static final Set<String> MEMBERS = Set.of("objective", "p99", "concurrency", "time", "apply");
    private static final long CONCURRENCY = 64;
    private static final Duration TIME = Duration.ofSeconds(20);

    private final Deployments deployments;

    TuneRoutes(Deployments deployments) {
        this.deployments = deployments;
    }

    void mount(Api api) {
        api.route(HttpMethod.POST, "/models/{model}/versions/{version}/tune", Permission.ADMINISTER, this::tune);
    }

    private void tune(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        long version = ModelRef.parseVersion(exchange.path("version"));
        String actor = exchange.principal();
        exchange.await(exchange.body(), body -> {
            Map<String, @Nullable Object> members = Documents.object(body);
            Documents.requireKnown(members, MEMBERS);
            TuningGoal goal = goal(members);
            boolean apply = flag(members);
            exchange.await(
                    exchange.blocking(() -> {
                        TuningResult result = deployments.tune(model, version, goal, exchange.cancellation());
                        if (apply && result.changes()) {
                            deployments.apply(model, version, result, actor);
                        }
                        return result;
                    }),
                    result -> Documents.answer(exchange, 200, document(model, version, result, apply)));
        });
    }

    private static TuningGoal goal(Map<String, @Nullable Object> members) {
        return new TuningGoal(
                objective(members.getOrDefault("objective", "throughput")),
                members.containsKey("p99") ? duration(members, "p99") : null,
                (int) concurrency(members.getOrDefault("concurrency", CONCURRENCY)),
                members.containsKey("time") ? duration(members, "time") : TIME);
    }

    private static Objective objective(@Nullable Object given) {
        for (Objective objective : Objective.values()) {
            if (name(objective).equals(given)) {
                return objective;
            }
        }
        throw wrong("objective", "throughput or latency", given);
    }

    private static String name(Objective objective) {
        return objective.name().toLowerCase(Locale.ROOT);
    }

    private static Duration duration(Map<String, @Nullable Object> members, String name) {
        Object given = members.get(name);
        return Durations.parse(String.valueOf(given))
                .orElseThrow(() -> wrong(name, "a duration such as 20ms or PT5S", given));
    }

    private static long concurrency(@Nullable Object given) {
        if (given instanceof Long number && number == number.intValue()) {
            return number;
        }
        throw wrong("concurrency", "a whole number", given);
    }

    private static boolean flag(Map<String, @Nullable Object> members) {
        Object given = members.getOrDefault("apply", true);
        if (given instanceof Boolean flag) {
            return flag;
        }
        throw wrong("apply", "true or false", given);
    }

    private static FailureException wrong(String name, String rule, @Nullable Object given) {
        return new FailureException(
                Failure.BadInput.of(List.of(new Fault(List.of("body", name), rule, String.valueOf(given)))));
    }

    private static Map<String, @Nullable Object> document(
            ModelName model, long version, TuningResult result, boolean applied) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("model", model.name());
        answer.put("version", Long.toString(version));
        answer.put("processor", result.processor());
        answer.put("cores", result.cores());
        answer.put("met", result.met());
        answer.put("changed", applied && result.changes());
        answer.put(
                "tried",
                result.tried().stream().map(tried -> document(tried, result)).toList());
        return answer;
    }

    private static Map<String, Object> document(Tried tried, TuningResult result) {
        Map<String, Object> document = new LinkedHashMap<>();
        Map<String, Object> settings = Manifests.toMap(tried.settings());
        document.put("batching", settings.get("batching"));
        document.put("instances", settings.get("instances"));
        document.put("intra_op_threads", settings.get("intra_op_threads"));
        document.put("rate", rounded(tried.rate()));
        document.put("p50_ms", rounded(tried.p50Millis()));
        document.put("p99_ms", rounded(tried.p99Millis()));
        document.put("present", tried.equals(result.tried().getFirst()));
        document.put("best", tried.equals(result.best()));
        return document;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
