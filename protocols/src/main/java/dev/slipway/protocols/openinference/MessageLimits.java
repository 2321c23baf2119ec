package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;

/**
 * How much of each kind a request may have, whatever its size: far more than any model takes, and few enough that a
 * body of nothing but such parts cannot fill the heap.
 */
public enum MessageLimits {
    TENSORS("inputs or outputs", 10_000),
    DIMENSIONS("dimensions in a shape", 64),
    PARAMETERS("parameters", 10_000);

    private final String what;
    private final int most;

    MessageLimits(String what, int most) {
        this.what = what;
        this.most = most;
    }

    /**
     * Lets one more come.
     *
     * @param there how many there are
     * @throws FailureException {@code BadInput} when they are as many as may be
     */
    public void requireRoom(int there) {
        if (there >= most) {
            throw new FailureException(Failure.BadInput.of("a request may have " + most + " " + what + ", more given"));
        }
    }
}
