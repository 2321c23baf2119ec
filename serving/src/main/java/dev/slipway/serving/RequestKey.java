package dev.slipway.serving;

import dev.slipway.core.NamedTensor;
import dev.slipway.core.Sha256;
import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * What tells the requests to a version apart: SHA-256 over all that its answer follows from, as four numbers. Nobody can
 * make two requests that have the same, by accident or on purpose, so that the inputs need not be kept to be compared.
 */
record RequestKey(ServedVersion version, long a, long b, long c, long d) {

    private static final long PIECE = 1 << 20;

    /**
     * The key of a request.
     *
     * @param inputs in the order of the signature
     * @param outputs the outputs wanted, in that order
     */
    static RequestKey of(ServedVersion version, List<NamedTensor> inputs, List<String> outputs) {
        MessageDigest digest = Sha256.digest();
        number(digest, outputs.size());
        outputs.forEach(output -> text(digest, output));
        for (NamedTensor input : inputs) {
            text(digest, input.name());
            Tensor tensor = input.tensor();
            text(digest, tensor.dataType().name());
            number(digest, tensor.shape().rank());
            for (int i = 0; i < tensor.shape().rank(); i++) {
                number(digest, tensor.shape().dim(i));
            }
            bytes(digest, tensor.wire());
        }
        ByteBuffer sum = ByteBuffer.wrap(digest.digest());
        return new RequestKey(version, sum.getLong(), sum.getLong(), sum.getLong(), sum.getLong());
    }

    private static void text(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(digest, bytes.length);
        digest.update(bytes);
    }

    /** Everything has its length before it: no two requests read alike. */
    private static void number(MessageDigest digest, long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    private static void bytes(MessageDigest digest, MemorySegment segment) {
        number(digest, segment.byteSize());
        for (long from = 0; from < segment.byteSize(); from += PIECE) {
            digest.update(segment.asSlice(from, Math.min(PIECE, segment.byteSize() - from))
                    .asByteBuffer());
        }
    }
}
