package dev.slipway.serving;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import java.util.List;

/**
 * Which target a routing key goes to: weighted rendezvous hashing (Wang and Ravishankar 1998; Schindelhauer and
 * Schomaker 2005). When a target's weight grows, keys move to it and between no others.
 */
final class Stickiness {

    private Stickiness() {}

    static long choose(ModelName model, List<Endpoint.Target> targets, String key) {
        long salted = mix(mix(hash(model.toString())) ^ hash(key));
        long best = targets.getFirst().version();
        double least = Double.POSITIVE_INFINITY;
        for (Endpoint.Target target : targets) {
            double uniform = ((mix(salted ^ mix(target.version())) >>> 11) + 1) * 0x1p-53;
            double score = -Math.log(uniform) / target.weight();
            if (score < least) {
                least = score;
                best = target.version();
            }
        }
        return best;
    }

    /** FNV-1a over the UTF-16 units. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
