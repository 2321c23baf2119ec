package dev.slipway.json;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;

/** A failure of reading JSON that tells what is wrong apart from its words too, so that a dialect can have words of its own. */
public final class JsonFailure extends FailureException {

    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    /** What is wrong. */
    public sealed interface Fault {}

    /** The text is not JSON, from a byte on. */
    public record Syntax(long position, String problem) implements Fault {}

    /** The text is JSON that is not what was asked for. */
    public enum Misfit implements Fault {
        REPEATED_NAME,
        TOO_MUCH,
        TYPE,
        TENSOR_TYPE,
        TENSOR_COUNT,
        TENSOR_NESTING,
        TENSOR_ELEMENT
    }

    private JsonFailure(Fault fault, Failure failure) {
        super(failure);
        this.fault = fault;
    }

    static JsonFailure syntax(long position, String problem) {
        return new JsonFailure(
                new Syntax(position, problem),
                Failure.BadInput.malformed("malformed JSON at byte " + position + ": " + problem));
    }

    static JsonFailure misfit(Misfit misfit, Failure.BadInput failure) {
        return new JsonFailure(misfit, failure);
    }

    public Fault fault() {
        return fault;
    }
}
