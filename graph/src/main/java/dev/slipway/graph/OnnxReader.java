package dev.slipway.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads ONNX files as data: bounded in memory, never executing anything, refusing what is broken by name. A reader reads
 * one model at a time, whoever asks, and its structure may take a quarter of the heap.
 */
public final class OnnxReader {

    private static final int GRAPH = 7;
    private static final long OPSETS_SINCE_IR = 3;
    private static final Set<Integer> VARINT_FIELDS = Set.of(1, 5);
    private static final Set<Integer> MESSAGE_FIELDS = Set.of(2, 3, 4, 6, GRAPH, 8, 14, 20, 25, 26);
    private static final Set<Integer> GRAPH_FIELDS = Set.of(1, 2, 5, 10, 11, 12, 13, 14, 15, 16);

    private static final int SHARE = 4;

    /** Enough to tell a model by. */
    private static final long GLANCE = 1 << 16;

    private final long budget;
    private final Lock turn;

    public OnnxReader() {
        this(Runtime.getRuntime().maxMemory(), new ReentrantLock());
    }

    /**
     * A reader in a heap of so many bytes.
     *
     * @param turn held by whoever reads
     */
    OnnxReader(long heap, Lock turn) {
        this.budget = heap / SHARE;
        this.turn = turn;
    }

    /** Whether the bytes at the beginning of a file may be an ONNX model's, be it whole or broken. */
    public static boolean looksLikeOnnx(Path file) {
        boolean[] graph = {false};
        try (ProtobufReader in = new ProtobufReader(file, GLANCE)) {
            in.fields(tag -> {
                int field = ProtobufReader.field(tag);
                if (!(varint(tag) ? VARINT_FIELDS : MESSAGE_FIELDS).contains(field)
                        || !(varint(tag) || delimited(tag))) {
                    throw new InvalidProtocolBufferException("not a field of an ONNX model");
                }
                if (field == GRAPH) {
                    in.message(tag, inner -> {
                        graph[0] |= delimited(inner) && GRAPH_FIELDS.contains(ProtobufReader.field(inner));
                        throw new InvalidProtocolBufferException("seen enough");
                    });
                } else {
                    in.skip(tag);
                }
            });
            return graph[0];
        } catch (IOException e) {
            return graph[0];
        }
    }

    private static boolean varint(int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
    }

    private static boolean delimited(int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /**
     * Inspects a model.
     *
     * @throws FailureException {@code BadInput} for a broken file or a weight file outside the model's folder;
     *     {@code Unsupported} for optional and sequence inputs, sparse and int4 tensors in the signature, by name
     */
    public OnnxInspection inspect(Path model) {
        return located(model, () -> inspect(read(model), model));
    }

    /**
     * Looks at what whoever runs a model must know of it.
     *
     * @throws FailureException {@code BadInput} for a broken file
     */
    public RuntimeModel forRuntime(Path model) {
        return located(model, () -> new RuntimeModel(model, parsed(model)));
    }

    private <T> T located(Path model, Supplier<T> work) {
        turn.lock();
        try {
            return work.get();
        } catch (FailureException e) {
            throw new FailureException(located(String.valueOf(model.getFileName()), e.failure()), e);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Reads a model's structure.
     *
     * @throws FailureException {@code BadInput} when it is broken, {@code TooLarge} when its structure is
     */
    private OnnxModel read(Path model) {
        return checked(parsed(model));
    }

    private OnnxModel parsed(Path model) {
        if (!Files.isRegularFile(model)) {
            throw new FailureException(Failure.BadInput.of("there is no such file"));
        }
        try (ProtobufReader in = new ProtobufReader(model, budget)) {
            if (Files.size(model) == 0) {
                throw new FailureException(Failure.BadInput.malformed("it is empty"));
            }
            try {
                return new OnnxParser(in).model();
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

    private static OnnxModel checked(OnnxModel model) {
        if (model.irVersion() <= 0) {
            throw bad("it states no IR version: export it again");
        }
        if (model.opsets().isEmpty() && model.irVersion() >= OPSETS_SINCE_IR) {
            throw bad("it states no operator set: export it again");
        }
        model.opsets().forEach((domain, version) -> {
            if (version <= 0) {
                throw bad("it states the operator set " + version + " of '" + (domain.isEmpty() ? "ai.onnx" : domain)
                        + "', they count from 1: export it again");
            }
        });
        if (model.graph().nodes().isEmpty()) {
            throw bad("its graph has no nodes, it computes nothing: export it again");
        }
        if (model.graph().outputs().isEmpty()) {
            throw bad("its graph has no outputs, it answers nothing: export it again");
        }
        Set<String> names = new HashSet<>();
        Stream.concat(model.graph().initializers().stream(), model.graph().sparseInitializers().stream())
                .map(OnnxTensor::name)
                .filter(name -> !names.add(name))
                .findFirst()
                .ifPresent(name -> {
                    throw bad("its graph has the initialiser '" + name + "' twice");
                });
        Expansion.requireBounded(model);
        return model;
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }

    private static OnnxInspection inspect(OnnxModel model, Path file) {
        Classes classes = new Classes(model.graph());
        Path folder = file.toAbsolutePath().normalize().getParent();
        List<String> externalFiles = folder == null ? List.of() : new ExternalFiles(folder).checked(model.externals());
        List<OnnxTensor> weights = new ArrayList<>();
        collect(model.graph(), weights);
        for (OnnxFunction function : model.functions()) {
            collect(function.nodes(), weights);
        }
        return new OnnxInspection(
                model.irVersion(),
                model.producer(),
                model.opsets(),
                new SignatureReader(model, classes).signature(),
                externalFiles,
                new RowMixing(model).reasons(),
                classes.labels(),
                classes.outputs(),
                parameters(weights));
    }

    private static void collect(OnnxGraph graph, List<OnnxTensor> weights) {
        weights.addAll(graph.initializers());
        weights.addAll(graph.sparseInitializers());
        collect(graph.nodes(), weights);
    }

    private static void collect(List<OnnxNode> nodes, List<OnnxTensor> weights) {
        for (OnnxNode node : nodes) {
            for (OnnxAttribute attribute : node.attributes()) {
                OnnxTensor tensor = attribute.tensor();
                if (tensor != null) {
                    weights.add(tensor);
                }
                attribute.graphs().forEach(graph -> collect(graph, weights));
            }
        }
    }

    /** Elements of the weights; indices, shapes and truth values do not count. */
    private static long parameters(List<OnnxTensor> weights) {
        Set<ElementType> uncounted = Set.of(ElementType.INT64, ElementType.BOOL, ElementType.STRING);
        long sum = 0;
        for (OnnxTensor tensor : weights) {
            ElementType type = ElementType.orUndefined(tensor.element());
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
                    Failure.InsufficientStorage _,
                    Failure.ModelFailed _,
                    Failure.Internal _ -> failure;
        };
    }
}
