package dev.slipway.protocols.slipway;

import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Task;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import dev.slipway.json.Json;
import dev.slipway.server.spi.ServerInfo;
import dev.slipway.serving.LoadedVersion;
import java.util.ArrayList;
import java.util.List;

/** The start page: the models, and a form to try each. */
final class StartPage {

    /** The most letters of a body that people are shown. */
    private static final int LONGEST = 4000;

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
        int models = cards.size();
        if (!deployments.settled()) {
            cards.add(Resources.text("start-loading.html"));
        }
        String content = cards.isEmpty() ? Resources.text("start-empty.html") : String.join("\n", cards);
        return frame.replace("{{version}}", escape(info.version()))
                .replace("{{count}}", models == 1 ? "1 model" : models + " models")
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
        Object example = Examples.of(deployments.form(served), TensorSchemas.SHOWN);
        String body = example == null ? "" : Json.pretty(example);
        if (body.isEmpty() || body.length() > LONGEST) {
            return largeForm(name, served);
        }
        boolean image = served.manifest().task() == Task.IMAGE_CLASSIFICATION;
        return "<form class=\"try\" data-model=\"" + escape(name.name()) + "\">\n"
                + (image
                        ? "<label class=\"file\">Image <input type=\"file\" name=\"file\" accept=\"image/*\"></label>\n"
                        : "")
                + "<label>Body <textarea name=\"body\" spellcheck=\"false\" rows=\"6\">" + escape(body)
                + "</textarea></label>\n"
                + "<div class=\"row\"><button type=\"submit\">Predict</button>"
                + "<code class=\"path\">POST /predict/" + escape(name.name()) + "</code></div>\n"
                + "<div class=\"answer\" aria-live=\"polite\"></div>\n</form>\n";
    }

    /** A form for a body that nobody types: a file, or zeros that the page makes. */
    private static String largeForm(ModelName name, LoadedVersion served) {
        return Resources.text("start-large.html")
                .replace("{{model}}", escape(name.name()))
                .replace("{{how}}", escape(Examples.insteadOf(served.signature())))
                .replace("{{zeros}}", escape(Json.write(TensorSchemas.zeros(served.signature()))));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
