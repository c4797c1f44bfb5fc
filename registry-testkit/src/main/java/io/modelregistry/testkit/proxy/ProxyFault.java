package io.modelregistry.testkit.proxy;

import java.io.IOException;

/**
 * What becomes of one request on its way through a {@link FaultProxy}. Which of them the server applied is said at each; what the
 * client sees is up to the client.
 */
public final class ProxyFault {
    /** The request and its answer pass unchanged. */
    public static final ProxyFault NONE = new ProxyFault("none", exchange -> exchange.relay(Distortion.NONE));

    /** The connection is reset when the whole request was read; the server never sees it. */
    public static final ProxyFault RESET_BEFORE = new ProxyFault("reset before", exchange -> {
        exchange.readBody();
        exchange.reset();
    });

    /** The server answered, and the connection is reset instead of passing its answer on. */
    public static final ProxyFault RESET_AFTER = new ProxyFault("reset after", exchange -> {
        exchange.forward();
        exchange.reset();
    });

    /** The request reaches the server twice, one after the other; the client gets the second answer. */
    public static final ProxyFault SENT_TWICE = new ProxyFault("sent twice", exchange -> {
        exchange.forward();
        exchange.relay(Distortion.NONE);
    });

    /** The connection is reset at once; the request reaches the server at {@link FaultProxy#landLate}. */
    public static final ProxyFault LATE_AFTER_RESET = new ProxyFault("late after reset", exchange -> {
        exchange.holdForLater();
        exchange.reset();
    });

    /** No answer comes until the client gives up; the request reaches the server at {@link FaultProxy#landLate}. */
    public static final ProxyFault LATE_AFTER_SILENCE = new ProxyFault("late after silence", exchange -> {
        exchange.holdForLater();
        exchange.awaitClientGone();
    });

    private final String name;
    private final Behaviour behaviour;

    @FunctionalInterface
    interface Behaviour {
        void befall(Exchange exchange) throws IOException, InterruptedException;
    }

    private ProxyFault(String name, Behaviour behaviour) {
        this.name = name;
        this.behaviour = behaviour;
    }

    /** This answer instead of the server's; the server never sees the request. */
    public static ProxyFault answer(CannedAnswer answer) {
        return new ProxyFault("answer " + answer.status(), exchange -> {
            exchange.readBody();
            exchange.answer(answer);
        });
    }

    /** This answer instead of the server's, which applied the request. */
    public static ProxyFault answerAfter(CannedAnswer answer) {
        return new ProxyFault("answer " + answer.status() + " after", exchange -> {
            exchange.forward();
            exchange.answer(answer);
        });
    }

    /** The connection ends in order after so many bytes of the answer's body, whose length was announced in full. */
    public static ProxyFault truncatedAt(long bytes) {
        return new ProxyFault("truncated at " + bytes, exchange -> exchange.relay(Distortion.truncatedAt(bytes)));
    }

    /** The lowest bit of one byte of the answer's body is another one; a shorter body passes unchanged. */
    public static ProxyFault bitFlippedAt(long offset) {
        return new ProxyFault("bit flipped at " + offset, exchange -> exchange.relay(Distortion.bitFlippedAt(offset)));
    }

    /** The head of the answer passes, and its body byte by byte as the gate lets them through. */
    public static ProxyFault dripping(DripGate gate) {
        return new ProxyFault("dripping", exchange -> exchange.relay(Distortion.dripping(gate)));
    }

    /** Only so many bytes of the request's body reach the server; then both connections are reset. */
    public static ProxyFault uploadCutAt(long bytes) {
        return new ProxyFault("upload cut at " + bytes, exchange -> {
            exchange.forwardCut(bytes);
            exchange.reset();
        });
    }

    void befall(Exchange exchange) throws IOException, InterruptedException {
        behaviour.befall(exchange);
    }

    @Override
    public String toString() {
        return name;
    }
}
