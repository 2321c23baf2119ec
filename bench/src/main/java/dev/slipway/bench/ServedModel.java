package dev.slipway.bench;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A model at a server.
 *
 * @param server the server's base, such as {@code http://127.0.0.1:8080}
 * @param version empty: whichever the server chooses
 * @param key sent as a bearer token; empty: none
 */
public record ServedModel(URI server, String name, String version, String key) {

    /** The path of its V2 REST resource. */
    String path() {
        String model = "/v2/models/" + encoded(name);
        String base = server.getRawPath().replaceFirst("/+$", "");
        return base + (version.isEmpty() ? model : model + "/versions/" + encoded(version));
    }

    boolean secure() {
        return "https".equalsIgnoreCase(server.getScheme());
    }

    int port() {
        int given = server.getPort();
        if (given >= 0) {
            return given;
        }
        return secure() ? 443 : 80;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
