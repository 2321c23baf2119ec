package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told, one word and a version each. */
final class ToldObserver implements ServingObserver {

    private final List<String> told = new CopyOnWriteArrayList<>();

    List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public void answered(ModelName model, long version, InferenceResponse.Timing timing, long totalNanos) {
        told.add("answered " + version);
    }

    @Override
    public void failed(ModelName model, long version, Failure failure) {
        told.add("failed " + version + " " + failure.code());
    }

    @Override
    public void refused(ModelName model, Failure failure) {
        told.add("refused " + failure.code());
    }

    @Override
    public void ran(ModelName model, long version, long rows, long computeNanos) {
        told.add("ran " + version + " rows " + rows);
    }

    @Override
    public void loaded(ModelName model, long version, long nanos) {
        told.add("loaded " + version);
    }

    @Override
    public void unloaded(ModelName model, long version) {
        told.add("unloaded " + version);
    }

    @Override
    public void cached(ModelName model, long version, boolean hit) {
        told.add((hit ? "hit " : "miss ") + version);
    }

    @Override
    public void removed(ModelName model, long version) {
        told.add("removed " + version);
    }
}
