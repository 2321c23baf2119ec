package dev.slipway.protocols.slipway;

import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Task;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.Deployments.ModelView;
import dev.slipway.deployment.Deployments.VersionView;
import dev.slipway.json.Json;
import dev.slipway.server.spi.ServerInfo;
import dev.slipway.serving.LoadedVersion;
import java.util.ArrayList;
import java.util.List;

/** The start page: the models, and a form to try each. */
final class StartPage {

    private final Deployments deployments;
    private final ServerInfo info;
    private final String frame = Resources.text("start.html");

    StartPage(Deployments deployments, ServerInfo info) {
        this.deployments = deployments;
        this.info = info;
    }

    String html() {
        List<String> cards = new ArrayList<>();
        for (ModelView model : deployments.models()) {
            cards.add(card(model));
        }
        String content = cards.isEmpty() ? Resources.text("start-empty.html") : String.join("\n", cards);
        return frame.replace("{{version}}", escape(info.version()))
                .replace("{{count}}", cards.size() == 1 ? "1 model" : cards.size() + " models")
                .replace("{{cards}}", content);
    }

    private String card(ModelView model) {
        ModelName name = model.record().name();
        StringBuilder html = new StringBuilder("<article class=\"card\">\n<header><h2>")
                .append(escape(name.toString()))
                .append("</h2>");
        for (VersionView version : model.versions().reversed()) {
            html.append("<span class=\"chip ")
                    .append(ModelDocuments.state(version))
                    .append("\" title=\"")
                    .append(ModelDocuments.state(version))
                    .append("\">v")
                    .append(version.record().number())
                    .append("</span>");
        }
        html.append("</header>\n");
        try {
            LoadedVersion served = deployments.server().version(ModelRef.of(name));
            html.append(described(served));
            html.append(name.project().equals(ModelName.DEFAULT_PROJECT) ? form(name, served) : "");
        } catch (FailureException e) {
            html.append("<p class=\"quiet\">")
                    .append(escape(e.failure().detail()))
                    .append("</p>\n");
        }
        return html.append("</article>").toString();
    }

    private static String described(LoadedVersion served) {
        String description = served.manifest().description();
        return "<p>" + escape(description.isEmpty() ? "No description." : description) + "</p>\n<p class=\"quiet\">"
                + escape(served.manifest().task().id()) + " · version " + served.version() + " · "
                + escape(served.engine()) + " · batchable: "
                + escape(served.batchability().toString()) + "</p>\n";
    }

    private String form(ModelName name, LoadedVersion served) {
        String example = TensorSchemas.showable(served.signature())
                ? Json.pretty(deployments.form(served).example())
                : "";
        boolean image = served.manifest().task() == Task.IMAGE_CLASSIFICATION;
        String shown = example.length() > 4000 ? "" : example;
        return "<form class=\"try\" data-model=\"" + escape(name.name()) + "\">\n"
                + (image
                        ? "<label class=\"file\">Image <input type=\"file\" name=\"file\" accept=\"image/*\"></label>\n"
                        : "")
                + "<label>Body <textarea name=\"body\" spellcheck=\"false\" rows=\"6\">" + escape(shown)
                + "</textarea></label>\n"
                + "<div class=\"row\"><button type=\"submit\">Predict</button>"
                + "<code class=\"path\">POST /predict/" + escape(name.name()) + "</code></div>\n"
                + "<div class=\"answer\" aria-live=\"polite\"></div>\n</form>\n";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
