package dev.slipway.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", header = "Print the version.")
final class VersionCommand implements Callable<Integer> {

    private final GlobalOptions options;

    VersionCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", version());
        document.put("java", Runtime.version().toString());
        document.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        options.output()
                .result(
                        document,
                        () -> "slipway " + document.get("version") + "\njava " + document.get("java") + "\n"
                                + document.get("system"),
                        () -> version());
        return 0;
    }

    /** The version of this program, from its jar; {@code dev} when it runs from class files. */
    static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
