package baton.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The built program as a process of its own, with two workers and a directory that goes with the test.
final class RunningPlatform implements AutoCloseable {
    private static final int START_SECONDS = 240;
    private static final int STOP_SECONDS = 30;
    private static final int SETTLE_SECONDS = 20;
    private static final Pattern HTTP = Pattern.compile("functions +http://[^:]+:(\\d+)/");
    private static final Pattern ADMIN = Pattern.compile("admin API +http://[^:]+:(\\d+)");

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final CompletableFuture<Integer> http = new CompletableFuture<>();
    private final CompletableFuture<Integer> admin = new CompletableFuture<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningPlatform(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().name("platform-output").start(this::read);
    }

    /// Starts a platform and waits until it says that it is ready.
    ///
    /// @param directory private to it
    static RunningPlatform start(Path directory) throws IOException {
        Path jar = Path.of(System.getProperty("basedir", ""), "target", "baton.jar")
                .toAbsolutePath();
        assertThat(jar).as("the built program").isRegularFile();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx128m", "-jar", jar.toString(), "up"));
        command.addAll(List.of("--data", directory.resolve("data").toString(), "--workers", "2"));
        command.addAll(List.of("--http", "0", "--https", "0", "--admin", "0"));
        RunningPlatform platform = new RunningPlatform(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        platform.admin();
        return platform;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                port(HTTP, line, http);
                port(ADMIN, line, admin);
            }
        } catch (IOException e) {
            output.append(e).append('\n');
        }
        http.completeExceptionally(new AssertionError("the platform ended:\n" + output));
        admin.completeExceptionally(new AssertionError("the platform ended:\n" + output));
    }

    private static void port(Pattern pattern, String line, CompletableFuture<Integer> found) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
            found.complete(Integer.parseInt(matcher.group(1)));
        }
    }

    private int await(CompletableFuture<Integer> port) {
        try {
            return port.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError("the platform does not start:\n" + output, e);
        }
    }

    int http() {
        return await(http);
    }

    int admin() {
        return await(admin);
    }

    String output() {
        return output.toString();
    }

    /// Deploys a file of the test resources; the first C function waits for the compiler.
    void deploy(String name, String lang, String resource, String parameters) throws IOException {
        byte[] source;
        try (InputStream in = RunningPlatform.class.getResourceAsStream("/stress/" + resource)) {
            source = in.readAllBytes();
        }
        URI target = URI.create("http://localhost:" + admin() + "/deploy?name=" + name + "&lang=" + lang + parameters);
        int[] status = {0};
        settle("deploy of " + name, () -> {
            status[0] = post(target, source);
            return status[0] != 503;
        });
        assertThat(status[0]).as("deploy of %s", name).isEqualTo(201);
    }

    private int post(URI target, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(target)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// What `GET /workers` says of each.
    List<JsonObject> workers() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + admin() + "/workers"))
                .build();
        try {
            String body =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            JsonElement root = JsonParser.parseString(body);
            JsonArray list = root.isJsonArray()
                    ? root.getAsJsonArray()
                    : root.getAsJsonObject().getAsJsonArray("workers");
            return list.asList().stream().map(JsonElement::getAsJsonObject).toList();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    List<Long> pids() {
        return workers().stream().map(worker -> worker.get("pid").getAsLong()).toList();
    }

    /// Language hosts, as children of the gateway.
    List<ProcessHandle> hosts() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("node"))
                .toList();
    }

    static int descriptors(long pid) {
        return count(Path.of("/proc/" + pid + "/fd"));
    }

    static int threads(long pid) {
        return count(Path.of("/proc/" + pid + "/task"));
    }

    private static int count(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Waits until something is so, asking again and again.
    void settle(String what, BooleanSupplier so) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " not within " + SETTLE_SECONDS + " s: " + workers() + "\n" + output);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the platform does not end:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
