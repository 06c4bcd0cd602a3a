package baton.worker;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// One client that sends random requests, several in one write and cut anywhere, and knows for each what the
/// answer must be, byte for byte. One thread reads while another writes, as a browser does.
final class CheckedClient implements Callable<Void> {
    private static final int READ_MILLIS = 30_000;
    private static final int LARGE_BYTES = 300_000;
    private static final int SLOW_READ_NANOS = 200_000;

    private final int port;
    private final int number;
    private final int writes;
    private final Random random;
    private final Tally tally;
    private final byte[] page;
    private long requests;
    private boolean hostMayDie;

    /// What all clients of a run counted.
    static final class Tally {
        final AtomicLong checked = new AtomicLong();
        final AtomicLong failed = new AtomicLong();
        final AtomicLong abandoned = new AtomicLong();
        final AtomicLong hostDied = new AtomicLong();
    }

    /// What must come back.
    ///
    /// @param body null when only the status and the code count
    private record Expected(String id, int status, String code, byte[] body, boolean slowly, boolean last) {}

    /// @param writes how often it writes; each write has one to six requests
    CheckedClient(int port, int number, int writes, long seed, byte[] page, Tally tally) {
        this.port = port;
        this.number = number;
        this.writes = writes;
        this.page = page;
        this.random = new Random(seed * 1_000 + number);
        this.tally = tally;
    }

    /// Takes 502 HOST_DIED as an answer of the language host's function.
    CheckedClient whileHostsDie() {
        hostMayDie = true;
        return this;
    }

