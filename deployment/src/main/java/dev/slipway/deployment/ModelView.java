package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelRef;
import dev.slipway.registry.ModelRecord;
import java.util.List;
import java.util.Optional;

/** A model as desired (record) and as observed here. */
public record ModelView(ModelRecord record, List<VersionView> versions) {
    public ModelView {
        versions = List.copyOf(versions);
    }

    /** The version that stands for the model: the endpoint's first target, else the newest; empty where there is none. */
    public Optional<VersionView> foremost() {
        return record.endpoint().targets().stream()
                .findFirst()
                .map(target -> version(target.version()))
                .or(() -> versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast()));
    }

    /**
     * One version.
     *
     * @throws FailureException {@code VersionNotFound}
     */
    public VersionView version(long number) {
        return versions.stream()
                .filter(version -> version.record().number() == number)
                .findFirst()
                .orElseThrow(
                        () -> new FailureException(Failure.VersionNotFound.of(ModelRef.of(record.name(), number))));
    }
}
