package dev.slipway.serving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that stands still until a test moves it. What is due happens on the thread that moves it. */
final class FakeTimer implements Timer {

    private record Entry(long at, Runnable task) {}

    private final List<Entry> entries = new ArrayList<>();
    private long now = System.nanoTime();

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public long currentTimeMillis() {
        return 1_700_000_000_000L;
    }

    @Override
    public synchronized Alarm at(long nanoTime, Runnable task) {
        Entry entry = new Entry(nanoTime, task);
        entries.add(entry);
        return () -> {
            synchronized (this) {
                entries.remove(entry);
            }
        };
    }

    void advance(Duration by) {
        List<Entry> due;
        synchronized (this) {
            now += by.toNanos();
            due = entries.stream()
                    .filter(entry -> entry.at() - now <= 0)
                    .sorted(Comparator.comparingLong(Entry::at))
                    .toList();
            entries.removeAll(due);
        }
        due.forEach(entry -> entry.task().run());
    }

    /** How many alarms are set. */
    synchronized int alarms() {
        return entries.size();
    }

    @Override
    public void close() {}
}
