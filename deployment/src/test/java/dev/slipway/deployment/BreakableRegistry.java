package dev.slipway.deployment;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import dev.slipway.registry.Change;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A real registry, whose reading and commit a test can break; the commit before it happens, or after, when nobody hears of it. */
record BreakableRegistry(Registry real, Breakable breakable) implements Registry {

    @Override
    public Optional<ModelRecord> model(ModelName name) {
        breakable.reach(Breakable.Step.READ);
        return real.model(name);
    }

    @Override
    public List<ModelRecord> all() {
        breakable.reach(Breakable.Step.READ);
        return real.all();
    }

    @Override
    public Set<Long> numbers(ModelName name) {
        return real.numbers(name);
    }

    @Override
    public HistoryEntry apply(Change change) {
        breakable.reach(Breakable.Step.COMMIT);
        HistoryEntry entry = real.apply(change);
        breakable.reach(Breakable.Step.COMMITTED);
        return entry;
    }

    @Override
    public List<HistoryEntry> history(ModelName name, int limit, Long beforeSeq) {
        return real.history(name, limit, beforeSeq);
    }

    @Override
    public Optional<Endpoint> endpointAt(ModelName name, Instant time) {
        return real.endpointAt(name, time);
    }

    @Override
    public List<Endpoint> endpoints(ModelName name) {
        return real.endpoints(name);
    }

    @Override
    public ChainReport verify(ModelName name) {
        return real.verify(name);
    }

    @Override
    public Optional<Failure> trouble() {
        return real.trouble();
    }

    @Override
    public Set<String> referencedBlobs() {
        return real.referencedBlobs();
    }

    @Override
    public void close() {
        real.close();
    }
}
