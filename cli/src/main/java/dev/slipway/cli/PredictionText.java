package dev.slipway.cli;

import dev.slipway.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A prediction as people read it: the answer first, then how sure the model is, then who answered. */
final class PredictionText {

    private final Output output;

    PredictionText(Output output) {
        this.output = output;
    }

    String people(Document answer) {
        StringBuilder text = new StringBuilder();
        List<Document> predictions = answer.objects("predictions");
        if (predictions.isEmpty()) {
            text.append(one(answer));
        } else {
            boolean scored = predictions.stream().anyMatch(prediction -> prediction.has("score"));
            Table table = output.table("#", "PREDICTION", scored ? "SCORE" : "CONFIDENCE");
            for (int i = 0; i < predictions.size(); i++) {
                Document prediction = predictions.get(i);
                table.row(
                        Integer.toString(i + 1),
                        essenceOf(prediction),
                        measure(prediction).strip());
            }
            text.append(table);
        }
        return text.append("\n")
                .append(answer.text("model"))
                .append('/')
                .append(answer.text("version"))
                .append('\n')
                .toString();
    }

    /** Only the classes or values, a line each. */
    String essence(Document answer) {
        List<Document> predictions = answer.objects("predictions");
        return predictions.isEmpty()
                ? essenceOf(answer)
                : String.join(
                        "\n",
                        predictions.stream().map(PredictionText::essenceOf).toList());
    }

    private String one(Document prediction) {
        Map<String, String> measures = measures(prediction);
        if (!measures.isEmpty()) {
            return output.bold(prediction.text("class")) + "\n\n" + lines(measures, "  ");
        }
        Document outputs = prediction.object("outputs");
        if (outputs.members().isEmpty()) {
            return essenceOf(prediction) + "\n";
        }
        Map<String, String> tensors = new LinkedHashMap<>();
        outputs.members()
                .keySet()
                .forEach(name -> tensors.put(name, Json.write(outputs.members().get(name))));
        return lines(tensors, "");
    }

    private static String lines(Map<String, String> values, String indent) {
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(indent)
                .append(name)
                .repeat(' ', width - name.length() + 2)
                .append(value)
                .append('\n'));
        return text.toString();
    }

    /** What the model thinks of each class: a share where it gives probabilities, else a score as it is. */
    private static Map<String, String> measures(Document prediction) {
        Map<String, String> measures = new LinkedHashMap<>();
        prediction.objects("classes").forEach(entry -> measures.put(entry.text("class"), measure(entry)));
        Document probabilities = prediction.object("probabilities");
        probabilities.members().keySet().forEach(name -> measures.put(name, percent(probabilities.number(name))));
        Document scores = prediction.object("scores");
        scores.members().keySet().forEach(name -> measures.put(name, score(scores.number(name))));
        return measures;
    }

    private static String essenceOf(Document prediction) {
        if (prediction.has("class")) {
            return prediction.text("class");
        }
        if (prediction.has("value")) {
            return prediction.text("value");
        }
        @Nullable Object outputs = prediction.members().getOrDefault("outputs", prediction.members());
        return Json.write(outputs);
    }

    private static String measure(Document prediction) {
        return prediction.has("confidence")
                ? percent(prediction.number("confidence"))
                : prediction.has("score") ? score(prediction.number("score")) : "";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
    }

    private static String score(double score) {
        return String.format(Locale.ROOT, "%9.4f", score);
    }
}
