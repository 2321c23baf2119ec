package dev.slipway.serving;

import java.util.ArrayList;
import java.util.List;

/** Which versions leave memory so that another finds room: the least recently used of those that may. */
final class Eviction {

    private Eviction() {}

    /**
     * Who holds memory.
     *
     * @param who as the caller knows it
     * @param mayGo whether nobody needs it now
     * @param lastUsed in nanoseconds of the timer
     */
    record Holder<T>(T who, long bytes, boolean mayGo, long lastUsed) {}

    /** The holders that leave, longest unused first, for at least so many bytes; none when all together are not enough. */
    static <T> List<Holder<T>> of(List<Holder<T>> holders, long bytes) {
        List<Holder<T>> leaving = new ArrayList<>();
        long freed = 0;
        List<Holder<T>> candidates = holders.stream()
                .filter(Holder::mayGo)
                .sorted((one, other) -> Long.signum(one.lastUsed() - other.lastUsed()))
                .toList();
        for (Holder<T> holder : candidates) {
            if (freed >= bytes) {
                break;
            }
            leaving.add(holder);
            freed += holder.bytes();
        }
        return freed >= bytes ? leaving : List.of();
    }
}
