package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Session;
import dev.slipway.serving.RowBank.Row;
import dev.slipway.serving.RowRuns.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Finds out by running whether the rows of a batch influence each other: rows alone against the same rows together, in
 * another order, and beside extreme rows, at several batch sizes. What shows only among large numbers is looked for among
 * rows of large numbers.
 */
final class Probe {

    /** Answers that lie no further apart than this, as {@link RowDifference} has it, count as rounding. */
    static final double TOLERANCE = 1e-6;

    private static final int ROWS = 16;
    private static final int FEWEST_ROWS = 4;

    /** About how many rows run in a trial of a model that is slow. */
    private static final int ROWS_OF_A_TRIAL = 120;

    private static final long LARGEST_INPUT = 64L << 20;
    private static final long MOST_ELEMENTS = LARGEST_INPUT / Long.BYTES;
    private static final long ENOUGH_NANOS = 3_000_000_000L;
    private static final long SEED = 20_251_122;

    private final RowRuns runs;
    private final RowBank bank;
    private final int maxSize;
    private final long enoughNanos;
    private final LongSupplier nanoTime;
    private final Random random = new Random(SEED);
    private final List<Row> rows = new ArrayList<>();
    private final List<Answer> alone = new ArrayList<>();
    private final RowDifference difference = new RowDifference(alone);
    private long nanosAlone;

    /**
     * A trial of one way that rows may look.
     *
     * @param enoughNanos after this long no more sizes of batches are tried, but two in any case
     */
    private Probe(RowRuns runs, RowBank bank, int maxSize, long enoughNanos, LongSupplier nanoTime) {
        this.runs = runs;
        this.bank = bank;
        this.maxSize = maxSize;
        this.enoughNanos = enoughNanos;
        this.nanoTime = nanoTime;
    }

    /**
     * What is known for good without a run; empty when runs decide.
     *
     * @param rowMixing what the engine suspects: rows that change others only seldom may all pass a trial
     */
    static Optional<Batchability> settled(VersionSource source, Rows rows, List<String> rowMixing) {
        if (source.settings().batching().maxSize() == 1) {
            return Optional.of(new Batchability.No("batching is off"));
        }
        if (rows.whyNot().isPresent()) {
            return Optional.of(new Batchability.No(rows.whyNot().get()));
        }
        Boolean said = source.manifest().batchable();
        if (said == null && !rowMixing.isEmpty()) {
            return Optional.of(new Batchability.No("rows may influence each other, " + String.join("; ", rowMixing)));
        }
        return Boolean.FALSE.equals(said) ? Optional.of(new Batchability.No("the package says so")) : Optional.empty();
    }

    /**
     * What holds until runs have decided.
     *
     * @param undecided why they have not
     */
    static Batchability before(VersionSource source, Rows rows, List<String> rowMixing, String undecided) {
        return settled(source, rows, rowMixing)
                .orElseGet(() -> Boolean.TRUE.equals(source.manifest().batchable())
                        ? new Batchability.Declared()
                        : new Batchability.No(undecided));
    }

    /**
     * Tries a version's session with the rows of a sample, each the inputs of a request; with none, with made-up rows.
     *
     * @param cancellation ends it early, with what was not tried as a reason against batching
     */
    static Batchability verdict(
            VersionSource source,
            Session session,
            TensorPool pool,
            LongSupplier nanoTime,
            Cancellation cancellation,
            List<List<NamedTensor>> sample) {
        Signature signature = source.manifest().signature();
        List<RowBank> banks = sample.isEmpty() ? RowBank.of(signature) : List.of(RowBank.of(sample.getFirst()));
        int wanted = Math.min(2, banks.size());
        int tried = 0;
        Batchability together = new Batchability.Exact();
        String refused = "";
        for (RowBank bank : banks) {
            if (bank.columns().stream().anyMatch(column -> column.row().elements() > MOST_ELEMENTS)) {
                return new Batchability.No(
                        "not probed: a row of an input has more than " + MOST_ELEMENTS + " elements, too many to try");
            }
            RowRuns runs = new RowRuns(session, signature, bank, pool, cancellation);
            int maxSize = source.settings().batching().maxSize();
            Probe probe = new Probe(runs, bank, maxSize, ENOUGH_NANOS, nanoTime);
            refused = probe.runAlone(probe.candidates(sample.stream()
                    .filter(bank::fits)
                    .flatMap(inputs -> bank.rows(inputs).stream())
                    .toList()));
            if (probe.rows.size() < 2) {
                continue;
            }
            long trial = ROWS_OF_A_TRIAL * probe.nanosAlone / probe.rows.size();
            if (trial > source.settings().timeout().toNanos()) {
                return new Batchability.No("not probed: a row takes "
                        + TimeUnit.NANOSECONDS.toMillis(trial / ROWS_OF_A_TRIAL) + " ms, too long to try many");
            }
            Batchability verdict = probe.verdict(new MadeUpRows(bank).extreme());
            if (!(verdict instanceof Batchability.No)) {
                Probe large = new Probe(runs, bank, maxSize, 0, nanoTime);
                large.runAlone(new MadeUpRows(bank).large(ROWS, large.random));
                verdict = large.rows.size() < 2 ? verdict : both(verdict, large.verdict(List.of()));
            }
            if (verdict instanceof Batchability.No) {
                return verdict;
            }
            together = both(together, verdict);
            if (++tried == wanted) {
                return together;
            }
        }
        return new Batchability.No(
                (tried == 0 ? "fewer than two rows ran alone" : "rows ran at one size of the open dimensions only")
                        + refused);
    }

