package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures subjects in turns, so that what else the machine does meets all alike.
 *
 * @param count how often each is measured
 * @param each how long a time
 * @param warm how long each works before
 */
public record Rounds(int count, Duration each, Duration warm) {

    public Rounds {
        if (count < 1 || !each.isPositive() || !warm.isPositive()) {
            throw new IllegalArgumentException("rounds: 1 or more of more than 0 s are needed, " + count + " of " + each
                    + " after " + warm + " given");
        }
    }

    public Measured run(List<? extends Subject> subjects) throws IOException, InterruptedException {
        for (Subject subject : subjects) {
            subject.run(warm);
        }
        Map<String, List<Window>> windows = new LinkedHashMap<>();
        for (int round = 0; round < count; round++) {
            for (Subject subject : subjects) {
                windows.computeIfAbsent(subject.name(), _ -> new ArrayList<>()).add(subject.run(each));
            }
        }
        return new Measured(windows);
    }
}
