package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.util.ArrayList;
import java.util.List;

/** Everything wrong with one document, gathered so that it is told in one message. */
final class Faults {

    private final String document;
    private final List<Failure.Fault> faults = new ArrayList<>();

    Faults(String document) {
        this.document = document;
    }

    void add(int line, List<String> path, String rule, String given) {
        List<Object> full = new ArrayList<>();
        full.add(line > 0 ? document + " line " + line : document);
        full.addAll(path);
        faults.add(new Failure.Fault(full, rule, given));
    }

    void refuse() {
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.BadInput.of(faults));
        }
    }
}
