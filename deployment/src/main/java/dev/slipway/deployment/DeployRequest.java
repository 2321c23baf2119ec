package dev.slipway.deployment;

import dev.slipway.core.ModelName;
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
 * @param force makes a new version of bytes that are already the newest one
 * @param progress is told of each stage, for people
 */
public record DeployRequest(
        @Nullable ModelName name,
        Path path,
        String filename,
        String actor,
        @Nullable String alias,
        boolean serve,
        boolean awaitReady,
        boolean force,
        Consumer<String> progress) {

    public static DeployRequest of(@Nullable ModelName name, Path path, String actor) {
        return new DeployRequest(
                name, path, path.toAbsolutePath().getFileName().toString(), actor, null, true, true, false, _ -> {});
    }
}
