package dev.slipway.serving;

/** Finds out whether the rows of a batch influence each other. */
final class Probe {

    private Probe() {}

    /** What is known before anything has run. */
    static Batchability before(VersionSource source, Rows rows) {
        if (source.settings().batching().maxSize() == 1) {
            return new Batchability.No("batching is off");
        }
        if (rows.whyNot().isPresent()) {
            return new Batchability.No(rows.whyNot().get());
        }
        Boolean said = source.manifest().batchable();
        if (said == null) {
            return new Batchability.No("not probed");
        }
        return said ? new Batchability.Declared() : new Batchability.No("the package says so");
    }
}
