package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.Failure.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The outcome of one check and, where it failed, what exactly differs.
 *
 * @param faults the first differences; the check's detail counts them all
 */
record Examined(DeployResult.Check check, List<Fault> faults) {

    Examined {
        faults = List.copyOf(faults);
    }

    /** The refusal of a version whose checks failed, with the whole report. */
    static Failure refusal(List<Examined> failed) {
        List<Fault> faults = new ArrayList<>();
        failed.forEach(examined -> faults.addAll(examined.faults()));
        String summary = failed.stream()
                .map(examined ->
                        examined.check().name() + ": " + examined.check().detail())
                .collect(Collectors.joining("; "));
        String shown = faults.stream().limit(3).map(Fault::toString).collect(Collectors.joining("; "));
        return new Failure.BadInput(
                "the version is refused, a check failed: " + summary + (shown.isEmpty() ? "" : " (" + shown + ")"),
                false,
                faults);
    }
}
