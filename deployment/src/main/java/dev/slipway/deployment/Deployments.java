package dev.slipway.deployment;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Settings;
import dev.slipway.deployment.ModelChanges.Step;
import dev.slipway.json.Json;
import dev.slipway.packages.Manifests;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.Change;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.VersionState;
import dev.slipway.tasks.TaskForm;
import dev.slipway.tasks.TaskForms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, checks, commits and publishes versions, and moves what serves. Every method blocks; every change is durable
 * when it returns. Changes of one model come one after another; a deploy that is already running is joined.
 */
public final class Deployments implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
    private static final int LOADED_AT_ONCE = 4;

    private final Registry registry;
    private final ArtifactStore artifacts;
    private final ModelServer server;
    private final Scratch scratch;
    private final Intake intake;
    private final Forms forms;
    private final Fleet fleet;
    private final Views views;
    private final ModelChanges changes;
    private final VersionDeploy versionDeploy;
    private final Restoration restoration;
    private final Leftovers leftovers;
    private final Tuning tuning;
    private final Flights<Flight, VersionDeploy.Outcome> flights = new Flights<>();
    private final UnderWay underWay = new UnderWay();
    private volatile boolean settled;

    /** What makes two deploys the same. */
    private record Flight(
            ModelName model,
            List<Long> numbers,
            List<String> digests,
            List<Settings> settings,
            @Nullable String alias,
            boolean serve,
            boolean awaitReady,
            DeployRequest.Known known) {}

    /**
     * The time and the threads that it works with.
     *
     * @param clock tells when a version was made
     * @param nanoTime measures latency
     * @param background runs what nobody waits for
     * @param loadsAtStart whether what should serve is loaded after a start, or only when it is asked
     * @param loadedAtOnce how many versions are then loaded at a time
     */
    public record Surroundings(
            InstantSource clock, LongSupplier nanoTime, Executor background, boolean loadsAtStart, int loadedAtOnce) {

        public static Surroundings system(boolean loadsAtStart) {
            return new Surroundings(
                    InstantSource.system(),
                    System::nanoTime,
                    work -> Thread.ofVirtual().name("slipway-deploy").start(work),
                    loadsAtStart,
                    LOADED_AT_ONCE);
        }
    }

    /**
     * The rooms it works with.
     *
     * @param scratch a folder for unpacked archives, emptied at start
     */
    public Deployments(
            Registry registry,
            ArtifactStore artifacts,
            ModelServer server,
            PackageOpener opener,
            TaskForms forms,
            Path scratch) {
        this(registry, artifacts, server, opener, forms, scratch, Surroundings.system(true));
    }

    public Deployments(
            Registry registry,
            ArtifactStore artifacts,
            ModelServer server,
            PackageOpener opener,
            TaskForms forms,
            Path scratch,
            Surroundings surroundings) {
        this.registry = registry;
        this.artifacts = artifacts;
        this.server = server;
        this.scratch = new Scratch(scratch);
        this.intake = new Intake(opener, artifacts, this.scratch);
        this.forms = new Forms(forms);
        this.fleet = new Fleet(server, this.forms);
        this.views = new Views(fleet);
        VersionLoader loader =
                new VersionLoader(artifacts, server, this.forms, new Examination(surroundings.nanoTime()));
        this.changes = new ModelChanges(registry, loader, fleet);
        this.versionDeploy = new VersionDeploy(
                registry,
                changes,
                fleet,
                this.forms,
                surroundings.clock(),
                underWay.inBackground(surroundings.background()));
        this.restoration = new Restoration(
                registry, loader, fleet, changes, underWay, surroundings.loadsAtStart(), surroundings.loadedAtOnce());
        this.leftovers = new Leftovers(registry, artifacts);
        this.tuning = new Tuning(
                loader,
                surroundings.nanoTime(),
                Processor.name(),
                Runtime.getRuntime().availableProcessors());
    }

    /**
     * Publishes everything that should serve, and loads it unless that is left to its first request; what fails is named,
     * and does not stop the rest.
     */
    public void restore() {
        restore(() -> {});
    }

    /** The same, and then {@code more} of what should serve; settled when both are done. */
    public void restore(Runnable more) {
        settled = false;
        underWay.run(() -> {
            scratch.empty();
            leftovers.sweep();
            restoration.run();
            more.run();
        });
        settled = true;
    }

    public DeployResult deploy(DeployRequest request) {
        try {
            return underWay.get(() -> deployed(request));
        } catch (FailureException e) {
            ModelName model = request.name();
            LOG.warn(
                    "deploy of {} by {} refused: {}",
                    model == null ? request.filename() : model,
                    request.actor(),
                    e.failure().detail());
            throw e;
        }
    }

    private DeployResult deployed(DeployRequest request) {
        if (request.alias() != null) {
            requireAlias(request.alias());
        }
        registry.trouble().ifPresent(trouble -> {
            throw new FailureException(trouble);
        });
        return leftovers.keeping(() -> {
            Intake.Taken taken = intake.take(request.path(), request.filename(), request.progress());
            ModelName model = request.name() == null ? ModelName.of(taken.name()) : request.name();
            List<Candidate> candidates = taken.candidates().stream()
                    .map(candidate -> candidate.with(request.settings()))
                    .toList();
            Flight flight = new Flight(
                    model,
                    candidates.stream().map(Candidate::number).toList(),
                    candidates.stream().map(Candidate::digest).toList(),
                    candidates.stream().map(Candidate::settings).toList(),
                    request.alias(),
                    request.serve(),
                    request.awaitReady(),
                    request.known());
            candidates.forEach(candidate -> leftovers.doubtful(candidate.folderDigest()));
            VersionDeploy.Outcome outcome = flights.join(
                    flight, () -> changes.alone(model, () -> versionDeploy.deploy(model, candidates, request)));
            ModelView view = model(model);
            return new DeployResult(
                    outcome.created(),
                    view,
                    view.version(outcome.version()),
                    outcome.versions(),
                    outcome.findings(),
                    outcome.checks());
        });
    }

    /** Moves the endpoint, loading first what it names. */
    public ModelView endpoint(ModelName model, Endpoint endpoint, String actor, @Nullable Long expectedRevision) {
        return change(model, expectedRevision, record -> {
            endpoint.versions().forEach(version -> ModelChanges.version(record, version));
            Change change = Change.of(model, actor, "promote", "").endpoint(endpoint);
            return new Step(change, endpoint.versions(), Set.of(), Examination.Rigor.REFUSE);
        });
    }

    /** Makes {@code version} what the alias names; {@code stable} means the endpoint's only target. */
    public ModelView alias(
            ModelName model, String alias, @Nullable Long version, String actor, @Nullable Long expectedRevision) {
        requireAlias(alias);
        if (alias.equals("stable")) {
            if (version == null) {
                throw new FailureException(
                        Failure.BadInput.of("alias 'stable' is the endpoint's only target and cannot be removed"));
            }
            return endpoint(model, Endpoint.of(version), actor, expectedRevision);
        }
        return change(model, expectedRevision, record -> {
            if (version != null) {
                ModelChanges.version(record, version);
            } else if (!record.aliases().containsKey(alias)) {
                throw new FailureException(
                        Failure.VersionNotFound.of(new ModelRef(model, new ModelRef.ByAlias(alias))));
            }
            Change change = Change.of(model, actor, "alias", alias).alias(alias, version);
            return new Step(change, version == null ? Set.of() : Set.of(version), Set.of(), Examination.Rigor.REFUSE);
        });
    }

    private static void requireAlias(String alias) {
        ModelRef.ByAlias valid = new ModelRef.ByAlias(alias);
        if (valid.alias().chars().allMatch(Character::isDigit)) {
            throw new FailureException(
                    Failure.BadInput.of("alias '" + alias + "' must not be a number, that is what versions are"));
        }
    }

    /** Back to {@code to}, or to the last version that was stable before and was not itself rolled back. */
    public ModelView rollback(ModelName model, @Nullable Long to, String actor) {
        return change(model, null, record -> {
            long target = to == null
                    ? previousStable(record)
                    : ModelChanges.version(record, to).number();
            Change change = Change.of(model, actor, "rollback", "").endpoint(Endpoint.of(target));
            return new Step(change, Set.of(target), Set.of(), changes.rigor(model, target));
        });
    }

    private long previousStable(ModelRecord record) {
        return RollbackTarget.of(record, registry.history(record.name(), Integer.MAX_VALUE, null))
                .orElseThrow(() -> new FailureException(new Failure.Conflict("model '" + record.name()
                        + "' has no version to go back to: none was stable before and was not itself rolled back;"
                        + " say which one by 'to', or --to")));
    }

    /** A new revision of a version's settings, made of the one in force, and in force itself when this returns. */
    public ModelView settings(
            ModelName model,
            long version,
            UnaryOperator<Settings> revise,
            String actor,
            @Nullable Long expectedRevision) {
        return settings(model, version, revise, actor, "version " + version, expectedRevision);
    }

    private ModelView settings(
            ModelName model,
            long version,
            UnaryOperator<Settings> revise,
            String actor,
            String reason,
            @Nullable Long expectedRevision) {
        return change(model, expectedRevision, record -> {
            VersionRecord current = ModelChanges.version(record, version);
            Settings settings = revise.apply(VersionDocuments.settings(current));
            Change change = Change.of(model, actor, "settings", reason)
                    .settings(version, Json.canonical(Manifests.toMap(settings)));
            Set<Long> reloaded = current.served() ? Set.of(version) : Set.of();
            return new Step(change, reloaded, reloaded, Examination.Rigor.WARM_UP);
        });
    }

    /**
     * Looks for the settings with which a version does best on this machine, beside traffic, which slows both.
     *
     * @param cancellation ends it between two measurements
     */
    public TuningResult tune(ModelName model, long version, TuningGoal goal, Cancellation cancellation) {
        VersionRecord record = ModelChanges.version(model(model).record(), version);
        return underWay.get(() -> tuning.tune(model, record, goal, cancellation));
    }

    /** Makes what was found the version's settings; what others changed meanwhile stays. */
    public ModelView apply(ModelName model, long version, TuningResult result, String actor) {
        Settings best = result.best().settings();
        return settings(
                model,
                version,
                current -> current.withParallelism(best.instances(), best.intraOpThreads())
                        .withBatching(best.batching()),
                actor,
                "version " + version + ", tuned on " + result.processor() + ", " + result.cores() + " cores",
                null);
    }

    /** Makes a model's endpoint (null) or one version wanted in memory, loads it, and publishes. */
    public ModelView load(ModelName model, @Nullable Long version, String actor) {
        return change(model, null, record -> {
            Set<Long> wanted = version == null
                    ? Succession.named(record)
                    : Set.of(ModelChanges.version(record, version).number());
            boolean desired = record.versions().stream()
                    .filter(one -> wanted.contains(one.number()))
                    .allMatch(VersionRecord::served);
            Change change = desired ? null : Change.of(model, actor, "load", named(version));
            Examination.Rigor rigor = version == null ? Examination.Rigor.WARM_UP : changes.rigor(model, version);
            return new Step(change, wanted, Set.of(), rigor);
        });
    }

    /** Takes a whole model (null) or one version from memory, durably. */
    public ModelView unload(ModelName model, @Nullable Long version, String actor) {
        return change(model, null, record -> {
            Set<Long> leaving = version == null
                    ? record.versions().stream().map(VersionRecord::number).collect(Collectors.toSet())
                    : Set.of(ModelChanges.version(record, version).number());
            Change change = Change.of(model, actor, "unload", named(version));
            boolean any = false;
            for (VersionRecord one : record.versions()) {
                if (leaving.contains(one.number()) && one.served()) {
                    change = change.served(one.number(), false);
                    any = true;
                }
            }
            return new Step(any ? change : null, Set.of(), Set.of(), Examination.Rigor.WARM_UP);
        });
    }

    private static String named(@Nullable Long version) {
        return version == null ? "" : "version " + version;
    }

    public void removeVersion(ModelName model, long version, String actor) {
        underWay.run(() -> {
            change(model, null, record -> {
                leftovers.doubtful(VersionDigest.ofFolder(ModelChanges.version(record, version)));
                return Step.only(
                        Change.of(model, actor, "remove", "version " + version).removing(Set.of(version)));
            });
            leftovers.sweep();
        });
    }

    public void removeModel(ModelName model, String actor) {
        changes.existing(model, null);
        underWay.run(() -> {
            changes.alone(model, () -> {
                ModelRecord record = changes.existing(model, null);
                record.versions().forEach(version -> leftovers.doubtful(VersionDigest.ofFolder(version)));
                registry.apply(Change.of(model, actor, "remove", "the whole model")
                        .removingModel()
                        .expecting(record.revision()));
                fleet.withdraw(model);
                return model;
            });
            leftovers.sweep();
        });
    }

    private ModelView change(ModelName model, @Nullable Long expectedRevision, Function<ModelRecord, Step> decide) {
        changes.existing(model, null);
        underWay.run(() -> changes.alone(model, () -> {
            ModelRecord record = changes.existing(model, expectedRevision);
            return changes.apply(record, decide.apply(record), _ -> {});
        }));
        return model(model);
    }

    public List<ModelView> models() {
        return registry.all().stream().map(views::of).toList();
    }

    /**
     * What is desired and observed of a model.
     *
     * @throws FailureException {@code ModelNotFound}
     */
    public ModelView model(ModelName model) {
        return views.of(changes.existing(model, null));
    }

    public List<HistoryEntry> history(ModelName model, int limit, @Nullable Long beforeSeq) {
        return registry.history(model, limit, beforeSeq);
    }

    /** The friendly form of a version in memory. */
    public TaskForm form(LoadedVersion version) {
        return forms.of(version);
    }

    public ModelServer server() {
        return server;
    }

    /** Recomputes the hash chain of a model's history. */
    public Registry.ChainReport verify(ModelName model) {
        return registry.verify(model);
    }

    /** The endpoint that was in force at a moment; empty when there was no such model. */
    public Optional<Endpoint> endpointAt(ModelName model, Instant time) {
        return registry.endpointAt(model, time);
    }

    public boolean exists(ModelName model) {
        return registry.model(model).isPresent();
    }

    /** The files that versions are made of; what is put there ahead of a deploy is kept for the store's grace time. */
    public ArtifactStore artifacts() {
        return artifacts;
    }

    /** A place for what is needed only for a moment. */
    public Scratch scratch() {
        return scratch;
    }

    /** Why no change can be recorded now, while what is loaded goes on; empty while nothing is in the way. */
    public Optional<Failure> trouble() {
        return registry.trouble();
    }

    /** Whether a version that should serve has failed here. Reads the registry only for models that something failed of. */
    public boolean anyFailed() {
        return fleet.troubled().stream()
                .flatMap(model -> registry.model(model).stream())
                .anyMatch(record -> record.versions().stream()
                        .anyMatch(version -> version.served()
                                && fleet.standing(record.name(), version).state() == VersionState.FAILED));
    }

    /** Whether what should serve has been brought back, as far as there is room and it could be. */
    public boolean settled() {
        return settled;
    }

    /** Begins no more work. What is under way ends by itself, soon once the model server is closed: {@link #awaitEnd}. */
    @Override
    public void close() {
        underWay.close();
        tuning.stop(UnderWay.SHUTTING_DOWN);
    }

    /**
     * Waits until nothing uses the rooms any more that it works with.
     *
     * @throws IllegalStateException when {@code patience} was over before
     */
    public void awaitEnd(Duration patience) throws InterruptedException {
        underWay.awaitEnd(patience);
    }
}
