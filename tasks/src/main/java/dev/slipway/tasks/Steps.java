package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import dev.slipway.core.StepSpec;
import dev.slipway.core.spi.Step;
import dev.slipway.core.spi.StepProvider;
import dev.slipway.tasks.steps.NumericSteps;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** All steps at hand, by name. Of two providers of a name the built-in one, then the first, is asked. */
final class Steps {

    private final Map<String, StepProvider> providers = new TreeMap<>();

    Steps(Collection<StepProvider> found) {
        StepProvider numeric = new NumericSteps();
        numeric.names().forEach(name -> providers.put(name, numeric));
        for (StepProvider provider : found) {
            provider.names().forEach(name -> providers.putIfAbsent(name, provider));
        }
    }

    Step create(StepSpec spec) {
        StepProvider provider = providers.get(spec.name());
        if (provider == null) {
            String near = NearName.question(
                    spec.name(), providers.keySet(), "; known are " + Faults.list(providers.keySet()));
            throw new FailureException(Failure.BadInput.of("there is no step '" + spec.name() + "'" + near));
        }
        return provider.create(spec);
    }
}
