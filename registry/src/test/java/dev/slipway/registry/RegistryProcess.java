package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.FailureException;
import dev.slipway.registry.ArtifactStore.Blob;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A process of its own that deploys, promotes, rolls back and removes, and prints a line for each change that it was
 * promised, {@code ack <seq> <hash>}, and one for each that was refused to it, {@code no <why>}.
 */
final class RegistryProcess {

    private RegistryProcess() {}

    /** Starts one that tries so many changes on a home folder, behind {@code prefix} on its command line. */
    static Process start(Path home, int changes, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RegistryProcess.class.getName(),
                home.toString(),
                Integer.toString(changes)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The next promise of a process; null at its end. */
    static String next(BufferedReader output) throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith("ack ")) {
            if (line.startsWith("no ")) {
                throw new AssertionError(line);
            }
            line = output.readLine();
        }
        return line;
    }

    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        int changes = Integer.parseInt(args[1]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        InstantSource time = InstantSource.system();
        try (Registry registry = SqliteRegistry.open(home, time)) {
            ArtifactStore artifacts = new FolderArtifactStore(home.resolve("artifacts"), time, Duration.ZERO);
            artifacts.sweep(registry.referencedBlobs());
            for (int i = 0; i < changes; i++) {
                try {
                    HistoryEntry entry = registry.apply(next(registry, artifacts));
                    out.println("ack " + entry.seq() + " " + entry.hash());
                } catch (FailureException e) {
                    out.println("no " + e.getMessage());
                }
            }
        }
    }

    /** Deploys until there are three versions; then promotes the oldest, removes the middle one, and goes on. */
    private static Change next(Registry registry, ArtifactStore artifacts) throws IOException {
        List<VersionRecord> versions =
                registry.model(RegistryKit.DIGITS).map(ModelRecord::versions).orElse(List.of());
        if (versions.size() < 3) {
            long number = registry.nextVersion(RegistryKit.DIGITS);
            byte[] content = ("weights of version " + number).repeat(1_000).getBytes(StandardCharsets.UTF_8);
            Blob blob = artifacts.put(new ByteArrayInputStream(content));
            VersionRecord version = new VersionRecord(
                    number,
                    RegistryKit.digest((int) number),
                    "{}",
                    List.of(new FileRecord("model.onnx", blob.digest(), blob.size())),
                    blob.size(),
                    InstantSource.system().instant(),
                    1,
                    "{}",
                    true);
            return RegistryKit.change("deploy").adding(version).endpoint(Endpoint.of(number));
        }
        long oldest = versions.getFirst().number();
        boolean promoted =
                registry.model(RegistryKit.DIGITS).orElseThrow().endpoint().equals(Endpoint.of(oldest));
        return promoted
                ? RegistryKit.change("remove").removing(Set.of(versions.get(1).number()))
                : RegistryKit.change("rollback").endpoint(Endpoint.of(oldest)).alias("last", oldest);
    }
}
