package dev.slipway.verify.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario tells: its figures beside what they are to reach, the subjects that they come from, and what to know. */
public final class Report {

    private final List<Figure> figures = new ArrayList<>();
    private final List<Measured> measured = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Tells of subjects in a table of their own. */
    public Report of(Measured subjects) {
        measured.add(subjects);
        return this;
    }

    /** A ratio and what it is to reach. */
    public Report ratio(String measure, Series rounds, Goal goal) {
        figures.add(new Figure(measure, "", rounds, goal));
        return this;
    }

    /** A figure with a unit and what it is to reach. */
    public Report figure(String measure, String unit, Series rounds, Goal goal) {
        figures.add(new Figure(measure, unit, rounds, goal));
        return this;
    }

    /** A figure that has to reach nothing. */
    public Report beside(String measure, String unit, Series rounds) {
        figures.add(new Figure(measure, unit, rounds, null));
        return this;
    }

    public Report note(String text) {
        notes.add(text);
        return this;
    }

    String markdown(String name, String work) {
        StringBuilder text = new StringBuilder("## " + name + "\n\n" + work + "\n\n");
        text.append("| measure | median [interval] | to reach | reached |\n|---|---|---|---|\n");
        figures.forEach(figure -> text.append(figure.row()).append('\n'));
        for (Measured each : measured) {
            text.append(
                    "\n| subject | CPU per request | requests/s | p50 | p99 | p99.9 |\n|---|---|---|---|---|---|\n");
            each.subjects().forEach(subject -> text.append(row(each, subject)).append('\n'));
        }
        if (!notes.isEmpty()) {
            text.append('\n');
            notes.forEach(note -> text.append("- ").append(note).append('\n'));
        }
        return text.toString();
    }

    private static String row(Measured measured, String subject) {
        return "| " + subject + " | " + Numbers.text(measured.processor(subject)) + " µs | "
                + Numbers.text(measured.rate(subject)) + " | "
                + Numbers.text(measured.median(subject).median()) + " ms | "
                + Numbers.text(measured.late(subject).median()) + " ms | "
                + Numbers.text(measured.latest(subject).median()) + " ms |";
    }

    Map<String, Object> document(String name, String work) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("scenario", name);
        document.put("work", work);
        document.put("figures", figures.stream().map(Figure::document).toList());
        document.put(
                "subjects",
                measured.stream()
                        .flatMap(each -> each.subjects().stream().map(subject -> document(each, subject)))
                        .toList());
        document.put("notes", List.copyOf(notes));
        return document;
    }

    private static Map<String, Object> document(Measured measured, String subject) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", subject);
        document.put("processor_us", measured.processor(subject).values());
        document.put("requests_per_second", measured.rate(subject).values());
        document.put("p50_ms", measured.median(subject).values());
        document.put("p99_ms", measured.late(subject).values());
        document.put("p99_9_ms", measured.latest(subject).values());
        return document;
    }
}
