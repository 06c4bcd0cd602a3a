package baton.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.function.FunctionName;
import baton.function.Route;
import baton.log.LogEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
    @TempDir
    Path data;

    @TempDir
    static Path cache;

    private final RecordingLog log = new RecordingLog();

    @Test
    void givesBackWhatWasCommittedAfterItIsOpenedAgain() {
        StoredVersion version = RegistryFixture.page("hello_1");
        try (Registry registry = open()) {
            registry.commit(version, List.of(Route.parse("GET:/hello")));
        }
        try (Registry registry = open()) {
            assertThat(registry.created()).isFalse();
            assertThat(registry.versions().sound()).containsExactly(version);
            assertThat(registry.routeRows()).hasSize(1);
            assertThat(registry.routeRows().getFirst().key()).isEqualTo("GET:/hello");
            assertThat(registry.routeRows().getFirst().value()).isEqualTo("{\"function\":\"hello\"}");
        }
    }

    @Test
    void leavesOneLiveVersionPerFunction() {
        try (Registry registry = open()) {
            registry.commit(RegistryFixture.page("hello_1"), List.of());
            registry.commit(RegistryFixture.page("hello_2"), List.of());

            assertThat(registry.versions().sound())
                    .extracting(v -> v.id() + " " + v.live())
                    .containsExactly("hello_1 false", "hello_2 true");
        }
    }

    @Test
    void removesTheRoutesOfAFunctionWithIt() {
        try (Registry registry = open()) {
            registry.commit(RegistryFixture.page("hello_1"), List.of(Route.parse("GET:/hello")));
            registry.commit(RegistryFixture.page("other_1"), List.of(Route.parse("GET:/other")));

            registry.remove(new FunctionName("hello"));

            assertThat(registry.versions().sound())
                    .extracting(v -> v.id().toString())
                    .containsExactly("other_1");
            assertThat(registry.routeRows()).extracting(RouteRow::key).containsExactly("GET:/other");
        }
    }

    @Test
    void noticesTheEditOfAnotherProgramButNotItsOwn() {
        try (Registry registry = open()) {
            registry.commit(RegistryFixture.page("hello_1"), List.of(Route.parse("POST:/resize")));
            assertThat(registry.changedByOthers()).isFalse();

            RegistryFixture.sqlite3(file(), "UPDATE functions SET v='{\"function\":\"other\"}' WHERE k='POST:/resize'");

            assertThat(registry.changedByOthers()).isTrue();
            assertThat(registry.changedByOthers()).isFalse();
            assertThat(registry.routeRows().getFirst().value()).isEqualTo("{\"function\":\"other\"}");
        }
    }

    @Test
    void keepsTheTableOfRoutesAsTheContractSays() {
        open().close();

        assertThat(RegistryFixture.sqlite3(
                        file(), "SELECT name, type, \"notnull\", pk FROM pragma_table_info('functions')"))
                .isEqualTo("k|TEXT|0|1\nv|TEXT|1|0\nupdated|INTEGER|1|0");
        assertThat(RegistryFixture.sqlite3(file(), "PRAGMA journal_mode")).isEqualTo("wal");
    }

    @Test
    void leavesOutAVersionWhoseRowIsDamaged() {
        try (Registry registry = open()) {
            registry.commit(RegistryFixture.page("good_1"), List.of());
            registry.commit(RegistryFixture.page("bad_1"), List.of());
            RegistryFixture.sqlite3(file(), "UPDATE versions SET descriptor='{\"id\":' WHERE id='bad_1'");

            Registry.Versions versions = registry.versions();

            assertThat(versions.sound()).extracting(v -> v.id().toString()).containsExactly("good_1");
            assertThat(versions.damaged()).containsExactly("bad_1");
            assertThat(log.has(LogEvent.REGISTRY_ROW_INVALID)).isTrue();
        }
    }

    @Test
    void leavesOutVersionsWithValuesOutOfRange() {
        try (Registry registry = open()) {
            registry.commit(RegistryFixture.page("bad_1"), List.of());
            for (String edit :
                    List.of("$.memory_bytes', 1", "$.instances', 99999999999", "$.lang', 'cobol'", "$.env', 7")) {
                RegistryFixture.sqlite3(file(), "UPDATE versions SET descriptor=json_set(descriptor, '" + edit + ")");
                assertThat(registry.versions().sound()).as(edit).isEmpty();
            }
        }
    }

    @Test
    void remembersWhatRoutesLedToOverARestart() {
        try (Registry registry = open()) {
            registry.recordRoutesInForce(Map.of("GET:/a", new FunctionName("hello")));
        }
        try (Registry registry = open()) {
            assertThat(registry.routesInForce()).containsOnly(Map.entry("GET:/a", new FunctionName("hello")));
        }
    }

    @Test
    void namesTheFileAndTheCureWhenItIsDamaged() throws IOException {
        Files.writeString(file(), "this is no database, but long enough to be taken for one ".repeat(100));

        assertThatThrownBy(this::open)
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("damaged")
                .hasMessageContaining("move it away");
    }

    @Test
    void findsDamageInsideOfTheFileAtStart() throws IOException {
        try (Registry registry = open()) {
            for (int i = 1; i < 200; i++) {
                registry.commit(RegistryFixture.page("hello_" + i), List.of());
            }
        }
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 8 << 10, bytes.length, (byte) 0x5a);
        Files.write(file(), bytes);

        assertThatThrownBy(this::open).hasMessageContaining("damaged");
    }

    @Test
    void refusesASecondBatonOnTheSameFile() {
        try (Registry registry = open()) {
            assertThat(registry.created()).isTrue();
            assertThatThrownBy(this::open).hasMessageContaining("in use by another Baton");
        }
        open().close();
    }

    @Test
    void namesTheFileAndTheCureWhenAnotherProgramHoldsTheLock() throws IOException {
        open().close();
        Process holder = new ProcessBuilder("sqlite3", "-interactive", file().toString())
                .redirectErrorStream(true)
                .start();
        try {
            OutputStream in = holder.getOutputStream();
            in.write("BEGIN IMMEDIATE;\nSELECT 'held';\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            readUntil(holder, "\nheld\n");

            assertThatThrownBy(this::open)
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("locked by another program")
                    .extracting(e -> ((RegistryException) e).reason())
                    .isEqualTo(RegistryException.Reason.LOCKED);
        } finally {
            holder.destroyForcibly().onExit().join();
        }
    }

    @Test
    void refusesTheFormatOfANewerRelease() {
        open().close();
        RegistryFixture.sqlite3(file(), "PRAGMA user_version = 99");

        assertThatThrownBy(this::open).hasMessageContaining("newer Baton");
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        open().close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void unpacksTheNativeLibraryOnce() throws IOException {
        open().close();
        open().close();

        try (var files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    private static void readUntil(Process process, String text) throws IOException {
        StringBuilder seen = new StringBuilder("\n");
        while (seen.indexOf(text) < 0) {
            int next = process.getInputStream().read();
            assertThat(next).as("sqlite3 ended: %s", seen).isNotNegative();
            seen.append((char) next);
        }
    }

    private Path file() {
        return data.resolve(Registry.FILE);
    }

    private Registry open() {
        return Registry.open(data, cache, log);
    }
}
