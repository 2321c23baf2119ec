package dev.slipway.bench;

import java.time.Duration;

/** How requests are given to a server. */
public sealed interface Load {

    /** The most requests under way at a time, each on a connection of its own. */
    int connections();

    /** Each connection asks again as soon as it has its whole answer. */
    record Closed(int connections) implements Load {
        public Closed {
            positive(connections);
        }
    }

    /**
     * Requests arrive by chance as from many independent clients (a Poisson process), whether earlier ones are answered or not.
     * Times count from the moment that a request was to be sent: one that waits for a free connection has waited.
     *
     * @param rate requests a second
     */
    record Open(double rate, int connections) implements Load {
        public Open {
            positive(connections);
            if (!(rate > 0)) {
                throw new IllegalArgumentException("rate: more than 0, " + rate + " given");
            }
        }
    }

    /**
     * How long a load is given.
     *
     * @param warmUp what is due in this time first is not counted
     * @param measured what is due then is, whenever it is answered
     */
    record Time(Duration warmUp, Duration measured) {}

    private static void positive(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: 1 or more, " + connections + " given");
        }
    }
}
