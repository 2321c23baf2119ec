package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.server.spi.Permission;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one decision on every call of a listener: who calls, and may they.
 *
 * <p>Whoever reaches a loopback listener may do everything; what must be kept out there is a web page that a local
 * browser shows, so a foreign {@code Host} (DNS rebinding) or {@code Origin} is refused. Beyond loopback anybody may
 * infer, and administration needs the key.
 *
 * @param host what the listener is bound to
 * @param loopback whether only this machine can reach it
 * @param key what administration needs beyond loopback; null on loopback
 * @param administration whether the listener answers administration
 */
record Access(String host, boolean loopback, @Nullable AdministrationKey key, boolean administration) {

    /** Who calls, or why not. */
    sealed interface Decision {}

    record Allowed(String principal) implements Decision {}

    record Refused(Failure failure) implements Decision {}

    private static final Allowed LOCAL = new Allowed("local");
    private static final Allowed ANYBODY = new Allowed("anonymous");
    private static final Refused ELSEWHERE = new Refused(new Failure.Forbidden(
            "administration has a port of its own on this server (--admin-port): ask at that one"));
    private static final Allowed ADMINISTRATOR = new Allowed("administrator");

    /** Whether a host to bind to can be reached from this machine alone. */
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Decides.
     *
     * @param authority the {@code Host} or {@code :authority}, if given
     */
    Decision decide(Permission permission, @Nullable String authority, MultiMap headers) {
        if (loopback) {
            Refused foreign = foreign(authority, headers.get(HttpHeaders.ORIGIN));
            if (foreign != null) {
                return foreign;
            }
        }
        return switch (permission) {
            case PUBLIC, INFER -> loopback ? LOCAL : ANYBODY;
            case ADMINISTER -> administration ? administer(headers) : ELSEWHERE;
        };
    }

    private Decision administer(MultiMap headers) {
        if (loopback || key == null) {
            return LOCAL;
        }
        String authorization = headers.get(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return new Refused(new Failure.Unauthenticated(
                    "administration needs the header 'Authorization: Bearer slw_...' with the administration key"));
        }
        return key.matches(authorization.substring(7).strip())
                ? ADMINISTRATOR
                : new Refused(new Failure.Unauthenticated("the administration key given is not this server's"));
    }

    private @Nullable Refused foreign(@Nullable String authority, @Nullable String origin) {
        if (authority != null && !known(hostOf(authority))) {
            return new Refused(new Failure.Forbidden("host '" + authority
                    + "' is not this machine; use localhost, or start the server with --host for others to reach it"));
        }
        if (origin != null && !sameOrigin(origin, authority)) {
            return new Refused(new Failure.Forbidden("origin '" + origin + "' is not this server"));
        }
        return null;
    }

    private static boolean sameOrigin(String origin, @Nullable String authority) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && authority != null && origin.substring(scheme + 3).equalsIgnoreCase(authority);
    }

    private boolean known(String name) {
        if (name.equals("localhost") || name.equals("[::1]") || name.equalsIgnoreCase(host)) {
            return true;
        }
        return name.startsWith("127.") && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }
}
