package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.Scenario;
import java.util.List;

/** All scenarios, in the order in which they are told. */
public final class Scenarios {

    public static final List<Scenario> ALL =
            List.of(new ProcessorTime(), new OneConnection(), new CnnBinary(), new CnnJson());

    private Scenarios() {}
}
