package io.modelregistry.testkit.proxy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/1.1 proxy on the loopback address that stands for one server, records what a client sends to it, and lets requests go wrong
 * by a {@link ProxyPlan}. The client is given {@link #uri} as its endpoint. The {@code Host} header passes unchanged, so signatures hold.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(server, ProxyPlan.onceOn("PUT /bucket/key", 1, ProxyFault.RESET_AFTER))) {
 *     … a client of proxy.uri() puts the key …
 *     assertThat(proxy.faults()).hasSize(1);
 *     assertThat(proxy.requests()).extracting(ProxiedRequest::toString).containsExactly("PUT /bucket/key");
 * }
 * }</pre>
 *
 * <p>No TLS, no HTTP/2, no pipelining; a request's body is held in memory. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<ProxiedRequest> requests = new ArrayList<>();
    private final List<ProxiedRequest> faults = new ArrayList<>();
    private final LinkedBlockingQueue<Exchange> late = new LinkedBlockingQueue<>();
    private long numbers;
    private volatile ProxyPlan plan;
    private volatile boolean closed;

    private FaultProxy(InetSocketAddress server, ProxyPlan plan) throws IOException {
        this.server = server;
        this.plan = plan;
        this.listener = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
        this.acceptor = start(this::accept);
    }

    /** Stands for the server at this address, which need not be up yet. */
    public static FaultProxy to(InetSocketAddress server, ProxyPlan plan) {
        try {
            return new FaultProxy(server, plan);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stands for a server on a port of the loopback address, and lets everything pass until {@link #plan} says otherwise. */
    public static FaultProxy to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ProxyPlan.none());
    }

    /** {@code http://127.0.0.1:40001}. */
    public URI uri() {
        return URI.create("http://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort());
    }

    /** Decides about the requests whose heads are read from now on. */
    public void plan(ProxyPlan next) {
        plan = next;
    }

    /** All requests since the last reset, in the order in which their heads were read. */
    public List<ProxiedRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Those that went wrong. */
    public List<ProxiedRequest> faults() {
        synchronized (requests) {
            return List.copyOf(faults);
        }
    }

    /** Forgets what was recorded; numbers go on. */
    public void reset() {
        synchronized (requests) {
            requests.clear();
            faults.clear();
        }
    }

    /**
     * Sends so many of the requests to the server that were held back by a late fault, in the order in which they were. Waits for the server's answers, and first for
     * the requests to be held back; an {@link AssertionError} when they aren't within 30 seconds.
     *
     * @return the status of each answer
     */
    public List<Integer> landLate(int count) throws InterruptedException {
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Exchange exchange = late.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (exchange == null) {
                throw new AssertionError("Only " + i + " requests were held back, not " + count);
            }
            try {
                answers.add(exchange.forward());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return answers;
    }

    /** Ends all connections and takes no more; requests held back never reach the server. */
    @Override
    public void close() {
        end();
        try {
            acceptor.join(); // the port takes connections as long as somebody waits for one, also after it was closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        closed = true;
        closeQuietly(listener);
        sockets.forEach(FaultProxy::closeQuietly);
        threads.forEach(Thread::interrupt);
    }

    Socket connectToServer() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server);
        return socket;
    }

    void hold(Exchange exchange) {
        late.add(exchange);
    }

    private void accept() {
        try {
            while (!closed) {
                Socket client = listener.accept();
                sockets.add(client);
                start(() -> serve(client));
                if (closed) {
                    closeQuietly(client);
                }
            }
        } catch (IOException e) {
            end();
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = new BufferedOutputStream(client.getOutputStream());
            for (HttpHead head = HttpHead.read(in); head != null && !closed; head = HttpHead.read(in)) {
                Exchange exchange = new Exchange(this, head, client, in, out);
                decide(record(head)).befall(exchange);
                if (exchange.over()) {
                    return;
                }
            }
        } catch (IOException e) {
            // Either side has closed its connection, as it may at any time; closing the client's tells it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    private ProxiedRequest record(HttpHead head) {
        synchronized (requests) {
            ProxiedRequest request = new ProxiedRequest(++numbers, head.part(0), head.part(1), head.headers());
            requests.add(request);
            return request;
        }
    }

    private ProxyFault decide(ProxiedRequest request) {
        ProxyFault fault = plan.faultFor(request);
        if (fault != ProxyFault.NONE) {
            synchronized (requests) {
                faults.add(request);
            }
        }
        return fault;
    }

    private Thread start(Runnable work) {
        Thread thread = new Thread(
                () -> {
                    threads.add(Thread.currentThread());
                    try {
                        work.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                "fault-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is being given up.
        }
    }
}
