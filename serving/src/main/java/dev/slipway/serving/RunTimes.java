package dev.slipway.serving;

/** Where the nanoseconds of one run went: gathering the inputs, in the engine, and handing out the outputs. */
record RunTimes(long input, long infer, long output) {}
