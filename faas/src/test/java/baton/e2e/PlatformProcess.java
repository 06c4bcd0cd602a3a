package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A real platform: the built jar as a process of its own on free ports, started as the launcher starts it.
///
/// What it needs from the user's cache it prepares as always: the first start on a machine takes longer.
final class PlatformProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(240);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration PREPARATION = Duration.ofSeconds(240);
    private static final Pattern HTTP = Pattern.compile("functions +http://[^:]+:(\\d+)/function/NAME");
    private static final Pattern ADMIN = Pattern.compile("admin API +http://[^:]+:(\\d+)");

    private final Path data;
    private final boolean ownsData;
    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final CountDownLatch announced = new CountDownLatch(1);
    private final Thread reader;
    private volatile int http;
    private volatile int admin;

    private PlatformProcess(Path data, boolean ownsData, Process process) {
        this.data = data;
        this.ownsData = ownsData;
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("platform-output").start(this::readOutput);
    }

    /// Starts a platform on a directory of its own, which is deleted with it.
    static PlatformProcess start(String... options) throws IOException {
        return ready(new PlatformProcess(Files.createTempDirectory("baton-e2e"), true, null, options));
    }

    /// Starts a platform on a directory that outlives it.
    static PlatformProcess startOn(Path data, String... options) throws IOException {
        return ready(new PlatformProcess(data, false, null, options));
    }

    private PlatformProcess(Path data, boolean ownsData, Void unused, String... options) throws IOException {
        this(data, ownsData, launch(data, options));
    }

    private static Process launch(Path data, String... options) throws IOException {
        List<String> command = new ArrayList<>(command("up", "--data", data.toString()));
        command.addAll(List.of("--http", "0", "--https", "0", "--admin", "0"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .directory(data.getParent().toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static PlatformProcess ready(PlatformProcess platform) {
        try {
            assertThat(platform.announced.await(START.toSeconds(), TimeUnit.SECONDS))
                    .as("the platform says that it is ready")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(platform.process.isAlive())
                .as("the platform runs:\n%s", platform.output)
                .isTrue();
        return platform;
    }

    /// The command line of the program with some arguments, as the launcher makes it.
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xlog:disable", "-Xms16m", "-Xmx128m"));
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Path jar() {
        Path jar = Path.of(System.getProperty("basedir", ""), "target", "baton.jar")
                .toAbsolutePath();
        assertThat(jar).as("the built program").isRegularFile();
        return jar;
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                Matcher function = HTTP.matcher(line);
                if (function.find()) {
                    http = Integer.parseInt(function.group(1));
                }
                Matcher control = ADMIN.matcher(line);
                if (control.find()) {
                    admin = Integer.parseInt(control.group(1));
                    announced.countDown();
                }
            }
        } catch (IOException e) {
            output.append("reading the output: ").append(e).append('\n');
        }
        announced.countDown();
    }

    int http() {
        return http;
    }

    int adminPort() {
        return admin;
    }

    Admin admin() {
        return new Admin(admin);
    }

    Path data() {
        return data;
    }

    Process process() {
        return process;
    }

    /// What it has printed so far.
    String output() {
        return output.toString();
    }

    RawConnection connect() throws IOException {
        return RawConnection.open(http);
    }

    /// One request on a connection of its own.
    Answer get(String path) throws IOException {
        try (RawConnection connection = connect()) {
            return connection.get(path).read();
        }
    }

    Answer post(String path, String body) throws IOException {
        try (RawConnection connection = connect()) {
            return connection.post(path, body).read();
        }
    }

    /// Deploys a source of the test resources and fails unless it is taken.
    void deploy(String name, String lang, String source, String... parameters) throws IOException {
        Answer answer = admin().deploy(name, lang, Fixtures.bytes(source), parameters);
        assertThat(answer.status()).as("deploy of %s: %s", source, answer).isEqualTo(201);
    }

    /// Waits until C can be compiled: on a fresh machine the compiler is prepared first.
    PlatformProcess withCompiler() {
        Await.until(
                "the compiler is ready",
                PREPARATION,
                () -> admin().get("/languages").json().getAsJsonArray("languages").asList().stream()
                        .map(language -> language.getAsJsonObject())
                        .anyMatch(language -> language.get("lang").getAsString().equals("c")
                                && language.get("state").getAsString().equals("ready")));
        return this;
    }

    /// The processes below the gateway's: workers, language hosts, the builder.
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /// Ends the platform as a user does, and checks that nothing of it is left.
    void stop() {
        List<ProcessHandle> children = children();
        process.destroy();
        awaitEnd();
        try {
            assertThat(process.exitValue()).as("exit code:\n%s", output).isZero();
            Await.until(
                    () -> "all processes end: " + alive(children),
                    STOP,
                    () -> alive(children).isEmpty());
            assertRefused(http);
            assertRefused(admin);
            assertThat(sockets()).as("socket files").isEmpty();
        } finally {
            cleanUp(children);
        }
    }

    /// Ends the gateway without a chance to clean up.
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            assertThat(process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS))
                    .as("the platform ends:\n%s", output)
                    .isTrue();
            reader.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static List<String> alive(List<ProcessHandle> processes) {
        return processes.stream()
                .filter(ProcessHandle::isAlive)
                .map(handle -> handle.pid() + " " + handle.info().commandLine().orElse("?"))
                .toList();
    }

    private static void assertRefused(int port) {
        try (RawConnection connection = RawConnection.open(port)) {
            throw new AssertionError("port " + port + " still takes " + connection);
        } catch (ConnectException expected) {
            assertThat(expected).hasMessageContaining("refused");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> sockets() {
        try (Stream<Path> files = Files.walk(data.resolve("run"))) {
            return files.filter(file -> !Files.isRegularFile(file) && !Files.isDirectory(file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cleanUp(List<ProcessHandle> children) {
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        if (ownsData) {
            delete(data);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops it, unless it has ended already.
    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        } else {
            cleanUp(List.of());
        }
    }
}
