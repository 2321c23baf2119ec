package dev.slipway.verify.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run through our session costs beside the least possible and beside the official binding. All take turns in
 * short windows of the thread's processor time, so that a busy machine slows all alike; a ratio is that of two
 * neighbouring windows.
 */
public final class EngineRatios {

    private static final int WINDOWS = 60;
    private static final int WARM_WINDOWS = 20;
    private static final long WINDOW_NANOS = 10_000_000;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final PrintStream out;

    EngineRatios(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("slipway-ratios-");
        EngineRatios ratios = new EngineRatios(System.out);
        for (BenchmarkModel model : List.of(BenchmarkModel.iris(), new Models(folder).mlp("mlp", 256, 512, 512, 10))) {
            ratios.measure(model, folder);
        }
    }

    void measure(BenchmarkModel model, Path folder) {
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put("C API by FFM, values made once", new BareContender(model, folder));
        contenders.put("Slipway session", new SlipwayContender(model));
        contenders.put("official binding, values made once", new OfficialContender(model, true));
        contenders.put("official binding, as in its examples", new OfficialContender(model, false));
        try {
            List<Contender> all = List.copyOf(contenders.values());
            double[][] nanos = new double[all.size()][WINDOWS];
            int[] runs = new int[all.size()];
            for (int i = 0; i < all.size(); i++) {
                runs[i] = calibrate(all.get(i));
            }
            for (int window = 0; window < WINDOWS; window++) {
                for (int i = 0; i < all.size(); i++) {
                    nanos[i][window] = window(all.get(i), runs[i]);
                }
            }
            out.printf("%n%s%n", model.name());
            int i = 0;
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                print(contender.getKey(), nanos[0], nanos[i], allocated(contender.getValue()));
                if (Math.abs(contender.getValue().answer() - all.getFirst().answer()) > 1e-6) {
                    throw new IllegalStateException(contender.getKey() + " gives another answer");
                }
                i++;
            }
        } finally {
            contenders.values().forEach(Contender::close);
        }
    }

    private int calibrate(Contender contender) {
        int runs = 100;
        for (int window = 0; window < WARM_WINDOWS; window++) {
            runs = (int) Math.clamp(WINDOW_NANOS / window(contender, runs), 10, 1_000_000);
        }
        return runs;
    }

    private double window(Contender contender, int runs) {
        long before = thread.getCurrentThreadCpuTime();
        for (int i = 0; i < runs; i++) {
            contender.run();
        }
        return Math.max(1, (double) (thread.getCurrentThreadCpuTime() - before) / runs);
    }

    private long allocated(Contender contender) {
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            contender.run();
        }
        return (thread.getCurrentThreadAllocatedBytes() - before) / 1000;
    }

    private void print(String name, double[] base, double[] nanos, long allocated) {
        double[] ratios = new double[WINDOWS];
        for (int window = 0; window < WINDOWS; window++) {
            ratios[window] = nanos[window] / base[window];
        }
        Arrays.sort(ratios);
        out.printf(
                "  %-38s %5.2f  [%.2f, %.2f]  least %6.0f ns  %5d B/run%n",
                name,
                ratios[WINDOWS / 2],
                ratios[WINDOWS / 10],
                ratios[WINDOWS - 1 - WINDOWS / 10],
                Arrays.stream(nanos).min().orElseThrow(),
                allocated);
    }
}
