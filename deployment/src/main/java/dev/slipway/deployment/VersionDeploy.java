package dev.slipway.deployment;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.ModelChanges.Step;
import dev.slipway.packages.Manifests;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.registry.Change;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import dev.slipway.registry.VersionRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes versions of what was taken in: checks, commits and publishes the highest, registers the others. */
final class VersionDeploy {

    private static final Logger LOG = LoggerFactory.getLogger(VersionDeploy.class);

    private final Registry registry;
    private final ModelChanges changes;
    private final Fleet fleet;
    private final Forms forms;
    private final InstantSource clock;
    private final Executor background;

    VersionDeploy(
            Registry registry,
            ModelChanges changes,
            Fleet fleet,
            Forms forms,
            InstantSource clock,
            Executor background) {
        this.registry = registry;
        this.changes = changes;
        this.fleet = fleet;
        this.forms = forms;
        this.clock = clock;
        this.background = background;
    }

    /**
     * What a deploy did, before anybody looks at it.
     *
     * @param versions every version that was given, ascending
     */
    record Outcome(
            boolean created,
            long version,
            List<Long> versions,
            List<Finding> findings,
            List<DeployResult.Check> checks) {}

    /**
     * Deploys candidates, ascending by their numbers: the highest as the request says, then the others by name only, and
     * what can be refused in any is refused before.
     * Only within {@link ModelChanges#alone}.
     */
    Outcome deploy(ModelName model, List<Candidate> candidates, DeployRequest request) {
        ModelRecord record =
                registry.model(model).orElse(new ModelRecord(model, 0, Endpoint.NONE, List.of(), Map.of()));
        Set<Long> used = registry.numbers(model);
        Candidate highest = candidates.getLast();
        candidates.forEach(candidate -> requireSame(record, candidate));
        if (removed(record, used, highest)) {
            throw new FailureException(new Failure.Conflict("version " + highest.number() + " of '" + model
                    + "' was removed, and a number is never given again: the next free one is "
                    + registry.nextVersion(model)));
        }
        List<Candidate> others = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        for (Candidate other : candidates.subList(0, candidates.size() - 1)) {
            if (removed(record, used, other)) {
                findings.add(Finding.warning(
                        "version " + other.number() + " was removed and is left out: a number is never given again"));
                continue;
            }
            versions.add(other.number());
            if (record.version(other.number()).isEmpty()) {
                forms.create(Manifests.read(other.canonicalManifest()));
                others.add(other);
            }
        }
        boolean moves = request.serve() && request.alias() == null;
        Outcome outcome = deploy(record, moves ? compared(record, highest) : highest, request);
        for (Candidate other : others) {
            register(changes.existing(model, null), other, other.number(), request);
        }
        versions.add(outcome.version());
        findings.addAll(outcome.findings());
        return new Outcome(outcome.created(), outcome.version(), versions, findings, outcome.checks());
    }

    private static boolean removed(ModelRecord record, Set<Long> used, Candidate candidate) {
        return used.contains(candidate.number())
                && record.version(candidate.number()).isEmpty();
    }

    /** The candidate with what its callers will notice, where another version answers them now. */
    private static Candidate compared(ModelRecord record, Candidate candidate) {
        return record.endpoint().targets().stream()
                .findFirst()
                .flatMap(target -> record.version(target.version()))
                .map(now -> candidate.warned(Replacement.warnings(
                        now.number(), Manifests.read(now.manifest()), Manifests.read(candidate.canonicalManifest()))))
                .orElse(candidate);
    }

    private Outcome deploy(ModelRecord record, Candidate candidate, DeployRequest request) {
        VersionRecord same = existing(record, candidate, request);
        if (same != null) {
            return again(record, same, candidate, request);
        }
        ModelName model = record.name();
        long number = candidate.number() > 0 ? candidate.number() : registry.nextVersion(model);
        if (request.serve() && request.awaitReady()) {
            return outcome(true, number, candidate, serve(record, candidate, number, request));
        }
        register(record, candidate, number, request);
        if (request.serve()) {
            fleet.loading(model, number);
            background.execute(() -> serveLater(model, number, request));
        }
        return new Outcome(true, number, List.of(), candidate.findings(), List.of());
    }

