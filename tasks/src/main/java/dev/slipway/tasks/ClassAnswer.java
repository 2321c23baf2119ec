package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Step;
import dev.slipway.tasks.steps.Label;
import dev.slipway.tasks.steps.Probabilities;
import dev.slipway.tasks.steps.Threshold;
import dev.slipway.tasks.steps.Top;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Classification: {@code class}, {@code confidence}, and the others: of images the best as a list {@code classes}, of
 * rows all as {@code probabilities}. Where the model's scores are no probabilities (not between 0 and 1, or not adding
 * up to 1) and no step makes them so, they are called {@code score} and {@code scores}.
 */
final class ClassAnswer implements Answer {

    private static final List<String> PREFERRED = List.of("class", "classes", "probabilities", "scores");

    private final List<String> labels;
    private final boolean image;
    private final @Nullable OutputSource scores;
    private final @Nullable OutputSource label;
    private final @Nullable String keys;
    private final List<OutputSource> others;

    ClassAnswer(Manifest manifest, Steps steps, boolean image) {
        this.image = image;
        List<OutputSource> sources = new ArrayList<>(
                manifest.outputs().isEmpty()
                        ? manifest.signature().outputs().stream()
                                .map(OutputSource::of)
                                .toList()
                        : OutputSource.of(manifest, steps));
        sources.removeIf(source -> manifest.outputs().isEmpty() && isKeys(source.from(), manifest));
        scores = find(sources, true, manifest).orElse(null);
        label = find(sources, false, manifest).orElse(null);
        keys = scores == null
                        || manifest.signature().output(scores.from() + ".keys").isEmpty()
                ? null
                : scores.from() + ".keys";
        if (scores == null && label == null) {
            throw new FailureException(
                    Failure.BadInput.of("task " + manifest.task().id()
                            + " needs an output of one score per class, or of one class; the graph gives "
                            + Faults.list(manifest.signature().outputs().stream()
                                    .map(TensorSpec::toString)
                                    .toList())));
        }
        labels = named(label).or(() -> named(scores)).orElseGet(manifest::labels);
        sources.remove(scores);
        sources.remove(label);
        others = manifest.outputs().isEmpty() ? List.of() : List.copyOf(sources);
        if (scores != null && keys == null && scores.computing().width() >= 0) {
            requireFits(scores);
        }
    }

    private static Optional<List<String>> named(@Nullable OutputSource source) {
        return Optional.ofNullable(source)
                .flatMap(given -> given.decision(Label.class))
                .map(Label::labels);
    }

    private static boolean isKeys(String output, Manifest manifest) {
        return output.endsWith(".keys")
                && manifest.signature()
                        .output(output.substring(0, output.length() - ".keys".length()))
                        .isPresent();
    }

    private static Optional<OutputSource> find(List<OutputSource> sources, boolean scores, Manifest manifest) {
        List<OutputSource> fitting = sources.stream()
                .filter(source -> scores ? givesScores(source) : givesLabel(source))
                .toList();
        return fitting.stream()
                .filter(source -> manifest.outputs().isEmpty()
                        ? source.name().toLowerCase(Locale.ROOT).contains(scores ? "prob" : "label")
                        : PREFERRED.contains(source.name()))
                .findFirst()
                .or(() -> fitting.stream().findFirst());
    }

    private static boolean givesScores(OutputSource source) {
        Step.Flow result = source.computing().result();
        return result.dataType().floating() && result.shape().sizes().size() <= 1;
    }

    private static boolean givesLabel(OutputSource source) {
        DataType type = source.whole().result().dataType();
        List<Long> sizes = source.whole().result().shape().sizes();
        return !givesScores(source)
                && (type == DataType.BYTES || type.integral() || type == DataType.BOOL)
                && (sizes.isEmpty() || sizes.equals(List.of(1L)));
    }

    private void requireFits(OutputSource source) {
        long width = source.computing().width();
        if (!labels.isEmpty() && labels.size() != width && !(labels.size() == 2 && width == 1)) {
            throw new FailureException(
                    Failure.BadInput.of(labels.size() + " labels given, the model gives " + width + " scores"));
        }
        if (width > 2 && source.decision(Threshold.class).isPresent()) {
            throw new FailureException(Failure.BadInput.of("output '" + source.name()
                    + "': threshold decides between two classes, the model gives " + width + " scores"));
        }
    }

    @Override
    public Map<String, @Nullable Object> prediction(
            InferenceResponse response, int i, int instances, Map<String, String> options, ScratchPool pool) {
        Optional<Integer> wanted = top(options);
        Map<String, @Nullable Object> prediction = new LinkedHashMap<>();
        String chosen = label == null ? null : label.read(response, i, instances, pool, tensor -> text(tensor, 0));
        if (scores == null) {
            prediction.put("class", chosen);
        } else {
            OutputSource source = scores;
            Scores all = source.readComputed(response, i, instances, pool, tensor -> {
                List<String> classes = classes(tensor, response, i, instances);
                return Scores.of(tensor, classes, certain(source));
            });
            scored(all, chosen, wanted, prediction);
        }
        for (OutputSource other : others) {
            other.read(
                    response,
                    i,
                    instances,
                    pool,
                    tensor -> prediction.putIfAbsent(other.name(), Elements.nested(tensor)));
        }
        return prediction;
    }

