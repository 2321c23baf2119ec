package dev.slipway.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which versions leave memory so that another finds room: the least recently used of those that may. */
final class Eviction {

    private Eviction() {}

    /**
     * Who holds memory.
     *
     * @param mayGo whether nobody needs it now
     * @param lastUsed in nanoseconds of the timer
     */
    record Holder(Seat seat, long bytes, boolean mayGo, long lastUsed) {}

    /** The holders that leave, longest unused first, for at least so many bytes; none when all together are not enough. */
    static List<Holder> of(List<Holder> holders, long bytes) {
        List<Holder> leaving = new ArrayList<>();
        long freed = 0;
        List<Holder> candidates = holders.stream()
                .filter(Holder::mayGo)
                .sorted(Comparator.comparingLong(Holder::lastUsed))
                .toList();
        for (Holder holder : candidates) {
            if (freed >= bytes) {
                break;
            }
            leaving.add(holder);
            freed += holder.bytes();
        }
        return freed >= bytes ? leaving : List.of();
    }
}
