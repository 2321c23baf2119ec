package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.json.Json;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.serving.Batchability;
import dev.slipway.tasks.TaskForm.Decoded;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tries a version out before it serves: finds out whether rows may share a run, runs its checks, and warms it up on the
 * way; a version without golden examples is warmed up with the example of its form.
 */
final class Examination {

    private static final int SAMPLES = 8;
    private static final long EXAMPLE_ELEMENTS = 1 << 22;

    /** What a failed check means. */
    enum Rigor {
        /** The version is refused. */
        REFUSE,
        /** The version was accepted before; its examples only warm it up. */
        WARM_UP
    }

    private final LongSupplier nanoTime;

    Examination(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** What came out. */
    record Report(List<DeployResult.Check> checks, List<Finding> findings) {}

    Report run(Trial trial, Path folder, Rigor rigor, Consumer<String> progress) {
        try (Arena arena = Arena.ofConfined()) {
            return run(trial, folder, golden(trial.loaded().manifest(), folder, rigor, arena), rigor, progress);
        }
    }

    private Report run(Trial trial, Path folder, List<GoldenLine> golden, Rigor rigor, Consumer<String> progress) {
        Manifest manifest = trial.loaded().manifest();
        List<Finding> findings = new ArrayList<>();
        if (manifest.batchable() == null) {
            progress.accept("finding out whether rows may share a run");
            Batchability found = trial.loaded().probe(samples(trial, golden));
            findings.add(Finding.info("batchable: " + found));
        }
        if (rigor == Rigor.WARM_UP || golden.isEmpty()) {
            warmUp(trial, golden, findings);
        }
        return new Report(rigor == Rigor.REFUSE ? check(trial, folder, golden, progress) : List.of(), findings);
    }

    private static List<GoldenLine> golden(Manifest manifest, Path folder, Rigor rigor, Arena arena) {
        String file = manifest.checks().golden();
        if (file == null) {
            return List.of();
        }
        List<GoldenLine> lines = GoldenLine.read(folder.resolve(file), arena);
        return rigor == Rigor.REFUSE ? lines : lines.subList(0, Math.min(SAMPLES, lines.size()));
    }

    /** The first examples, up to one that cannot be decoded: its check will say so. */
    private static List<InferenceRequest> samples(Trial trial, List<GoldenLine> golden) {
        List<InferenceRequest> samples = new ArrayList<>();
        for (GoldenLine line : golden.subList(0, Math.min(SAMPLES, golden.size()))) {
            try {
                samples.add(trial.request(line.decode(trial).inputs()));
            } catch (FailureException e) {
                return samples;
            }
        }
        return samples;
    }

    private static void warmUp(Trial trial, List<GoldenLine> golden, List<Finding> findings) {
        try {
            if (golden.isEmpty() && trial.loaded().signature().smallestElements() < EXAMPLE_ELEMENTS) {
                answer(trial, example(trial));
            }
            for (GoldenLine line : golden) {
                answer(trial, line.decode(trial));
            }
        } catch (FailureException e) {
            findings.add(tolerated(e));
        }
    }

    /**
     * What the input may be to blame for, made up or of a version that was accepted before: no reason to refuse it.
     *
     * @throws FailureException anything else
     */
    private static Finding tolerated(FailureException e) {
        return switch (e.failure()) {
            case Failure.DeadlineExceeded(String detail) ->
                throw new FailureException(
                        Failure.BadInput.of("the warm-up run did not end: " + detail
                                + "; a version that cannot answer in time does not serve: give it a longer timeout"),
                        e);
            case Failure.ModelFailed(String detail, boolean outOfMemory)
            when outOfMemory ->
                throw new FailureException(
                        Failure.BadInput.of("the warm-up run failed: " + detail
                                + "; a version that cannot answer does not serve: give it a larger memory_limit"),
                        e);
            case Failure.BadInput _, Failure.ModelFailed _, Failure.Overloaded _ ->
                Finding.info("the warm-up run failed: " + e.failure().detail());
            case Failure.ModelNotFound _,
                    Failure.VersionNotFound _,
                    Failure.NotReady _,
                    Failure.Unsupported _,
                    Failure.TooLarge _,
                    Failure.InsufficientStorage _,
                    Failure.Cancelled _,
                    Failure.Unauthenticated _,
                    Failure.Forbidden _,
                    Failure.Conflict _,
                    Failure.Internal _ -> throw e;
        };
    }

    private static void answer(Trial trial, Decoded decoded) {
        try (InferenceResponse response = trial.run(decoded.inputs())) {
            trial.form().encode(decoded, response, Map.of());
        }
    }

    private static Decoded example(Trial trial) {
        return trial.decode("application/json", Json.write(trial.form().example()));
    }

    /** The input of the first golden example, or the one that the form makes up; the caller's. */
    List<NamedTensor> sample(Trial trial, Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            List<GoldenLine> golden = golden(trial.loaded().manifest(), folder, Rigor.WARM_UP, arena);
            return sample(trial, golden).inputs();
        }
    }

    private static Decoded sample(Trial trial, List<GoldenLine> golden) {
        return golden.isEmpty() ? example(trial) : golden.getFirst().decode(trial);
    }

    private List<DeployResult.Check> check(
            Trial trial, Path folder, List<GoldenLine> golden, Consumer<String> progress) {
        Manifest.Checks wanted = trial.loaded().manifest().checks();
        List<Examined> examined = new ArrayList<>();
        String file = wanted.golden();
        if (file != null) {
            progress.accept("checking golden examples");
            examined.add(new GoldenCheck(file, golden).run(trial));
        }
        Manifest.Accuracy accuracy = wanted.accuracy();
        if (accuracy != null) {
            progress.accept("checking accuracy");
            examined.add(new AccuracyCheck(trial.loaded().manifest(), accuracy).run(trial, folder));
        }
        Manifest.Latency latency = wanted.latency();
        if (latency != null) {
            progress.accept("checking latency");
            examined.add(new LatencyCheck(latency, nanoTime).run(trial, sample(trial, golden)));
        }
        List<Examined> failed =
                examined.stream().filter(one -> !one.check().passed()).toList();
        if (!failed.isEmpty()) {
            throw new FailureException(Examined.refusal(failed));
        }
        return examined.stream().map(Examined::check).toList();
    }
}
