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
            Table table = output.table("#", "PREDICTION", "CONFIDENCE");
            for (int i = 0; i < predictions.size(); i++) {
                Document prediction = predictions.get(i);
                table.row(Integer.toString(i + 1), essenceOf(prediction), confidence(prediction));
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
        Map<String, Double> scores = scores(prediction);
        if (scores.isEmpty()) {
            return essenceOf(prediction) + "\n";
        }
        int width = scores.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder(output.bold(prediction.text("class"))).append("\n\n");
        scores.forEach((name, score) -> text.append("  ")
                .append(name)
                .repeat(' ', width - name.length() + 2)
                .append(percent(score))
                .append('\n'));
        return text.toString();
    }

    private static Map<String, Double> scores(Document prediction) {
        Map<String, Double> scores = new LinkedHashMap<>();
        prediction.objects("classes").forEach(entry -> scores.put(entry.text("class"), entry.number("confidence")));
        if (scores.isEmpty()) {
            Document probabilities = prediction.object("probabilities");
            probabilities.members().keySet().forEach(name -> scores.put(name, probabilities.number(name)));
        }
        return scores;
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

    private static String confidence(Document prediction) {
        return prediction.has("confidence")
                ? percent(prediction.number("confidence")).strip()
                : "";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
    }
}