    private static Batchability both(Batchability one, Batchability other) {
        return other instanceof Batchability.Exact ? one : other;
    }

    /** Rows of the sample, and made-up ones beside few. */
    private List<Row> candidates(List<Row> sample) {
        List<Row> candidates = new ArrayList<>(sample.subList(0, Math.min(ROWS, sample.size())));
        if (candidates.size() < ROWS / 2) {
            candidates.addAll(new MadeUpRows(bank).ordinary(ROWS - candidates.size(), random));
        }
        return candidates;
    }

    /**
     * The verdict on the rows that ran alone.
     *
     * @param extremes rows that stand beside them
     */
    private Batchability verdict(List<Row> extremes) {
        try {
            if (differs(runs.run(List.of(rows.getFirst())), List.of(0))) {
                return new Batchability.No("the same row alone was answered differently twice");
            }
            return runTogether(extremes);
        } catch (FailureException e) {
            return new Batchability.No("rows together failed: " + e.failure().detail());
        }
    }

    private String runAlone(List<Row> candidates) {
        String refused = "";
        long began = nanoTime.getAsLong();
        for (Row row : candidates) {
            if (rows.size() >= FEWEST_ROWS && nanosAlone > ENOUGH_NANOS / 3) {
                break;
            }
            try {
                alone.addAll(runs.run(List.of(row)));
                rows.add(row);
            } catch (FailureException e) {
                refused = ": " + e.failure().detail();
            }
            nanosAlone = nanoTime.getAsLong() - began;
        }
        return refused;
    }

    private Batchability runTogether(List<Row> extremes) {
        long began = nanoTime.getAsLong();
        List<Integer> sizes = sizes();
        if (sizes.isEmpty()) {
            return new Batchability.No(
                    "not probed: two rows take more than " + LARGEST_INPUT + " bytes, too many to try");
        }
        List<Row> taken = new ArrayList<>();
        for (int i = 0; i < sizes.size() && (i < 2 || nanoTime.getAsLong() - began < enoughNanos); i++) {
            int size = sizes.get(i);
            List<Integer> order = new ArrayList<>();
            for (int row = 0; row < size; row++) {
                order.add(row % rows.size());
            }
            together(order);
            Collections.shuffle(order, random);
            together(order);
            if (i == 0) {
                extremes.stream()
                        .filter(extreme -> beside(List.of(extreme), order))
                        .forEach(taken::add);
            } else if (i < 3 && !taken.isEmpty()) {
                beside(taken, order);
            }
            if (difference.relative() > TOLERANCE) {
                return new Batchability.No(
                        "a row's answer changed by " + said(difference.relative()) + " in a batch of " + size);
            }
        }
        return difference.none() ? new Batchability.Exact() : new Batchability.Within(TOLERANCE);
    }

    private void together(List<Integer> order) {
        differs(runs.run(order.stream().map(rows::get).toList()), order);
    }

    /** Puts extreme rows in every second place, then in the others: what looks at one place only is seen from either. */
    private boolean beside(List<Row> extremes, List<Integer> order) {
        return beside(extremes, order, 0) && beside(extremes, order, 1);
    }

    /**
     * False when the model refuses them, which says nothing about their neighbours.
     *
     * @param first the place of the first row of our own, 0 or 1
     */
    private boolean beside(List<Row> extremes, List<Integer> order, int first) {
        List<Row> mixed = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            boolean own = i % 2 == first;
            mixed.add(own ? rows.get(order.get(i)) : extremes.get(i / 2 % extremes.size()));
            places.add(own ? order.get(i) : -1);
        }
        List<Answer> answers;
        try {
            answers = runs.run(mixed);
        } catch (FailureException refused) {
            if (runs.givenUp()) {
                throw refused;
            }
            return false;
        }
        differs(answers, places);
        return true;
    }

    private boolean differs(List<Answer> answers, List<Integer> places) {
        for (int i = 0; i < answers.size(); i++) {
            int row = places.get(i);
            if (row >= 0) {
                difference.add(row, answers.get(i));
            }
        }
        return !difference.none();
    }

    /** The batch sizes to try, the telling ones first: kernels change their ways at powers of two. */
    private List<Integer> sizes() {
        Set<Integer> sizes = new LinkedHashSet<>(List.of(2, Math.min(8, maxSize), maxSize));
        for (int size = 4; size <= maxSize; size *= 2) {
            sizes.addAll(List.of(size, size - 1, Math.min(size + 1, maxSize)));
        }
        for (int size = 2; size <= Math.min(maxSize, 64); size++) {
            sizes.add(size);
        }
        return sizes.stream()
                .filter(size -> RowBank.bytes(rows.getFirst(), size) <= LARGEST_INPUT)
                .toList();
    }

    private static String said(double relative) {
        return Double.isInfinite(relative)
                ? "more than a number can tell"
                : String.format(Locale.ROOT, "%.1e of the largest in its place", relative);
    }
}
