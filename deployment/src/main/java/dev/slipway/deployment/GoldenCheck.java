package dev.slipway.deployment;

import dev.slipway.core.Count;
import dev.slipway.core.Failure.Fault;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.tasks.TaskForm.Decoded;
import java.util.ArrayList;
import java.util.List;

/** Runs every golden line; the version must give the recorded answers. */
final class GoldenCheck {

    private static final int SHOWN = 20;

    private final String file;
    private final List<GoldenLine> lines;

    GoldenCheck(String file, List<GoldenLine> lines) {
        this.file = file;
        this.lines = lines;
    }

    Examined run(Trial trial) {
        List<Fault> faults = new ArrayList<>();
        long wrong = 0;
        for (GoldenLine line : lines) {
            List<Fault> differences = differences(trial, line);
            wrong += differences.isEmpty() ? 0 : 1;
            differences.stream().limit(SHOWN - faults.size()).forEach(faults::add);
        }
        String detail = wrong == 0
                ? Count.of(lines.size(), "answer") + " of " + file + " as recorded"
                : wrong + " of " + Count.of(lines.size(), "answer") + " of " + file
                        + (wrong == 1 ? " differs from the recorded one" : " differ from the recorded ones");
        return new Examined(new DeployResult.Check("golden", wrong == 0, detail), faults);
    }

    private List<Fault> differences(Trial trial, GoldenLine line) {
        List<Object> where = List.of(file, "line " + line.number(), "output");
        try {
            Decoded decoded = line.decode(trial);
            try (InferenceResponse response = trial.run(decoded.inputs())) {
                return line.tolerance().between(line.expected(), line.given(trial, decoded, response), where);
            }
        } catch (FailureException e) {
            return List.of(
                    new Fault(where, "an answer", "a refusal: " + e.failure().detail()));
        }
    }
}