    @Override
    public Void call() throws Exception {
        int left = writes;
        while (left > 0) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(READ_MILLIS);
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
                boolean open = true;
                while (open && left-- > 0) {
                    open = exchange(socket, in);
                }
            }
        }
        return null;
    }

    /// One write and the answers to it.
    ///
    /// @return whether the connection can be used again
    private boolean exchange(Socket socket, InputStream in) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Expected> expected = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        boolean last = random.nextInt(25) == 0;
        for (int i = 0; i < count; i++) {
            expected.add(request(bytes, last && i == count - 1));
        }
        boolean abandon = random.nextInt(30) == 0;
        long cuts = random.nextLong();
        Throwable[] failure = {null};
        Thread writer = Thread.startVirtualThread(() -> {
            try {
                write(socket.getOutputStream(), bytes.toByteArray(), new Random(cuts));
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (abandon) {
            writer.join();
            int wanted = random.nextInt(count);
            for (Expected next : expected.subList(0, wanted)) {
                check(in, next);
            }
            tally.abandoned.addAndGet(count - wanted);
            return false;
        }
        for (Expected next : expected) {
            check(in, next);
        }
        writer.join();
        if (failure[0] != null) {
            throw new IOException("client " + number + " could not write", failure[0]);
        }
        if (last && in.read() >= 0) {
            throw new IOException("bytes behind the last answer");
        }
        return !last;
    }

    private void write(OutputStream out, byte[] bytes, Random cuts) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int part =
                    Math.min(bytes.length - at, cuts.nextInt(4) == 0 ? 1 + cuts.nextInt(60) : 1 + cuts.nextInt(20_000));
            out.write(bytes, at, part);
            at += part;
        }
    }

    private Expected request(ByteArrayOutputStream out, boolean last) {
        String id = number + "-" + ++requests;
        int kind = random.nextInt(100);
        if (kind < 10) {
            head(out, "GET", "page", id, last, "\r\n");
            return new Expected(null, 200, "", page, false, last);
        }
        if (kind < 15) {
            head(out, "GET", "nobody-" + number, id, last, "\r\n");
            return new Expected(null, 404, "NO_FUNCTION", null, false, last);
        }
        if (kind < 20) {
            return post(out, "work", id, "trap", 0, 200, 502, "TRAP", last);
        }
        if (kind < 24) {
            return post(out, "work", id, "exit", 3, 200, 502, "EXIT_STATUS", last);
        }
        if (kind < 31) {
            return post(out, "spin", id, "spin", 300 + random.nextInt(7_700), 200, 200, "", last);
        }
        if (kind < 41) {
            return post(out, "sleep", id, "sleep", 1_000 + random.nextInt(30_000), 2_000, 200, "", last);
        }
        if (kind < 43) {
            return post(out, "work", id, "large", LARGE_BYTES, 100, 200, "", last);
        }
        if (kind < 47) {
            return post(out, "work", id, "echo", 0, 64_000 + random.nextInt(200_000), 200, "", last);
        }
        if (kind < 57) {
            boolean late = random.nextInt(3) == 0;
            return post(out, "host", id, late ? "sleep" : "echo", random.nextInt(20_000), 9_000, 200, "", last);
        }
        return post(out, random.nextBoolean() ? "work" : "echo", id, "echo", 0, 20_000, 200, "", last);
    }

    private Expected post(
            ByteArrayOutputStream out,
            String function,
            String id,
            String action,
            int value,
            int mostBytes,
            int status,
            String code,
            boolean last) {
        byte[] body = new byte[mostBytes / 4 + random.nextInt(mostBytes)];
        random.nextBytes(body);
        byte[] begin = (id + " " + action + " " + value + "\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < body.length; i++) {
            body[i] = i < begin.length ? begin[i] : (byte) ('a' + (body[i] & 15));
        }
        if (body.length < begin.length) {
            body = begin;
        }
        if (random.nextInt(3) == 0) {
            head(out, "POST", function, id, last, "Transfer-Encoding: chunked\r\n\r\n");
            chunks(out, body);
        } else {
            head(out, "POST", function, id, last, "Content-Length: " + body.length + "\r\n\r\n");
            out.writeBytes(body);
        }
        boolean large = action.equals("large");
        byte[] answer = large ? large(value, id) : body;
        return new Expected(id, status, code, code.isEmpty() ? answer : null, large && random.nextBoolean(), last);
    }

    private static byte[] large(int length, String id) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + (i + id.length()) % 26);
        }
        return bytes;
    }

    private void head(ByteArrayOutputStream out, String method, String function, String id, boolean last, String rest) {
        String text =
                method + " /function/" + function + "?n=" + id + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: r-" + id
                        + "\r\n" + (last ? "Connection: close\r\n" : "") + rest;
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void chunks(ByteArrayOutputStream out, byte[] body) {
        int at = 0;
        while (at < body.length) {
            int part = Math.min(body.length - at, 1 + random.nextInt(30_000));
            out.writeBytes((Integer.toHexString(part) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, part);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            at += part;
        }
        out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void check(InputStream in, Expected expected) throws IOException {
        String[] first = line(in).split(" ", 3);
        int status = Integer.parseInt(first[1]);
        Map<String, String> fields = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
        }
        byte[] body = body(in, Integer.parseInt(fields.get("content-length")), expected.slowly);
        String code = fields.getOrDefault("x-baton-error", "");
        String shown = "client " + number + ", expected " + expected + ", got " + status + " " + fields + " "
                + body.length + " bytes "
                + new String(body, 0, Math.min(200, body.length), StandardCharsets.ISO_8859_1);
        if (hostMayDie && code.equals("HOST_DIED") && status == 502) {
            tally.hostDied.incrementAndGet();
            return;
        }
        require(status == expected.status && code.equals(expected.code), shown);
        require(expected.last == "close".equals(fields.get("connection")), shown);
        if (expected.body != null) {
            require(Arrays.equals(body, expected.body), shown);
        }
        if (expected.id != null) {
            require(("r-" + expected.id).equals(fields.get("x-request-id")), shown);
        }
        if (expected.id != null && expected.body != null) {
            require(expected.id.equals(fields.get("x-id")) && "1".equals(fields.get("x-counter")), shown);
        }
        tally.checked.incrementAndGet();
        if (!expected.code.isEmpty()) {
            tally.failed.incrementAndGet();
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }

    private static byte[] body(InputStream in, int length, boolean slowly) throws IOException {
        byte[] body = new byte[length];
        int at = 0;
        while (at < length) {
            int count = in.read(body, at, Math.min(length - at, 8_192));
            if (count < 0) {
                throw new EOFException("the body ends after " + at + " of " + length + " bytes");
            }
            at += count;
            if (slowly) {
                LockSupport.parkNanos(SLOW_READ_NANOS);
            }
        }
        return body;
    }

    private String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("client " + number + ": the connection ended after '" + line + "'");
            }
            line.append((char) octet);
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }
}
