package dev.slipway.deployment;

import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A wish to deploy.
 *
 * @param name the model's name; null takes the one that the package suggests, in the project {@code default}
 * @param path a file, archive or folder on this machine
 * @param filename the name that it had where it came from
 * @param alias sets this alias instead of the endpoint
 * @param serve false only registers
 * @param awaitReady false returns when the version is registered, before it serves
 * @param known which versions of the same bytes are enough, so that no new one is made
 * @param progress is told of each stage, for people
 * @param settings makes a new version's settings of those in its package
 */
public record DeployRequest(
        @Nullable ModelName name,
        Path path,
        String filename,
        String actor,
        @Nullable String alias,
        boolean serve,
        boolean awaitReady,
        Known known,
        Consumer<String> progress,
        Revision settings) {

    /** Makes settings of others, for a version of this manifest; refuses what does not go with it. */
    @FunctionalInterface
    public interface Revision {

        /** The same settings. */
        Revision NONE = (_, settings) -> settings;

        Settings of(Manifest manifest, Settings settings);
    }

    /** A wish to deploy with the package's own settings. */
    public DeployRequest(
            @Nullable ModelName name,
            Path path,
            String filename,
            String actor,
            @Nullable String alias,
            boolean serve,
            boolean awaitReady,
            Known known,
            Consumer<String> progress) {
        this(name, path, filename, actor, alias, serve, awaitReady, known, progress, Revision.NONE);
    }

    /** Versions that make a deploy of the same bytes a repetition. */
    public enum Known {
        /** None: each deploy makes a version. */
        NONE,
        /** The newest: a deploy of older bytes brings them back as a new version. */
        NEWEST,
        /** Any: a start with the same files as before moves nothing that was moved since. */
        ANY
    }

    public static DeployRequest of(@Nullable ModelName name, Path path, String actor) {
        return new DeployRequest(
                name,
                path,
                path.toAbsolutePath().getFileName().toString(),
                actor,
                null,
                true,
                true,
                Known.NEWEST,
                _ -> {});
    }

    /** The same with another answer to bytes that are there. */
    public DeployRequest with(Known other) {
        return new DeployRequest(name, path, filename, actor, alias, serve, awaitReady, other, progress, settings);
    }

    /** The same with other settings than the package's. */
    public DeployRequest with(Revision revise) {
        return new DeployRequest(name, path, filename, actor, alias, serve, awaitReady, known, progress, revise);
    }
}
