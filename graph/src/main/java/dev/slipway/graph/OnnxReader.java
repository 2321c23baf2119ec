package dev.slipway.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads ONNX files as data: bounded in memory, never executing anything, refusing what is broken by name. */
public final class OnnxReader {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final Set<Integer> VARINT_FIELDS = Set.of(1, 5);
    private static final Set<Integer> MESSAGE_FIELDS = Set.of(2, 3, 4, 6, 7, 8, 14, 20, 25, 26);

    private OnnxReader() {}

    /** Whether the bytes at the beginning of a file may be an ONNX model's. */
    public static boolean looksLikeOnnx(Path file) {
        boolean[] graph = {false};
        try (ProtobufReader in = new ProtobufReader(file)) {
            in.fields(tag -> {
                int field = ProtobufReader.field(tag);
                boolean known = ((tag & 7) == VARINT && VARINT_FIELDS.contains(field))
                        || ((tag & 7) == LENGTH_DELIMITED && MESSAGE_FIELDS.contains(field));
                if (!known) {
                    throw new InvalidProtocolBufferException("not a field of an ONNX model");
                }
                graph[0] |= field == 7;
                in.skip(tag);
            });
            return graph[0];
        } catch (IOException e) {
            return graph[0];
        }
    }

    /**
     * Inspects a model.
     *
     * @throws FailureException {@code BadInput} for a broken file or a weight file outside the model's folder;
     *     {@code Unsupported} for optional and sequence inputs, sparse and int4 tensors in the signature, by name
     */
    public static OnnxInspection inspect(Path model) {
        String file = String.valueOf(model.getFileName());
        try {
            return inspect(read(model), model);
        } catch (FailureException e) {
            throw new FailureException(located(file, e.failure()), e);
        }
    }

    /**
     * Reads a model's structure.
     *
     * @throws FailureException {@code BadInput} when it is broken, {@code TooLarge} when its structure is
     */
    static OnnxModel read(Path model) {
        if (!Files.isRegularFile(model)) {
            throw new FailureException(Failure.BadInput.of("there is no such file"));
        }
        try (ProtobufReader in = new ProtobufReader(model)) {
            if (Files.size(model) == 0) {
                throw new FailureException(Failure.BadInput.malformed("it is empty"));
            }
            try {
                return checked(new OnnxParser(in).model());
            } catch (InvalidProtocolBufferException e) {
                throw new FailureException(
                        Failure.BadInput.malformed("it is not a whole ONNX model, seen at byte " + in.position()
                                + " of " + Files.size(model) + ": " + e.getMessage()),
                        e);
            }
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.malformed("it cannot be read: " + e.getMessage()), e);
        }
    }

    private static OnnxModel checked(OnnxModel model) throws InvalidProtocolBufferException {
        if (model.irVersion() <= 0) {
            throw new InvalidProtocolBufferException("it states no IR version");
        }
        if (model.opsets().isEmpty() && model.irVersion() >= 3) {
            throw new InvalidProtocolBufferException("it states no operator set");
        }
        return model;
    }

    private static OnnxInspection inspect(OnnxModel model, Path file) {
        Classes classes = new Classes(model.graph());
        Path folder = file.toAbsolutePath().normalize().getParent();
        List<String> externalFiles = folder == null ? List.of() : new ExternalFiles(folder).checked(model.externals());
        TreeSet<String> operators = new TreeSet<>();
        List<OnnxTensor> weights = new ArrayList<>();
        collect(model.graph(), operators, weights);
        for (OnnxFunction function : model.functions()) {
            collect(function.nodes(), operators, weights);
        }
        return new OnnxInspection(
                model.irVersion(),
                model.producer(),
                model.opsets(),
                new SignatureReader(model, classes).signature(),
                operators,
                externalFiles,
                new RowMixing(model).reasons(),
                classes.labels(),
                classes.outputs(),
                model.metadata(),
                parameters(weights));
    }

    private static void collect(OnnxGraph graph, Set<String> operators, List<OnnxTensor> weights) {
        weights.addAll(graph.initializers());
        weights.addAll(graph.sparseInitializers());
        collect(graph.nodes(), operators, weights);
    }

    private static void collect(List<OnnxNode> nodes, Set<String> operators, List<OnnxTensor> weights) {
        for (OnnxNode node : nodes) {
            operators.add(node.qualified());
            for (OnnxAttribute attribute : node.attributes()) {
                OnnxTensor tensor = attribute.tensor();
                if (tensor != null) {
                    weights.add(tensor);
                }
                attribute.graphs().forEach(graph -> collect(graph, operators, weights));
            }
        }
    }

    /** Elements of the weights; indices, shapes and truth values do not count. */
    private static long parameters(List<OnnxTensor> weights) {
        Set<ElementType> uncounted = Set.of(ElementType.INT64, ElementType.BOOL, ElementType.STRING);
        long sum = 0;
        for (OnnxTensor tensor : weights) {
            ElementType type = ElementType.of(tensor.element()).orElse(ElementType.UNDEFINED);
            if (!uncounted.contains(type)) {
                sum += Math.max(0, tensor.elements());
            }
        }
        return Math.max(0, sum);
    }

    private static Failure located(String file, Failure failure) {
        String detail = "model '" + file + "': " + failure.detail();
        return switch (failure) {
            case Failure.BadInput bad -> new Failure.BadInput(detail, bad.malformed(), bad.faults());
            case Failure.Unsupported _ -> new Failure.Unsupported(detail);
            case Failure.TooLarge _ -> new Failure.TooLarge(detail);
            case Failure.ModelNotFound _,
                    Failure.VersionNotFound _,
                    Failure.NotReady _,
                    Failure.Overloaded _,
                    Failure.DeadlineExceeded _,
                    Failure.Cancelled _,
                    Failure.Unauthenticated _,
                    Failure.Forbidden _,
                    Failure.Conflict _,
                    Failure.ModelFailed _,
                    Failure.Internal _ -> failure;
        };
    }
}
