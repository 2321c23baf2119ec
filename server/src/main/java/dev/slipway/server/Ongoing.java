package dev.slipway.server;

/** A request that is not answered to its last byte. */
interface Ongoing {

    /** Looks whether it takes too long, and ends it then. */
    void sweep(long now);
}
