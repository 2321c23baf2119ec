package dev.slipway.testing;

import dev.slipway.core.Cancellation;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Tensor;
import dev.slipway.core.spi.AnswerSink;
import dev.slipway.core.spi.Session;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps every answer of a run until it is closed. */
public final class Answers implements AnswerSink, AutoCloseable {

    private final List<List<NamedTensor>> answers = new ArrayList<>();

    /** Runs a session for all its outputs, and gives the inputs back. */
    public static Answers of(Session session, NamedTensor... inputs) {
        return of(
                session,
                session.signature().outputs().stream()
                        .map(output -> output.name())
                        .toList(),
                new Cancellation(),
                inputs);
    }

    /** Runs a session, and gives the inputs back. */
    public static Answers of(Session session, List<String> outputs, Cancellation cancellation, NamedTensor... inputs) {
        Answers answers = new Answers();
        try {
            session.run(List.of(inputs), outputs, cancellation, answers);
            return answers;
        } catch (RuntimeException | Error e) {
            answers.close();
            throw e;
        } finally {
            NamedTensor.closeAll(List.of(inputs));
        }
    }

    @Override
    public boolean awaitDemand() {
        return true;
    }

    @Override
    public void next(List<NamedTensor> outputs) {
        answers.add(outputs);
    }

    public int count() {
        return answers.size();
    }

    /** The outputs of the first answer. */
    public List<NamedTensor> outputs() {
        return answers.getFirst();
    }

    /** An output of the first answer. */
    public Tensor output(String name) {
        return answers.getFirst().stream()
                .filter(output -> output.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no output '" + name + "' in the answer"))
                .tensor();
    }

    @Override
    public void close() {
        answers.forEach(NamedTensor::closeAll);
        answers.clear();
    }
}
