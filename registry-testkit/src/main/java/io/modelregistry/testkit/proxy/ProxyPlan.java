package io.modelregistry.testkit.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Decides which requests of a {@link FaultProxy} go wrong, and how. Asked once for each request, when its head has been read, on the
 * thread of its connection and while no lock is held; a plan may therefore also wait, and so decide the order of requests.
 *
 * <p>The plans made here are thread-safe.
 */
@FunctionalInterface
public interface ProxyPlan {

    /** The fault of this request, {@link ProxyFault#NONE} for none. */
    ProxyFault faultFor(ProxiedRequest request);

    /** Nothing goes wrong. */
    static ProxyPlan none() {
        return request -> ProxyFault.NONE;
    }

    /**
     * Every request goes wrong that matches.
     *
     * @param pattern a regular expression for all of method and target: {@code PUT /bucket/versions/.*}
     */
    static ProxyPlan everyTimeOn(String pattern, ProxyFault fault) {
        Pattern compiled = Pattern.compile(pattern);
        return request -> matches(compiled, request) ? fault : ProxyFault.NONE;
    }

    /**
     * One request goes wrong: the n-th that matches, as for {@link #everyTimeOn}.
     *
     * @param nth from 1
     */
    static ProxyPlan onceOn(String pattern, int nth, ProxyFault fault) {
        Pattern compiled = Pattern.compile(pattern);
        AtomicInteger seen = new AtomicInteger();
        return request -> matches(compiled, request) && seen.incrementAndGet() == nth ? fault : ProxyFault.NONE;
    }

    /** Both: each sees every request, and the next one decides about those that this one leaves alone. */
    default ProxyPlan then(ProxyPlan next) {
        return request -> {
            ProxyFault first = faultFor(request);
            ProxyFault second = next.faultFor(request);
            return first == ProxyFault.NONE ? second : first;
        };
    }

    private static boolean matches(Pattern pattern, ProxiedRequest request) {
        return pattern.matcher(request.toString()).matches();
    }
}
