package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.server.spi.Dialect;
import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All routes as a tree of path segments. At each segment a literal wins over a parameter; matching costs one look-up
 * per segment, however many routes there are.
 */
final class Routes {

    /** The deepest path that is looked at. */
    private static final int MAX_SEGMENTS = 32;

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<HttpMethod, Route> routes = new HashMap<>();

        @Nullable
        Node parameter;
    }

    /** What was found: the routes of a path by method, and the raw values of its parameters. */
    record Match(Map<HttpMethod, Route> routes, List<String> values) {

        /** The route of a method; a GET route also answers HEAD. */
        @Nullable
        Route route(HttpMethod method) {
            Route route = routes.get(method);
            return route == null && method.equals(HttpMethod.HEAD) ? routes.get(HttpMethod.GET) : route;
        }

        /** The methods of the path as {@code Allow} lists them. */
        String allow() {
            return Routes.allow(routes.keySet());
        }
    }

    private final Node root = new Node();
    private final Map<String, Dialect> owners = new HashMap<>();
    private final Set<HttpMethod> methods = new HashSet<>();

    void add(Route route) {
        Node node = root;
        for (String segment : segments(route.path())) {
            if (segment.startsWith("{")) {
                if (node.parameter == null) {
                    node.parameter = new Node();
                }
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, _ -> new Node());
            }
        }
        Route before = node.routes.putIfAbsent(route.method(), route);
        if (before != null) {
            throw new IllegalArgumentException("route " + route.method() + " " + route.path() + " of dialect "
                    + route.dialect().name() + " is already taken by "
                    + before.dialect().name());
        }
        owners.putIfAbsent(first(route.path()), route.dialect());
        methods.add(route.method());
    }

    /** The methods that any path has. */
    String allow() {
        return allow(methods);
    }

    private static String allow(Set<HttpMethod> methods) {
        Set<String> names = new TreeSet<>();
        methods.forEach(method -> names.add(method.name()));
        if (names.contains("GET")) {
            names.add("HEAD");
        }
        return String.join(", ", names);
    }

    /** The names of a path's parameters. */
    static List<String> parameters(String path) {
        return segments(path).stream()
                .filter(segment -> segment.startsWith("{"))
                .map(segment -> segment.substring(1, segment.length() - 1))
                .toList();
    }

    /** The dialect that has routes below the same first segment. */
    @Nullable
    Dialect owner(String path) {
        return owners.get(first(path));
    }

    @Nullable
    Match match(String path) {
        List<String> segments = segments(path);
        if (segments.size() > MAX_SEGMENTS) {
            return null;
        }
        List<String> values = new ArrayList<>(4);
        Node node = find(root, segments, 0, values);
        return node == null ? null : new Match(node.routes, values);
    }

    private static @Nullable Node find(Node node, List<String> segments, int at, List<String> values) {
        if (at == segments.size()) {
            return node.routes.isEmpty() ? null : node;
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Node found = find(literal, segments, at + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter == null || segment.isEmpty()) {
            return null;
        }
        values.add(segment);
        Node found = find(node.parameter, segments, at + 1, values);
        if (found == null) {
            values.removeLast();
        }
        return found;
    }

    private static String first(String path) {
        int end = path.indexOf('/', 1);
        return path.substring(0, end < 0 ? path.length() : end);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(8);
        if (path.length() <= 1) {
            return segments;
        }
        int from = 1;
        for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', from)) {
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        segments.add(path.substring(from));
        return segments;
    }

    /** Percent-decodes a segment. */
    static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("path segment '" + segment + "' is not percent-encoded"), e);
        }
    }
}
