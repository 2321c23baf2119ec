package dev.slipway.protocols.slipway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the {@code type} of a problem points to: a page that says what the kind of error means and what to do. */
final class ErrorPage {

    private record Kind(String status, String meaning, String remedy) {}

    private static final Map<String, Kind> KINDS = kinds();

    private ErrorPage() {}

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put(
                "bad-input",
                new Kind(
                        "400 or 422",
                        "The request cannot be parsed (400), or it can but does not fit (422).",
                        "Each entry of 'errors' names the path to what is wrong, the rule, and what was given."));
        kinds.put(
                "model-not-found",
                new Kind("404", "There is no model of that name.", "GET /api/v1/models lists those there are."));
        kinds.put(
                "version-not-found",
                new Kind(
                        "404",
                        "The model has no such version or alias.",
                        "GET /api/v1/models/{model} lists its versions and aliases."));
        kinds.put(
                "not-ready",
                new Kind(
                        "503",
                        "The model exists but cannot answer now: it is loading, was unloaded, or failed to load.",
                        "GET /api/v1/models/{model} shows the state of each version and why one failed."));
        kinds.put(
                "unsupported",
                new Kind(
                        "501",
                        "The request or model needs something that Slipway does not have; the detail names it.",
                        "Change what the detail names."));
        kinds.put(
                "too-large",
                new Kind(
                        "413",
                        "The request, or what it would become, is over a limit.",
                        "Send less at a time, or raise the limit that the detail names."));
        kinds.put(
                "insufficient-storage",
                new Kind(
                        "507",
                        "The disk of the server is full; nothing of what was sent was kept.",
                        "Make room where the server's home is, and send it again."));
        kinds.put(
                "overloaded",
                new Kind(
                        "503",
                        "The request was refused before any work was done, because too much is waiting.",
                        "Try again after the seconds in Retry-After."));
        kinds.put(
                "deadline-exceeded",
                new Kind(
                        "504",
                        "The answer did not come within the deadline.",
                        "Allow more time with X-Slipway-Deadline-Ms, or give the model more instances."));
        kinds.put("cancelled", new Kind("499", "The client went before its answer came.", "Nothing."));
        kinds.put(
                "unauthenticated",
                new Kind(
                        "401",
                        "The call needs the administration key.",
                        "Send 'Authorization: Bearer' and the key that the server showed at its first start."));
        kinds.put(
                "forbidden",
                new Kind(
                        "403", "The caller may not do this here.", "The detail says where or as whom it may be done."));
        kinds.put(
                "conflict",
                new Kind(
                        "409",
                        "The change does not fit what is there now.",
                        "Look again (GET shows the revision in ETag) and decide anew."));
        kinds.put(
                "model-failed",
                new Kind(
                        "500",
                        "The model itself failed on this input.",
                        "The detail carries the engine's words; try the input where the model was trained."));
        kinds.put(
                "internal",
                new Kind(
                        "500",
                        "A defect of Slipway's own, or of the machine it runs on.",
                        "The server's log has the whole story under the request's id."));
        return kinds;
    }

    static @Nullable String html(String code) {
        Kind kind = KINDS.get(code);
        if (kind == null) {
            return null;
        }
        String title = ProblemDocument.title(code);
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s · Slipway</title>
                <link rel="icon" href="/docs/icon.svg">
                <link rel="stylesheet" href="/docs/start.css">
                </head>
                <body>
                <main class="narrow">
                <p class="crumbs"><a href="/">Slipway</a> / errors</p>
                <h1>%s</h1>
                <p><code>%s</code> · HTTP %s</p>
                <p>%s</p>
                <h2>What to do</h2>
                <p>%s</p>
                </main>
                </body>
                </html>
                """.formatted(title, title, code, kind.status(), kind.meaning(), kind.remedy());
    }
}
