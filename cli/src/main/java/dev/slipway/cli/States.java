package dev.slipway.cli;

import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a server goes through, for programs that started it: a line of JSON for each state. */
record States(Output output) {

    void show(String state, Map<String, ?> facts) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("state", state);
        line.putAll(facts);
        output.line(line);
    }

    /** What became of the versions that should serve. */
    void models(List<ModelView> models) {
        for (ModelView model : models) {
            for (VersionView version : model.versions()) {
                if (version.loaded() != null || version.failure() != null) {
                    show(state(version), facts(model, version));
                }
            }
        }
    }

    private static String state(VersionView version) {
        if (!version.ready()) {
            return "failed";
        }
        return version.inMemory() ? "loaded" : "unloaded";
    }

    private static Map<String, Object> facts(ModelView model, VersionView version) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model.record().name().name());
        facts.put("version", Long.toString(version.record().number()));
        facts.put("task", version.manifest().task().id());
        if (version.failure() != null) {
            facts.put("detail", version.failure().detail());
        }
        return facts;
    }
}
