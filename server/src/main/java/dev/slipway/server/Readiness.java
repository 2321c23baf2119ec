package dev.slipway.server;

import dev.slipway.deployment.Deployments;
import dev.slipway.serving.VersionState;

/**
 * Whether everything that should serve is settled, and under strict readiness also whether none of it has failed and
 * the registry can record changes. The strict answer reads the registry, so it is made beside the event loops and only
 * looked up on them.
 */
final class Readiness {

    private final Deployments deployments;
    private final boolean strict;
    private volatile boolean sound;

    Readiness(Deployments deployments, boolean strict) {
        this.deployments = deployments;
        this.strict = strict;
    }

    boolean strict() {
        return strict;
    }

    /** Looks at every version that should serve; what is settled only meanwhile counts at the next look. */
    void look() {
        sound = deployments.settled()
                && deployments.trouble().isEmpty()
                && deployments.models().stream()
                        .flatMap(model -> model.versions().stream())
                        .noneMatch(version -> version.record().served() && version.state() == VersionState.FAILED);
    }

    /** The answer as of the last look; waits for nothing. */
    boolean ready() {
        return deployments.settled() && (!strict || sound);
    }
}
