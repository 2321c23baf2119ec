package dev.slipway.cli;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error that a server answered (RFC 9457).
 *
 * @param code the kind of failure; empty when the answer is no problem document
 * @param faults what is wrong where, as messages tell it
 * @param document what the server sent; of our own making when that is no problem document
 */
record Problem(int status, String code, String detail, List<String> faults, Document document) {

    static Problem of(Api.Answer answer, URI server) {
        Document document = Document.of(json(answer));
        if (document.text("detail").isEmpty()) {
            String said = answer.body().strip();
            String told = server + " answered " + answer.status()
                    + (said.isEmpty() ? "" : ": " + said.lines().findFirst().orElse(""));
            return new Problem(
                    answer.status(),
                    "",
                    told,
                    List.of(),
                    new Document(Map.of("title", "Failed", "status", answer.status(), "detail", told)));
        }
        return new Problem(
                answer.status(),
                document.text("code"),
                document.text("detail"),
                document.objects("errors").stream().map(Problem::fault).toList(),
                document);
    }

    private static @Nullable Object json(Api.Answer answer) {
        try {
            return answer.contentType().contains("json") ? answer.json() : null;
        } catch (FailureException e) {
            return null;
        }
    }

    private static String fault(Document fault) {
        List<Object> path = fault.members().get("path") instanceof List<?> list ? List.copyOf(list) : List.of();
        return new Failure.Fault(path, fault.text("rule"), fault.text("given")).toString();
    }

    /** Whether it is that there is no such model. */
    boolean missesModel() {
        return code.equals("model-not-found");
    }

    /**
     * The end of the verb that met this problem.
     *
     * @param models the names of the models, where one of them may have been meant
     */
    CommandFailure failure(String command, List<String> models) {
        return CommandFailure.of(told(), remedy(command, models), document.members());
    }

    /** The detail, with each fault that it tells on a line of its own. */
    private String told() {
        String told = detail;
        for (String fault : faults) {
            told = told.replace("; " + fault, "\n  " + fault);
        }
        return told.replaceFirst("; (and \\d+ more)$", "\n  $1");
    }

    private String remedy(String command, List<String> models) {
        return switch (code) {
            case "model-not-found" ->
                NearName.of(document.text("model"), models)
                                .map(name -> "Did you mean '" + name + "'? ")
                                .orElse("")
                        + "See what is there: " + command + " models";
            case "version-not-found" -> "See its versions: " + command + " show " + document.text("model");
            case "not-ready" ->
                "See what is loaded: " + command
                        + " status. A version is loaded by promote, with --alias beside the traffic.";
            case "overloaded", "deadline-exceeded" -> "The server is busy: try again in a moment.";
            case "unauthenticated" -> "Give the server's key in the variable SLIPWAY_KEY.";
            case "forbidden" ->
                detail.contains("port of its own")
                        ? "The server prints its address when it starts: give it with --server, or the server's home in"
                                + " SLIPWAY_HOME."
                        : "";
            case "internal" ->
                "The server's log says more. Where its disk is not at fault, this is a defect: please report it.";
            case "" ->
                status >= 500 || status == 404 ? "Is that a Slipway server? Another one is given with --server." : "";
            default -> "";
        };
    }
}
