package dev.slipway.cli;

import dev.slipway.core.ModelRef;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What people want to know of a model, from the API's document of it. */
record ModelText(Document model) {

    /**
     * The version that a reference stands for: as {@code iris} the first that answers, or the newest where none does.
     *
     * @throws CommandFailure when there is none
     */
    static Document version(Api api, String reference) {
        ModelRef ref = Api.parse(reference);
        String model = Api.modelPath(ref.model().name());
        Document described = Document.of(api.get(model));
        String number = switch (ref.selector()) {
            case ModelRef.ByEndpoint.ENDPOINT -> new ModelText(described).foremost();
            case ModelRef.ByVersion(long version) -> Long.toString(version);
            case ModelRef.ByAlias(String alias) ->
                alias.equals("stable")
                        ? described.text("stable")
                        : described.object("aliases").text(alias);
        };
        if (number.isEmpty()) {
            throw new CommandFailure("there is no '" + reference + "'");
        }
        return Document.of(api.get(model + "/versions/" + number));
    }

    /** The version that answers first; the newest where none does; empty where there is none. */
    String foremost() {
        List<Document> targets = model.object("endpoint").objects("targets");
        return targets.isEmpty()
                ? model.object("states").members().keySet().stream().findFirst().orElse("")
                : targets.getFirst().text("version");
    }

    /** The versions that answer, with their shares where there are several, and the shadow: {@code 2 (90 %), 3 (10 %)}. */
    String serving() {
        String shadow = model.object("endpoint").text("shadow");
        return targets() + (shadow.isEmpty() ? "" : ", shadow " + shadow);
    }

    private String targets() {
        List<Document> targets = model.object("endpoint").objects("targets");
        if (targets.isEmpty()) {
            return "none";
        }
        if (targets.size() == 1) {
            return targets.getFirst().text("version");
        }
        double sum =
                targets.stream().mapToDouble(target -> target.number("weight")).sum();
        return targets.stream()
                .map(target -> target.text("version") + " (" + Math.round(100 * target.number("weight") / sum) + " %)")
                .collect(Collectors.joining(", "));
    }

    /** The version that most of the requests come to which name none. */
    String mostServed() {
        return model.object("endpoint").objects("targets").stream()
                .max(Comparator.comparingDouble(target -> target.number("weight")))
                .map(target -> target.text("version"))
                .orElseThrow(() -> new CommandFailure(
                        "'" + model.text("name") + "' serves no version",
                        "Name one, as " + model.text("name") + "/1."));
    }

    /** Whether requests that name no version may come to this one. */
    boolean answers(String version) {
        return model.object("endpoint").objects("targets").stream()
                .anyMatch(target -> target.text("version").equals(version));
    }

    /** The state of the version that answers first; of the newest where none does. */
    String state() {
        return model.object("states").text(foremost());
    }

    String aliases() {
        Document aliases = model.object("aliases");
        return aliases.members().keySet().stream()
                .filter(alias -> !alias.equals("stable"))
                .map(alias -> alias + "=" + aliases.text(alias))
                .collect(Collectors.joining(", "));
    }

    /** A size in the unit that fits: {@code 150.7 kB}. */
    static String size(double bytes) {
        if (Double.isNaN(bytes)) {
            return "";
        }
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }
}