    private void scored(
            Scores all, @Nullable String given, Optional<Integer> wanted, Map<String, @Nullable Object> prediction) {
        List<Integer> best = all.best();
        if (best.isEmpty()) {
            throw new FailureException(new Failure.ModelFailed("the model gave no scores"));
        }
        int first =
                given == null ? decided(all, best.getFirst()) : all.classes().indexOf(given);
        String one = all.probabilities() ? "confidence" : "score";
        Optional<Integer> shown = wanted.or(this::top);
        prediction.put("class", given == null ? all.classes().get(first) : given);
        prediction.put(one, all.values().get(first < 0 ? best.getFirst() : first));
        if (image) {
            prediction.put(
                    "classes",
                    best.stream()
                            .limit(shown.orElse(Top.USUAL))
                            .map(k -> {
                                Map<String, @Nullable Object> entry = new LinkedHashMap<>();
                                entry.put("class", all.classes().get(k));
                                entry.put(one, all.values().get(k));
                                return entry;
                            })
                            .toList());
            return;
        }
        Map<String, Object> byClass = new LinkedHashMap<>();
        (shown.isPresent()
                        ? best.stream().limit(shown.get())
                        : IntStream.range(0, best.size()).boxed())
                .forEach(k -> byClass.put(all.classes().get(k), all.values().get(k)));
        prediction.put(all.probabilities() ? "probabilities" : "scores", byClass);
    }

    /** The best class, or of two the one that a threshold on the second decides. */
    private int decided(Scores all, int best) {
        if (all.values().size() != 2 || scores == null) {
            return best;
        }
        return scores.decision(Threshold.class)
                .map(threshold -> all.values().get(1).doubleValue() >= threshold.least() ? 1 : 0)
                .orElse(best);
    }

    private Optional<Integer> top() {
        return Optional.ofNullable(scores)
                .flatMap(source -> source.decision(Top.class))
                .map(Top::count);
    }

    private static Optional<Integer> top(Map<String, String> options) {
        String given = options.get("top");
        if (given == null) {
            return Optional.empty();
        }
        if (!given.matches("[1-9][0-9]{0,5}")) {
            throw Faults.one(List.of("query", "top"), "a whole number from 1", "'" + given + "'");
        }
        return Optional.of(Integer.valueOf(given));
    }

    private static boolean certain(OutputSource source) {
        List<Step> steps = source.computing().steps();
        return !steps.isEmpty() && steps.getLast() instanceof Probabilities;
    }

    private List<String> classes(Tensor scored, InferenceResponse response, int i, int instances) {
        int count = Math.toIntExact(scored.shape().elements());
        if (keys != null) {
            Tensor names = Rows.output(response, keys);
            Tensor own = names.shape().elements() == count ? names : Rows.row(keys, names, i, instances);
            if (own.shape().elements() == count) {
                return LongStream.range(0, count).mapToObj(k -> text(own, k)).toList();
            }
        }
        if (labels.isEmpty()) {
            boolean binary = count == 1 && between(Elements.get(scored, 0));
            return IntStream.range(0, binary ? 2 : count)
                    .mapToObj(String::valueOf)
                    .toList();
        }
        if (labels.size() != count && !(labels.size() == 2 && count == 1)) {
            throw new FailureException(new Failure.ModelFailed(
                    "the model gave " + count + " scores, there are " + labels.size() + " labels"));
        }
        return labels;
    }

    private static boolean between(double value) {
        return value >= 0 && value <= 1;
    }

    /** A class as text: a name as it is, a position by its label. */
    private String text(Tensor tensor, long k) {
        if (tensor.dataType().integral() && !labels.isEmpty()) {
            long position = Elements.whole(tensor, k);
            if (position >= 0 && position < labels.size()) {
                return labels.get((int) position);
            }
        }
        return String.valueOf(Elements.value(tensor, k));
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> number = Schemas.element(DataType.FP64);
        Map<String, Object> name = Schemas.element(DataType.BYTES);
        if (!labels.isEmpty()) {
            name.put("enum", labels);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("class", name);
        properties.put("confidence", number);
        properties.put("score", number);
        if (image) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("class", name);
            entry.put("confidence", number);
            entry.put("score", number);
            properties.put("classes", Schemas.list(Schemas.open(entry, List.of("class")), 0, 1_000_000));
        } else {
            Map<String, Object> byClass = new LinkedHashMap<>();
            byClass.put("type", "object");
            byClass.put("additionalProperties", number);
            properties.put("probabilities", byClass);
            properties.put("scores", byClass);
        }
        return Schemas.open(properties, List.of("class"));
    }
}
