package dev.slipway.verify.benchmarks;

import java.io.IOException;

/** One kind of work whose speed is to be shown: starts what it needs, measures in rounds, and tells. */
public interface Scenario {

    /** As it is asked for. */
    String name();

    /** What is done, in a sentence or two. */
    String work();

    Report run(Stage stage) throws IOException, InterruptedException;
}
