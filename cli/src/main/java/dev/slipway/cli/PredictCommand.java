package dev.slipway.cli;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "predict",
        header = "Ask for a prediction.",
        description =
                "Values become one row; name=value pairs an object; a file or - (standard input) is sent as it is. For a "
                        + "model without a task they become the tensors that it takes. `slipway show MODEL` prints a "
                        + "command to try.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway predict iris 5.1 3.5 1.4 0.2",
            "  slipway predict iris sepal_length=5.1 sepal_width=3.5 petal_length=1.4 petal_width=0.2",
            "  slipway predict digits photo.png --top 3",
            "  slipway predict iris/2 rows.csv --output json",
            "  echo '[[5.1, 3.5, 1.4, 0.2]]' | slipway predict iris@canary -",
            "  slipway predict scores user=17 history='[[3, 8, 1]]'"
        })
final class PredictCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "MODEL", description = "As iris, iris/2 or iris@canary.")
    private String model = "";

    @Parameters(index = "1..*", paramLabel = "VALUE|FILE|-", description = "What to predict from.")
    private List<String> values = List.of();

    @Option(names = "--top", paramLabel = "N", description = "How many classes to show.")
    private @Nullable Integer top;

    PredictCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws IOException {
        String path = Api.predictPath(model);
        PredictionInput input = PredictionInput.of(
                values,
                options.environment(),
                () -> TensorArguments.of(model, ModelText.version(options.api(), model)));
        Object answer = options.api()
                .send(
                        "POST",
                        top == null ? path : path + "?top=" + top,
                        BodyPublishers.ofByteArray(input.bytes()),
                        input.contentType())
                .json();
        PredictionText text = new PredictionText(options.output());
        options.output()
                .result(answer, () -> text.people(Document.of(answer)), () -> text.essence(Document.of(answer)));
        return 0;
    }
}
