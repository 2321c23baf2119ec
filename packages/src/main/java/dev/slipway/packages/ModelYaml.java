package dev.slipway.packages;

import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a package's {@value #FILE} says; null or empty where it says nothing.
 *
 * @param labelsFile the file that has the labels when they are not written out in {@code labels}
 */
record ModelYaml(
        @Nullable String name,
        @Nullable String description,
        @Nullable String model,
        @Nullable Task task,
        List<String> labels,
        @Nullable String labelsFile,
        List<String> columns,
        Map<String, Manifest.Input> inputs,
        Map<String, Manifest.Output> outputs,
        @Nullable Settings settings,
        Manifest.Checks checks,
        @Nullable Boolean batchable,
        Map<String, String> lineage) {

    static final String FILE = "model.yaml";

    static final ModelYaml NOTHING = new ModelYaml(
            null,
            null,
            null,
            null,
            List.of(),
            null,
            List.of(),
            Map.of(),
            Map.of(),
            null,
            Manifest.Checks.NONE,
            null,
            Map.of());

    private static final List<String> KEYS = List.of(
            "name",
            "description",
            "model",
            "format",
            "task",
            "labels",
            "columns",
            "inputs",
            "outputs",
            "settings",
            "checks",
            "batchable",
            "lineage");

    ModelYaml withModel(String model) {
        return new ModelYaml(
                name,
                description,
                model,
                task,
                labels,
                labelsFile,
                columns,
                inputs,
                outputs,
                settings,
                checks,
                batchable,
                lineage);
    }

    static ModelYaml read(Fields fields) {
        format(fields.only(KEYS));
        boolean labelsInFile = fields.element("labels") instanceof Element.Scalar;
        Map<String, Manifest.Input> inputs = new LinkedHashMap<>();
        fields.sections("inputs", (name, input) -> {
            String to = input.only(List.of("to", "steps")).text("to", name);
            inputs.put(name, new Manifest.Input(to, steps(input)));
        });
        Map<String, Manifest.Output> outputs = new LinkedHashMap<>();
        fields.sections("outputs", (name, output) -> {
            String from = output.only(List.of("from", "steps")).text("from", name);
            outputs.put(name, new Manifest.Output(from, steps(output)));
        });
        return new ModelYaml(
                fields.text("name"),
                fields.text("description"),
                fields.text("model"),
                task(fields),
                labelsInFile ? List.of() : fields.texts("labels"),
                labelsInFile ? fields.text("labels") : null,
                fields.texts("columns"),
                inputs,
                outputs,
                fields.has("settings") ? settings(fields) : null,
                checks(fields.below("checks", List.of("golden", "accuracy", "latency"))
                        .given()),
                fields.flag("batchable"),
                fields.textsByKey("lineage"));
    }

    private static void format(Fields fields) {
        String format = fields.text("format");
        if (format != null && !format.equals("onnx")) {
            fields.fault("format", "must be onnx, the one format that runs here", "'" + format + "'");
        }
    }

    private static @Nullable Task task(Fields fields) {
        String id = fields.text("task");
        if (id == null) {
            return null;
        }
        return Task.of(id).orElseGet(() -> {
            List<String> ids = Arrays.stream(Task.values()).map(Task::id).toList();
            fields.unknown("task", "task", id, ids);
            return null;
        });
    }

    private static Settings settings(Fields fields) {
        Fields settings = fields.sectionAt("settings");
        return SettingsDocument.read(settings, Settings.DEFAULT);
    }

    private static List<StepSpec> steps(Fields fields) {
        List<StepSpec> steps = new ArrayList<>();
        for (Element element : fields.elements("steps")) {
            switch (element) {
                case Element.Scalar(String text, String value, int line) -> steps.add(new StepSpec(text, Map.of()));
                case Element.Section(Map<String, Element.Member> members, int line)
                when members.size() == 1 ->
                    members.forEach((name, member) -> steps.add(new StepSpec(name, arguments(member.element()))));
                case Element.Scalar scalar -> misfit(fields, scalar);
                case Element.Section section -> misfit(fields, section);
                case Element.Listing listing -> misfit(fields, listing);
            }
        }
        return steps;
    }

    private static void misfit(Fields fields, Element step) {
        fields.fault("steps", "must have steps as a name or {name: arguments}", step.described());
    }

    private static Map<String, Object> arguments(Element element) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        if (element instanceof Element.Section section) {
            section.members()
                    .forEach(
                            (key, member) -> arguments.put(key, member.element().toValue()));
        } else if (!(element instanceof Element.Scalar scalar) || scalar.value() != null) {
            arguments.put("value", element.toValue());
        }
        return arguments;
    }

    private static Manifest.Checks checks(Fields fields) {
        return new Manifest.Checks(fields.text("golden"), accuracy(fields), latency(fields));
    }

    private static Manifest.@Nullable Accuracy accuracy(Fields checks) {
        if (!checks.has("accuracy")) {
            return null;
        }
        Fields fields = checks.below("accuracy", List.of("data", "label", "at_least"));
        String data = fields.required("data");
        String label = fields.required("label");
        Double atLeast = fields.number("at_least");
        if (atLeast == null || atLeast < 0 || atLeast > 1) {
            fields.fault("at_least", "must be a share from 0 to 1", atLeast == null ? "nothing" : atLeast.toString());
            return null;
        }
        return data == null || label == null ? null : new Manifest.Accuracy(data, label, atLeast);
    }

    private static Manifest.@Nullable Latency latency(Fields checks) {
        if (!checks.has("latency")) {
            return null;
        }
        Fields fields = checks.below("latency", List.of("p99", "batch"));
        Duration p99 = fields.duration("p99");
        if (p99 == null || !p99.isPositive()) {
            fields.fault("p99", "must be a duration above zero", p99 == null ? "nothing" : p99.toString());
            return null;
        }
        int batch = fields.whole("batch", 1);
        if (batch < 1 || batch > Manifest.Latency.MOST_ROWS) {
            fields.fault("batch", "must lie between 1 and " + Manifest.Latency.MOST_ROWS, Integer.toString(batch));
            return null;
        }
        return new Manifest.Latency(p99.toNanos() / 1e6, batch);
    }
}
