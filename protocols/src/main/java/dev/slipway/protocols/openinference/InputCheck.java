package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import dev.slipway.serving.Batchability;
import dev.slipway.serving.LoadedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request fits a version's signature, in the words of Triton (core/src/infer_request.cc,
 * {@code InferenceRequest::Normalize}), which clients match on.
 */
public final class InputCheck {

    private static final String BATCH_NOTE = "NOTE: Setting a non-zero max_batch_size in the model config requires a"
            + " batch dimension to be prepended to each input shape. If you want to specify the full shape including"
            + " the batch dim in your input dims config, try setting max_batch_size to zero. See the model"
            + " configuration docs for more info on max_batch_size.";

    private final String model;
    private final Signature signature;
    private final boolean batches;
    private @Nullable String id;

    public InputCheck(LoadedVersion version) {
        this(version.model().toString(), version.signature(), batches(version));
    }

    InputCheck(String model, Signature signature, boolean batches) {
        this.model = model;
        this.signature = signature;
        this.batches = batches;
    }

    /** Whether rows may share a run: what Triton calls a {@code max_batch_size} above zero. */
    public static boolean batches(LoadedVersion version) {
        return !(version.batchability() instanceof Batchability.No);
    }

    boolean batches() {
        return batches;
    }

    String model() {
        return model;
    }

    Signature signature() {
        return signature;
    }

    /** Failures name the request by this id from now on. */
    public void id(@Nullable String given) {
        id = given;
    }

    /** A failure that names the request. */
    FailureException refused(String detail) {
        return plain("[request id: " + (id == null || id.isEmpty() ? "<id_unknown>" : id) + "] " + detail);
    }

    static FailureException plain(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }

    static DataType dataType(String input, String name) {
        return DataType.of(name).orElseThrow(() -> plain("invalid datatype for input " + input));
    }

    /** A shape of non-negative dimensions whose product fits. */
    static Shape shape(String input, long[] dims) {
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            boolean negative = Arrays.stream(dims).anyMatch(dim -> dim < 0);
            throw plain("invalid shape for input " + Quoted.of(input) + ": shape " + text(dims)
                    + (negative
                            ? " contains one or more invalid dimensions"
                            : " causes total element count to exceed maximum size of " + Long.MAX_VALUE));
        }
    }

    /** The input of this name, type and shape. */
    public TensorSpec input(String name, DataType dataType, Shape shape) {
        TensorSpec spec = signature
                .input(name)
                .orElseThrow(() ->
                        plain("unexpected inference input " + Quoted.of(name) + " for model " + Quoted.of(model)));
        if (dataType != spec.dataType()) {
            throw refused("inference input " + Quoted.of(name) + " data-type is '" + dataType + "', but model "
                    + Quoted.of(model) + " expects '" + spec.dataType() + "'");
        }
        if (!spec.shape().fits(shape)) {
            throw refused(
                    "unexpected shape for input " + Quoted.of(name) + " for model " + Quoted.of(model) + ". Expected "
                            + text(spec.shape().sizes().stream()
                                    .mapToLong(Long::longValue)
                                    .toArray()) + ", got " + shape
                            + ". " + (batches ? BATCH_NOTE : ""));
        }
        return spec;
    }

    /** Refuses the bytes of a tensor that are not as many as its shape needs. */
    void bytes(String name, long expected, long given) {
        if (expected != given) {
            throw refused("input byte size mismatch for input " + Quoted.of(name) + " for model " + Quoted.of(model)
                    + ". Expected " + expected + ", got " + given);
        }
    }

    /** Refuses a wish for an output that there is not. */
    public void output(String name) {
        if (signature.output(name).isEmpty()) {
            throw plain("unexpected inference output " + Quoted.of(name) + " for model " + Quoted.of(model));
        }
    }

    /** A failure that says what was given twice. */
    public FailureException twice(String side, String name) {
        return refused(side + " " + Quoted.of(name) + " already exists in request");
    }

    /** Refuses a request that lacks a required input. */
    public void complete(Collection<String> given) {
        List<String> missing = new ArrayList<>();
        long required = 0;
        for (TensorSpec spec : signature.inputs()) {
            required += spec.optional() ? 0 : 1;
            if (!spec.optional() && !given.contains(spec.name())) {
                missing.add(spec.name());
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        int most = signature.inputs().size();
        String count = required == most
                ? "expected " + most
                : "expected number of inputs between " + required + " and " + most;
        throw refused(count + (required == most ? " inputs" : "") + " but got " + given.size() + " inputs for model "
                + Quoted.of(model) + ". Got input(s) " + quoted(given) + ", but missing required input(s) "
                + quoted(missing)
                + ". Please provide all required input(s).");
    }

    private static String quoted(Collection<String> names) {
        return names.stream().map(Quoted::of).collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(long[] dims) {
        return Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
