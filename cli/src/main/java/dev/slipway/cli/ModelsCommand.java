package dev.slipway.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "models", header = "List the models.", description = "What serves, in which version and state.")
final class ModelsCommand implements Callable<Integer> {

    private final GlobalOptions options;

    ModelsCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Object answer = options.api().get(Api.MODELS);
        List<Document> models = Document.of(answer).objects("models");
        Output output = options.output();
        output.result(answer, () -> table(output, models), () -> names(models));
        return 0;
    }

    private String table(Output output, List<Document> models) {
        if (models.isEmpty()) {
            return "There are no models yet. Bring one: " + options.command() + " deploy model.onnx";
        }
        Table table = output.table("MODEL", "VERSION", "STATE", "TASK", "VERSIONS", "ALIASES");
        for (Document model : models) {
            ModelText text = new ModelText(model);
            table.row(
                    model.text("model"),
                    text.serving(),
                    text.state(),
                    model.text("task"),
                    Integer.toString(model.object("states").members().size()),
                    text.aliases());
        }
        return table.toString();
    }

    private static String names(List<Document> models) {
        return String.join(
                "\n", models.stream().map(model -> model.text("model")).toList());
    }
}
