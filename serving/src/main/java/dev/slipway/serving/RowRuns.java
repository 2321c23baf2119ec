package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.AnswerSink;
import dev.slipway.core.spi.Session;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Runs chosen rows through a session and takes the answers apart, row by row. */
final class RowRuns {

    /** One row's answer: of each output its type and its bytes as V2 sends them. */
    record Answer(List<DataType> types, List<MemorySegment> parts) {}

    private final Session session;
    private final List<String> outputs;
    private final RowBank bank;
    private final TensorPool pool;
    private final Cancellation cancellation;

    RowRuns(Session session, Signature signature, RowBank bank, TensorPool pool, Cancellation cancellation) {
        this.session = session;
        this.outputs = signature.outputs().stream().map(TensorSpec::name).toList();
        this.bank = bank;
        this.pool = pool;
        this.cancellation = cancellation;
    }

    /**
     * The answers to rows run together, in their order.
     *
     * @throws FailureException what the engine says, or {@code Unsupported} when there is no answer per row
     */
    List<Answer> run(List<RowBank.Row> rows) {
        Collector collector = new Collector(rows.size());
        List<NamedTensor> inputs = bank.inputs(rows, pool);
        try {
            session.run(inputs, outputs, cancellation, collector);
        } finally {
            NamedTensor.closeAll(inputs);
        }
        return collector.answers();
    }

    /** Whether there is no time for more runs. */
    boolean givenUp() {
        return cancellation.cancelled();
    }

    private static final class Collector implements AnswerSink {

        private final int rows;
        private final List<Answer> answers = new ArrayList<>();
        private int given;
        private boolean misshapen;

        Collector(int rows) {
            this.rows = rows;
        }

        @Override
        public boolean awaitDemand() {
            return true;
        }

        @Override
        public void next(List<NamedTensor> outputs) {
            given++;
            if (Batch.haveRows(outputs, rows)) {
                for (int i = 0; given == 1 && i < rows; i++) {
                    answers.add(answer(outputs, i));
                }
            } else {
                misshapen = true;
            }
            NamedTensor.closeAll(outputs);
        }

        private static Answer answer(List<NamedTensor> outputs, long row) {
            return new Answer(
                    outputs.stream().map(output -> output.tensor().dataType()).toList(),
                    outputs.stream()
                            .map(output -> MemorySegment.ofArray(
                                    output.tensor().rows(row, 1).wire().toArray(ValueLayout.JAVA_BYTE)))
                            .toList());
        }

        List<Answer> answers() {
            if (given != 1 || misshapen) {
                throw new FailureException(new Failure.Unsupported(
                        given != 1
                                ? given + " answers to one run"
                                : "an answer to " + rows + " rows has other than " + rows + " rows"));
            }
            return answers;
        }
    }
}
