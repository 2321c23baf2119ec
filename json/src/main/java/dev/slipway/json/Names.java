package dev.slipway.json;

import dev.slipway.core.Failure;
import dev.slipway.core.Quoted;
import dev.slipway.json.JsonFailure.Misfit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of the objects that are open at a time, each object's held until it ends: none comes twice in one. */
final class Names {

    private static final int FEW = 64;

    /** Of all open objects. */
    private static final int MOST = 100_000;

    /** Characters of all names of open objects. */
    private static final int MOST_LETTERS = 8 << 20;

    private final List<Set<String>> open = new ArrayList<>();
    private int held;
    private long letters;

    /** Begins an object in which {@code depth} others and arrays are open, itself counted. */
    void begin(int depth) {
        while (open.size() < depth) {
            open.add(new HashSet<>());
        }
        if (open.get(depth - 1).size() <= FEW) {
            open.get(depth - 1).clear();
        } else {
            open.set(depth - 1, new HashSet<>());
        }
    }

    /** Refuses a name of {@code bytes} bytes that is more than are held. */
    void requireRoom(long bytes, long at) {
        if (held == MOST) {
            throw refused(Misfit.TOO_MUCH, "objects may have " + MOST + " names, there are more at byte " + at);
        }
        if (letters + bytes > MOST_LETTERS) {
            throw refused(
                    Misfit.TOO_MUCH,
                    "the names of objects may have " + MOST_LETTERS + " letters, there are more at byte " + at);
        }
    }

    void add(int depth, String name, long at) {
        if (!open.get(depth - 1).add(name)) {
            throw refused(
                    Misfit.REPEATED_NAME,
                    "the name " + Quoted.of(name) + " comes twice in one object, again at byte " + at);
        }
        held++;
        letters += name.length();
    }

    void end(int depth) {
        Set<String> ended = open.get(depth - 1);
        held -= ended.size();
        for (String name : ended) {
            letters -= name.length();
        }
    }

    private static JsonFailure refused(Misfit misfit, String detail) {
        return JsonFailure.misfit(misfit, Failure.BadInput.of(detail));
    }
}
