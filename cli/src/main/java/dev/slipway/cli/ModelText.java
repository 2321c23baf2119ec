package dev.slipway.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What people want to know of a model, from the API's document of it. */
record ModelText(Document model) {

    /** The versions that answer, with their shares where there are several: {@code 3}, {@code 2 (90 %), 3 (10 %)}. */
    String serving() {
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

    /** The state of the version that answers first; of the newest where none does. */
    String state() {
        Document states = model.object("states");
        List<Document> targets = model.object("endpoint").objects("targets");
        String shown = targets.isEmpty()
                ? states.members().keySet().stream().findFirst().orElse("")
                : targets.getFirst().text("version");
        return states.text(shown);
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
