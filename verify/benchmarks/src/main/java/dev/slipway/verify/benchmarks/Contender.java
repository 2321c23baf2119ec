package dev.slipway.verify.benchmarks;

/** One way of running a model once, on input that it holds ready. */
interface Contender extends AutoCloseable {

    void run();

    /** The first number of the answer of the last run, to see that all contenders do the same. */
    float answer();

    @Override
    void close();
}
