package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Everything wrong with one document, gathered so that it is told in one message. */
final class Faults {

    /** After so many the others are only counted. */
    private static final int MOST = 20;

    private final String document;
    private long more;
    private final List<Failure.Fault> faults = new ArrayList<>();

    Faults(String document) {
        this.document = document;
    }

    /** A name that is not known, with the near one that may have been meant. */
    void unknown(int line, List<String> path, String what, String name, Collection<String> known) {
        if (faults.size() < MOST) {
            add(line, path, NearName.rule(what, name, known), "'" + name + "'");
        } else {
            more++;
        }
    }

    void add(int line, List<String> path, String rule, String given) {
        if (faults.size() >= MOST) {
            more++;
            return;
        }
        List<Object> full = new ArrayList<>();
        full.add(document);
        if (line > 0) {
            full.add("line " + line);
        }
        full.addAll(path);
        faults.add(new Failure.Fault(full, rule, given));
    }

    void refuse() {
        if (more > 0) {
            throw new FailureException(Failure.BadInput.of(faults, faults.size() + more));
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.BadInput.of(faults));
        }
    }
}
