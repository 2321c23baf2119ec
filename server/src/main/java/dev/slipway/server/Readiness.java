package dev.slipway.server;

import dev.slipway.deployment.Deployments;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether everything that should serve is settled, and under strict readiness also whether none of it has failed and
 * the registry can record changes. The strict answer may read the registry, so it is made beside the event loops and only
 * looked up on them.
 */
final class Readiness {

    private final Deployments deployments;
    private final boolean strict;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean sound;

    Readiness(Deployments deployments, boolean strict) {
        this.deployments = deployments;
        this.strict = strict;
    }

    boolean strict() {
        return strict;
    }

    /** Looks, unless a look still goes on; what is settled only meanwhile counts at the next look. */
    void look() {
        if (looking.compareAndSet(false, true)) {
            try {
                sound = deployments.settled() && deployments.trouble().isEmpty() && !deployments.anyFailed();
            } finally {
                looking.set(false);
            }
        }
    }

    /** The answer as of the last look; waits for nothing. */
    boolean ready() {
        return deployments.settled() && (!strict || sound);
    }
}
