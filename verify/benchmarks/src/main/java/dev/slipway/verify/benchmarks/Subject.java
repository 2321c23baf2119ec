package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** What is measured in windows of time: a server under a load, or a program that works on its own. */
public interface Subject {

    String name();

    /** Works for a while, and says what came of it. */
    Window run(Duration duration) throws IOException, InterruptedException;
}
