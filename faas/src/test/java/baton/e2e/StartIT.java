package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starts: those that cannot be, with the cure, and those after an end of any kind.
class StartIT {
    @TempDir
    Path directory;

    @Test
    void saysWhatToDoAboutABusyPort() throws IOException {
        try (PlatformProcess first = PlatformProcess.startOn(directory.resolve("first"))) {
            for (String key : new String[] {"http", "admin"}) {
                int busy = key.equals("http") ? first.http() : first.adminPort();
                Finished second = up("--data", directory.resolve("second").toString(), "--" + key, "" + busy);
                assertThat(second.exit()).isEqualTo(1);
                assertThat(second.output())
                        .contains("error: cannot listen on 127.0.0.1:" + busy)
                        .contains("another program listens there; end it, or use --" + key + " with another port");
            }
            assertThat(first.get("/function/nobody").status()).isEqualTo(404);
        }
    }

    @Test
    void refusesADirectoryThatAnotherPlatformUses() throws IOException {
        Path data = directory.resolve("data");
        try (PlatformProcess first = PlatformProcess.startOn(data)) {
            Finished second = up("--data", data.toString());
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.output())
                    .contains("error: another platform uses " + data)
                    .contains("choose another directory with --data");
            assertThat(first.get("/function/nobody").status()).isEqualTo(404);
        }
    }

    @Test
    void refusesADirectoryThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a file");
        for (String data : new String[] {file.resolve("data").toString(), file.toString(), "/proc/baton", "/proc/1"}) {
            Finished refused = up("--data", data);
            assertThat(refused.exit()).as(data).isEqualTo(1);
            assertThat(refused.output())
                    .contains("error: cannot write to the data directory " + data)
                    .contains("choose another one with --data")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void refusesADirectoryThatIsNotItsOwn() throws IOException {
        Path data = Files.createDirectory(directory.resolve("others"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        Path home = Files.createDirectory(directory.resolve("home"));
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // Root may write everywhere, so another user starts it; a copy of the program that this user can
            // read.
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
            for (Path open = directory; open != null && !open.equals(Path.of("/tmp")); open = open.getParent()) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Path jar = copyOfProgram(directory.resolve("program"));
        PlatformProcess.command("up", "--data", data.toString(), "--http", "0", "--admin", "0").stream()
                .map(part -> part.equals(PlatformProcess.jar().toString()) ? jar.toString() : part)
                .forEach(command::add);
        Finished refused = finish(command, Map.of("BATON_HOME", home.toString()));
        assertThat(refused.exit()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output())
                .contains("error: cannot write to the data directory " + data + " (permission denied)")
                .contains("make it writable for this user, or choose another one with --data");
    }

    private static Path copyOfProgram(Path target) throws IOException {
        Path source = PlatformProcess.jar().getParent();
        Files.createDirectories(target.resolve("lib"));
        Files.copy(PlatformProcess.jar(), target.resolve("baton.jar"));
        try (Stream<Path> libraries = Files.list(source.resolve("lib"))) {
            for (Path library : libraries.toList()) {
                Files.copy(library, target.resolve("lib").resolve(library.getFileName()));
            }
        }
        return target.resolve("baton.jar");
    }

    @Test
    void refusesWrongUsage() throws IOException {
        assertThat(up("--data", directory.resolve("d").toString(), "--wrokers", "2")
                        .exit())
                .isEqualTo(2);
        assertThat(up("--data", directory.resolve("d").toString(), "--workers", "none")
                        .exit())
                .isEqualTo(2);
        Finished open = up("--data", directory.resolve("d").toString(), "--bind", "0.0.0.0");
        assertThat(open.exit()).isEqualTo(2);
        assertThat(open.output()).contains("set BATON_TOKEN to a secret of your own, or bind to 127.0.0.1");
    }

    @Test
    void findsEverythingAgainAfterAStop() throws IOException {
        Path data = directory.resolve("data");
        String before;
        try (PlatformProcess first = PlatformProcess.startOn(data).withCompiler()) {
            first.deploy("hello", "c", "hello.c", "route=GET:/hi");
            first.deploy("js", "js", "acts.js");
            first.deploy("page", "html", "hello.html");
            first.admin().replace("page", "html", Fixtures.utf8("<p>second"));
            first.deploy("removed", "html", "hello.html");
            assertThat(first.admin().delete("/functions/removed").status()).isEqualTo(200);
            before = functions(first);
        }
        try (PlatformProcess second = PlatformProcess.startOn(data)) {
            assertThat(functions(second)).isEqualTo(before);
            assertThat(second.get("/hi").text()).isEqualTo("Hello from FAAS!\n");
            assertThat(second.get("/function/js").status()).isEqualTo(200);
            assertThat(second.get("/function/page").text()).isEqualTo("<p>second");
            assertThat(second.get("/function/removed").status()).isEqualTo(404);
        }
    }

    private static String functions(PlatformProcess platform) throws IOException {
        JsonObject json = platform.admin().get("/functions").json();
        for (JsonElement function : json.getAsJsonArray("functions")) {
            function.getAsJsonObject().remove("invocations");
        }
        return json.toString();
    }

    @Test
    void losesNothingAcknowledgedAndKeepsNothingHalfWhenKilledWithinDeploys() throws IOException {
        Path data = directory.resolve("data");
        Map<String, String> acknowledged = new ConcurrentSkipListMap<>();
        for (int round = 0; round < 5; round++) {
            PlatformProcess platform = PlatformProcess.startOn(data);
            Thread deployer = deployUntilItDies(platform, round, acknowledged);
            long pause = ThreadLocalRandom.current().nextLong(50, 400);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            platform.kill();
            try {
                deployer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        assertThat(acknowledged).isNotEmpty();
        try (PlatformProcess last = PlatformProcess.startOn(data)) {
            Map<String, String> found = new TreeMap<>();
            for (JsonElement function : last.admin().get("/functions").json().getAsJsonArray("functions")) {
                String name = function.getAsJsonObject().get("name").getAsString();
                found.put(name, function.getAsJsonObject().get("id").getAsString());
                // Whatever is there is whole, acknowledged or not.
                Answer answer = last.get("/function/" + name);
                assertThat(answer.status()).as(name).isEqualTo(name.startsWith("wasm") ? 502 : 200);
                assertThat(last.admin().get("/function/" + name).body()).isNotEmpty();
            }
            assertThat(found).containsAllEntriesOf(acknowledged);
            try (Stream<Path> directories = Files.list(data.resolve("functions"))) {
                Set<String> stored =
                        directories.map(d -> d.getFileName().toString()).collect(Collectors.toSet());
                assertThat(stored).containsExactlyInAnyOrderElementsOf(found.values());
            }
        }
    }

    /// Deploys pages and modules one after the other; a function's answer tells whether its file is whole.
    private static Thread deployUntilItDies(PlatformProcess platform, int round, Map<String, String> acknowledged)
            throws IOException {
        byte[] module = Fixtures.bytes("exit7.wasm");
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 1000; i++) {
                String name = (i % 2 == 0 ? "html-" : "wasm-") + round + "-" + i;
                byte[] source = i % 2 == 0 ? Fixtures.utf8("<p>" + name) : module;
                try {
                    Answer answer = platform.admin().deploy(name, i % 2 == 0 ? "html" : "wasm", source);
                    assertThat(answer.status()).isEqualTo(201);
                    acknowledged.put(name, answer.json().get("id").getAsString());
                } catch (IOException killed) {
                    return;
                }
            }
        });
    }

    private record Finished(int exit, String output) {}

    private static Finished up(String... options) throws IOException {
        List<String> command = new ArrayList<>(PlatformProcess.command("up"));
        List<String> given = List.of(options);
        command.addAll(given);
        for (String port : new String[] {"--http", "--https", "--admin"}) {
            if (!given.contains(port)) {
                command.addAll(List.of(port, "0"));
            }
        }
        return finish(command, Map.of());
    }

    private static Finished finish(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Thread guard = Thread.ofVirtual().start(() -> {
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String output = new String(process.getInputStream().readAllBytes());
        try {
            guard.join();
            return new Finished(process.waitFor(), output);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
