package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenModelTest {

    @TempDir
    Path folder;

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Models.file("iris.onnx"));
        for (int length = 0; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> new OnnxReader().inspect(cut))
                    .as("the first %d bytes", length)
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("cut.onnx");
        }
    }

    @Test
    void everyChangedByteIsReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Models.file("logreg_iris.onnx"));
        int refused = 0;
        for (int i = 0; i < whole.length; i++) {
            for (int change : new int[] {0x01, 0x80, 0xff}) {
                byte[] changed = whole.clone();
                changed[i] ^= (byte) change;
                Path file = Files.write(folder.resolve("changed.onnx"), changed);
                try {
                    new OnnxReader().inspect(file);
                } catch (FailureException e) {
                    assertThat(e.failure()).isInstanceOfAny(Failure.BadInput.class, Failure.Unsupported.class);
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void whatIsNoModelIsRefusedByName() throws IOException {
        refused("", "empty");
        refused("this is not a valid onnx model", "not a whole ONNX model");
        assertThatThrownBy(() -> new OnnxReader().inspect(folder.resolve("absent.onnx")))
                .hasMessageContaining("'absent.onnx'")
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> new OnnxReader().inspect(folder)).isInstanceOf(FailureException.class);
    }

    @Test
    void aModelWithoutVersionsIsRefused() {
        Path model = new OnnxModel().irVersion(0).write(folder.resolve("old.onnx"));
        assertThatThrownBy(() -> new OnnxReader().inspect(model)).hasMessageContaining("IR version");
    }

    @Test
    void namesThatComeTwiceAreRefused() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(1))
                .input("x", DataType.FP32, DeclaredShape.of(1))
                .output("y", DataType.FP32, DeclaredShape.of(1))
                .node("Neg", List.of("x"), List.of("y"))
                .write(folder.resolve("twice.onnx"));
        assertThatThrownBy(() -> new OnnxReader().inspect(model))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("the input 'x' twice");
    }

    @Test
    void endlessNestingIsRefused() {
        OnnxModel inner = new OnnxModel();
        for (int i = 0; i < 100; i++) {
            inner = new OnnxModel()
                    .node(OnnxNode.of("If", List.of("c"), List.of("y")).withGraph("then_branch", inner));
        }
        Path model = inner.write(folder.resolve("deep.onnx"));
        assertThatThrownBy(() -> new OnnxReader().inspect(model))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("nests deeper");
    }

    @Test
    void nestedGroupsAreRefused() throws IOException {
        byte[] groups = new byte[1 << 20];
        Arrays.fill(groups, (byte) ((30 << 3) | 3));
        Path file = Files.write(folder.resolve("groups.onnx"), groups);
        assertThatThrownBy(() -> new OnnxReader().inspect(file)).isInstanceOf(FailureException.class);
    }

    @Test
    void structureBeyondTheBudgetIsTooLarge() throws IOException {
        byte[] nodes = new byte[10 << 20];
        for (int i = 0; i < nodes.length; i += 2) {
            nodes[i] = 1 << 3 | 2;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeInt64(1, 8);
        out.writeByteArray(7, nodes);
        out.flush();
        Path file = Files.write(folder.resolve("many.onnx"), bytes.toByteArray());
        assertTooLarge(256 << 20, file);
    }

    private static void assertTooLarge(long heap, Path file) {
        assertThatThrownBy(() -> new OnnxReader(heap, new ReentrantLock()).inspect(file))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.TooLarge.class))
                .hasMessageContaining("takes more than " + (heap >> 22) + " MiB, a quarter of the heap");
    }

    /** Each of 64 numbers is an object on the heap, whose bytes are four in the file. */
    @Test
    void smallWeightsArePaidForAsTheNumbersThatTheyBecome() {
        OnnxModel model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(1))
                .output("y", DataType.FP32, DeclaredShape.of(1))
                .node("Neg", List.of("x"), List.of("y"));
        for (int i = 0; i < 1000; i++) {
            model.initializer("w" + i, OnnxTensor.raw(DataType.INT32, Shape.of(64), new byte[256]));
        }
        Path file = model.write(folder.resolve("small.onnx"));

        assertTooLarge(8 << 20, file);
        assertThat(new OnnxReader(12 << 20, new ReentrantLock()).inspect(file).parameters())
                .isEqualTo(64_000);
    }

    @Test
    void oneModelIsReadAtATime() throws InterruptedException {
        ReentrantLock turn = new ReentrantLock();
        OnnxReader reader = new OnnxReader(1 << 30, turn);
        AtomicReference<OnnxInspection> second = new AtomicReference<>();
        Thread other = Thread.ofVirtual().unstarted(() -> second.set(reader.inspect(Models.file("iris.onnx"))));
        turn.lock();
        try {
            other.start();
            while (!turn.hasQueuedThreads() && other.isAlive()) {
                Thread.onSpinWait();
            }
            assertThat(second.get()).isNull();
        } finally {
            turn.unlock();
        }
        other.join();
        assertThat(second.get().signature().inputs()).hasSize(1);
    }

    @Test
    void aHundredThousandNodesFitAHeapOf512MiB() {
        OnnxModel model = new OnnxModel().input("x", DataType.FP32, DeclaredShape.of(1));
        for (int i = 0; i < 100_000; i++) {
            model.node(OnnxNode.of("Add", List.of("/layer/value" + i, "x"), List.of("/layer/value" + (i + 1)))
                    .with("axis", 1)
                    .with("keepdims", 1));
        }
        Path file = model.output("/layer/value100000", DataType.FP32, DeclaredShape.of(1))
                .write(folder.resolve("long.onnx"));
        assertThat(new OnnxReader(512 << 20, new ReentrantLock())
                        .inspect(file)
                        .signature()
                        .inputs())
                .hasSize(1);
    }

    @Test
    void weightsAreSkippedAndNotRead() throws IOException {
        long weights = 1_500_000_000;
        Path file = folder.resolve("big.onnx");
        byte[] small = Files.readAllBytes(Models.file("iris.onnx"));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            header.write(small);
            CodedOutputStream out = CodedOutputStream.newInstance(header);
            out.writeTag(6, 2);
            out.writeUInt32NoTag((int) weights);
            out.flush();
            sparse.write(header.toByteArray());
            sparse.setLength(header.size() + weights);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(new OnnxReader().inspect(file).signature().inputs()).hasSize(1);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
    }

    private void refused(String content, String why) throws IOException {
        Path file = Files.write(folder.resolve("broken.onnx"), content.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new OnnxReader().inspect(file))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.BadInput.class))
                .hasMessageContaining("'broken.onnx'")
                .hasMessageContaining(why);
    }
}
