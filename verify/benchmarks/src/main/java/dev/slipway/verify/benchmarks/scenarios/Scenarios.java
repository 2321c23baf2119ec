package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.Scenario;
import java.util.List;
import java.util.stream.Stream;

/** All scenarios, in the order in which they are told. */
public final class Scenarios {

    public static final List<Scenario> ALL = Stream.<List<? extends Scenario>>of(
                    List.of(new ProcessorTime(), new OneConnection(), new CnnBinary(), new CnnJson()),
                    List.of(Grpc.RAW, Grpc.CNN, Grpc.SMALL),
                    Batching.ALL,
                    List.of(new OpenLoop(), new Fairness(), new ThousandModels(1000), new Start(), new MetricsOn()))
            .<Scenario>flatMap(List::stream)
            .toList();

    private Scenarios() {}
}
