package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The desired state: models, their immutable versions, settings, endpoints and aliases, and the history of every
 * change. Each method that changes something is one transaction, durable when it returns.
 */
public interface Registry extends AutoCloseable {

    /** What is recorded of a model, all from one moment; empty when there is no such model. */
    Optional<ModelRecord> model(ModelName name);

    /** Every model, all from one moment. */
    List<ModelRecord> all();

    /** Every number that a version of a model ever had, removed ones too: none is given twice. */
    Set<Long> numbers(ModelName name);

    /** Reserves nothing: the number that the next version would get, one more than the highest ever used. */
    default long nextVersion(ModelName name) {
        return numbers(name).stream().mapToLong(Long::longValue).max().orElse(0) + 1;
    }

    /**
     * Applies a change of one model in one transaction: version, settings, endpoint, alias, history entry.
     *
     * @return the history entry
     * @throws dev.slipway.core.FailureException {@code Conflict} when {@code change.expectedRevision()} is not the
     *     model's revision or a version number was used before; {@code ModelNotFound}, {@code VersionNotFound}
     */
    HistoryEntry apply(Change change);

    /** Entries of a model, newest first; also of a model that was removed. */
    List<HistoryEntry> history(ModelName name, int limit, @Nullable Long beforeSeq);

    /** The endpoint that was recorded at a moment; empty when nothing was. */
    Optional<Endpoint> endpointAt(ModelName name, Instant time);

    /** Every endpoint that a model ever had, oldest first. */
    List<Endpoint> endpoints(ModelName name);

    /** Recomputes the hash chain of a model's history. */
    ChainReport verify(ModelName name);

    /** Why no change can be recorded durably, as when the home folder is gone; empty while nothing is in the way. */
    Optional<Failure> trouble();

    /** The artifacts that any version refers to. */
    Set<String> referencedBlobs();

    @Override
    void close();

    /** Whether a history is whole; where not, the first entry that does not fit and why. */
    record ChainReport(
            long entries, boolean intact, @Nullable Long firstBrokenSeq, String detail) {}
}
