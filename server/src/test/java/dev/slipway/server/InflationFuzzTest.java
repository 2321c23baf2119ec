package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import dev.slipway.core.SlabPool;
import dev.slipway.core.TensorLease;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Compressed bodies, cut anywhere: what the JDK's own streams take comes out the same, and the rest is refused. */
class InflationFuzzTest {

    private static final int MOST = 4 << 20;
    private static final int RATIO = 200;

    @FuzzTest
    void inflatesABodyOrRefusesIt(byte[] given) throws IOException {
        if (given.length < 2) {
            return;
        }
        boolean gzip = given[0] >= 0;
        int piece = 1 + (given[1] & 0x3f);
        byte[] body = new byte[given.length - 2];
        System.arraycopy(given, 2, body, 0, body.length);
        byte[] inflated = inflate(gzip, piece, body);
        byte[] expected = byTheJdk(gzip, body);
        if (inflated != null && expected != null) {
            assertThat(inflated).isEqualTo(expected);
        }
    }

    private static byte @Nullable [] inflate(boolean gzip, int piece, byte[] body) {
        BodyBudget budget = new BodyBudget(MOST);
        try (SlabPool pool = new SlabPool(1L << 30, 1L << 21)) {
            BodySlab slab = new BodySlab(pool, budget, -1, MOST, 0, "decompressed body");
            Inflation inflation = new Inflation(gzip, slab, RATIO);
            try {
                for (int at = 0; at < body.length; at += piece) {
                    inflation.accept(ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)));
                }
                inflation.finish();
                try (TensorLease whole = slab.finish()) {
                    return whole.tensor().data().toArray(ValueLayout.JAVA_BYTE);
                }
            } catch (FailureException e) {
                slab.abandon();
                assertThat(e.failure().detail()).isNotEmpty();
                return null;
            } finally {
                inflation.close();
                assertThat(budget.held()).isZero();
                assertThat(pool.leases()).isZero();
            }
        }
    }

    /** What the JDK makes of it, or nothing where that refuses it. */
    private static byte @Nullable [] byTheJdk(boolean gzip, byte[] body) {
        try (InputStream bytes = new ByteArrayInputStream(body);
                InputStream inflated = gzip ? new GZIPInputStream(bytes) : new InflaterInputStream(bytes)) {
            return inflated.readNBytes(MOST);
        } catch (IOException e) {
            return null;
        }
    }
}