    /** Refuses another version under a number that is taken. */
    private static void requireSame(ModelRecord record, Candidate candidate) {
        record.version(candidate.number()).filter(there -> !candidate.is(there)).ifPresent(there -> {
            throw new FailureException(new Failure.Conflict("version " + candidate.number() + " of '"
                    + record.name() + "' is " + there.digest() + " already, " + candidate.digest()
                    + " given; versions never change, give it another number"));
        });
    }

    /** The version that has these bytes already, where the request would only repeat it. */
    private static @Nullable VersionRecord existing(ModelRecord record, Candidate candidate, DeployRequest request) {
        if (candidate.number() > 0) {
            return record.version(candidate.number()).orElse(null);
        }
        List<VersionRecord> versions = record.versions();
        List<VersionRecord> enough = switch (request.known()) {
            case NONE -> List.of();
            case NEWEST -> versions.subList(Math.max(0, versions.size() - 1), versions.size());
            case ANY -> versions;
        };
        return enough.reversed().stream().filter(candidate::is).findFirst().orElse(null);
    }

    /** What is only registered is not loaded, but what its package says of it must mean something. */
    private void register(ModelRecord record, Candidate candidate, long number, DeployRequest request) {
        forms.create(Manifests.read(candidate.canonicalManifest()));
        Change change = Change.of(record.name(), request.actor(), "deploy", request.filename())
                .adding(candidate.record(number, clock.instant(), false));
        changes.apply(record, Step.only(change), request.progress());
    }

    private Map<Long, Examination.Report> serve(
            ModelRecord record, Candidate candidate, long number, DeployRequest request) {
        Change change = target(
                Change.of(record.name(), request.actor(), "deploy", request.filename())
                        .adding(candidate.record(number, clock.instant(), true)),
                number,
                request);
        return changes.apply(
                record, new Step(change, Set.of(number), Set.of(), Examination.Rigor.REFUSE), request.progress());
    }

    private static Change target(Change change, long number, DeployRequest request) {
        return request.alias() == null || request.alias().equals("stable")
                ? change.endpoint(Endpoint.of(number))
                : change.alias(request.alias(), number);
    }

    /**
     * A repeated deploy. One that was answered long ago must not move traffic back; one that never came to serve goes
     * on where it stopped.
     */
    private Outcome again(ModelRecord record, VersionRecord same, Candidate candidate, DeployRequest request) {
        long number = same.number();
        if (!request.serve()) {
            return new Outcome(false, number, List.of(), candidate.findings(), List.of());
        }
        boolean toAlias = request.alias() != null && !request.alias().equals("stable");
        boolean asked = toAlias
                ? Long.valueOf(number).equals(record.aliases().get(request.alias()))
                : record.endpoint().versions().contains(number) || changes.servedBefore(record.name(), number);
        Change change = asked
                ? null
                : target(Change.of(record.name(), request.actor(), "promote", request.filename()), number, request);
        boolean wanted = !asked || (same.served() && !fleet.ready(record.name(), number));
        Step step = new Step(
                change,
                wanted ? Set.of(number) : Set.of(),
                Set.of(),
                asked ? Examination.Rigor.WARM_UP : Examination.Rigor.REFUSE);
        return outcome(false, number, candidate, changes.apply(record, step, request.progress()));
    }

    private static Outcome outcome(
            boolean created, long number, Candidate candidate, Map<Long, Examination.Report> reports) {
        List<Finding> findings = new ArrayList<>(candidate.findings());
        Examination.Report report = reports.get(number);
        if (report != null) {
            findings.addAll(report.findings());
        }
        return new Outcome(created, number, List.of(), findings, report == null ? List.of() : report.checks());
    }

    private void serveLater(ModelName model, long number, DeployRequest request) {
        try {
            changes.alone(model, () -> {
                ModelRecord record = changes.existing(model, null);
                Change change =
                        target(Change.of(model, request.actor(), "promote", request.filename()), number, request);
                return changes.apply(
                        record,
                        new Step(change, Set.of(number), Set.of(), Examination.Rigor.REFUSE),
                        request.progress());
            });
        } catch (RuntimeException | Error e) {
            Failure why = FailureException.of(e);
            LOG.error("version {} of '{}' was registered but does not serve: {}", number, model, why.detail(), e);
            fleet.failed(model, number, why);
        }
    }
}
