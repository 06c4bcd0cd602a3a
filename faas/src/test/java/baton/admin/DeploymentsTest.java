package baton.admin;

import static org.assertj.core.api.Assertions.assertThat;

import baton.function.FunctionName;
import baton.function.RouteTable;
import baton.log.LogEvent;
import baton.registry.Registry;
import baton.registry.RegistryFixture;
import baton.registry.RegistryWatch;
import baton.registry.StoredVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentsTest {
    @TempDir
    Path data;

    @TempDir
    static Path cache;

    private Fixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = Fixture.open(data, cache);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void findsEverythingAgainAfterARestart() throws IOException {
        deploy("POST", "name=hello&lang=c&memory=1Mi&env=A=b&route=GET:/hello&isolation=dedicated&instances=3");
        deploy("PUT", "name=hello&lang=c&memory=2Mi&env=A=b&isolation=dedicated&instances=3");
        List<StoredVersion> before = fixture.deployments.catalog().versions();
        RouteTable table = fixture.deployments.catalog().table();

        restart();

        assertThat(fixture.deployments.catalog().versions()).isEqualTo(before);
        assertThat(fixture.deployments.catalog().table().live()).isEqualTo(table.live());
        assertThat(fixture.deployments.catalog().table().routes()).isEqualTo(table.routes());
        assertThat(fixture.request("GET", "/function/hello", "").text()).isEqualTo("source");
    }

    @Test
    void keepsTheLastThreeVersions() throws IOException {
        deploy("POST", "name=hello&lang=c");
        for (int i = 0; i < 4; i++) {
            assertThat(deploy("PUT", "name=hello").status()).isEqualTo(200);
        }

        List<StoredVersion> kept = fixture.deployments.catalog().versions();

        assertThat(kept).hasSize(Deployments.KEPT_VERSIONS);
        assertThat(kept.getLast().live()).isTrue();
        assertThat(fixture.registry.versions().sound()).hasSize(Deployments.KEPT_VERSIONS);
        assertThat(directories())
                .containsExactlyInAnyOrderElementsOf(
                        kept.stream().map(version -> version.id().toString()).toList());
    }

    @Test
    void serialisesDeploysOfOneName() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            Callable<Integer> deploy = () -> deploy("POST", "name=hello&lang=c").status();
            List<Integer> statuses = IntStream.range(0, 8).mapToObj(i -> clients.submit(deploy)).toList().stream()
                    .map(DeploymentsTest::result)
                    .toList();

            assertThat(statuses).containsOnlyOnce(201).contains(409);
            assertThat(statuses).filteredOn(status -> status == 409).hasSize(7);
            assertThat(directories()).hasSize(1);
        }
    }

    @Test
    void buildsTwoNamesSideBySide() throws Exception {
        try (ExecutorService client = Executors.newSingleThreadExecutor()) {
            Future<RawClient.Answer> slow =
                    client.submit(() -> fixture.request("POST", "/deploy?name=slow&lang=c", "#wait"));
            fixture.builder.awaitWaiting();

            assertThat(deploy("POST", "name=quick&lang=c").status()).isEqualTo(201);
            assertThat(slow.isDone()).isFalse();

            fixture.builder.finish();
            assertThat(slow.get().status()).isEqualTo(201);
        }
    }

    @Test
    void compilesModulesAnewForAnotherEngine() throws IOException {
        deploy("POST", "name=hello&lang=c");
        deploy("POST", "name=page&lang=html");
        fixture.close();

        fixture = Fixture.openWithEngine(data, cache, "engine 2");

        StoredVersion hello = fixture.deployments.catalog().live("hello").orElseThrow();
        assertThat(hello.compatibility()).isEqualTo("engine 2");
        assertThat(fixture.deployments.store().artifact(hello)).hasContent("engine 2source");
        assertThat(hello.version().artifactSha256())
                .isEqualTo(FileBuilder.sha256("engine 2source".getBytes(StandardCharsets.UTF_8)));
        assertThat(fixture.log.lines())
                .filteredOn(l -> l.startsWith("module_recompiled"))
                .hasSize(1);
        assertThat(fixture.registry.versions().sound()).contains(hello);
    }

    @Test
    void dropsAVersionWhoseFilesSomebodyRemoved() throws IOException {
        deploy("POST", "name=hello&lang=c&route=GET:/hello");
        deploy("POST", "name=other&lang=c");
        StoredVersion hello = fixture.deployments.catalog().live("hello").orElseThrow();
        Files.delete(fixture.deployments.store().source(hello));

        restart();

        assertThat(fixture.deployments.catalog().table().live()).containsOnlyKeys("other");
        assertThat(fixture.log.has(LogEvent.REGISTRY_ROW_INVALID)).isTrue();
        assertThat(fixture.log.has(LogEvent.REGISTRY_ORPHAN_REMOVED)).isFalse();
        assertThat(deploy("POST", "name=hello&lang=c").status()).isEqualTo(201);
    }

    @Test
    void compilesAModuleAnewWhosePrecompiledFormIsMissing() throws IOException {
        deploy("POST", "name=hello&lang=c");
        StoredVersion hello = fixture.deployments.catalog().live("hello").orElseThrow();
        Files.delete(fixture.deployments.store().artifact(hello));

        restart();

        assertThat(fixture.deployments.catalog().versions()).containsExactly(hello);
        assertThat(fixture.deployments.store().artifact(hello)).exists();
    }

    @Test
    void keepsTheFilesOfAVersionWhoseRowIsDamaged() throws IOException {
        deploy("POST", "name=hello&lang=c");
        RegistryFixture.sqlite3(file(), "UPDATE versions SET descriptor='?'");

        restart();

        assertThat(fixture.deployments.catalog().versions()).isEmpty();
        assertThat(directories()).hasSize(1);
    }

    @Test
    void makesALostRegistryFromTheMetadata() throws IOException {
        deploy("POST", "name=hello&lang=c&env=A=b");
        deploy("PUT", "name=hello&env=A=c");
        List<StoredVersion> before = fixture.deployments.catalog().versions();
        fixture.close();
        Files.delete(file());

        fixture = Fixture.open(data, cache);

        assertThat(fixture.deployments.catalog().versions()).isEqualTo(before);
        assertThat(fixture.registry.versions().sound()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void followsTheEditOfARouteWithinFiveSeconds() throws Exception {
        deploy("POST", "name=first&lang=c&route=POST:/resize");
        deploy("POST", "name=second&lang=c");
        try (Watched watched = new Watched()) {
            RegistryFixture.sqlite3(
                    file(), "UPDATE functions SET v='{\"function\":\"second\"}' WHERE k='POST:/resize'");

            watched.await();

            assertThat(route("POST:/resize")).isEqualTo("second");
            assertThat(fixture.plane.published().getLast().routes().get("POST:/resize"))
                    .isEqualTo(new FunctionName("second"));
        }
    }

    @Test
    void keepsTheLastGoodRouteInForceAndReportsTheRowEverywhere() throws Exception {
        deploy("POST", "name=first&lang=c&route=POST:/resize");
        try (Watched watched = new Watched()) {
            RegistryFixture.sqlite3(file(), "UPDATE functions SET v='{\"funktion\":1}' WHERE k='POST:/resize'");
            watched.await();
        }
        int published = fixture.plane.published().size();

        assertThat(route("POST:/resize")).isEqualTo("first");
        assertThat(published).isEqualTo(1);
        assertThat(fixture.log.has(LogEvent.REGISTRY_ROW_INVALID)).isTrue();
        assertThat(fixture.request("GET", "/routes", "").text())
                .contains("\"state\":\"invalid\",\"error\":\"unknown key 'funktion'");
        assertThat(fixture.request("GET", "/metrics", "").text()).contains("baton_registry_rows_invalid 1\n");

        restart();

        assertThat(route("POST:/resize")).isEqualTo("first");
    }

    @Test
    void followsRowsThatAreAddedAndDeleted() throws Exception {
        deploy("POST", "name=first&lang=c&route=GET:/a");
        try (Watched watched = new Watched()) {
            RegistryFixture.sqlite3(
                    file(),
                    "DELETE FROM functions; INSERT INTO functions VALUES ('GET:/b', '{\"function\":\"first\"}', 0)");
            watched.await();

            assertThat(fixture.deployments.catalog().table().routes()).containsOnlyKeys("GET:/b");
        }
    }

    @Test
    void makesARowValidOnceItsFunctionIsThere() throws IOException {
        RegistryFixture.sqlite3(file(), "INSERT INTO functions VALUES ('GET:/later', '{\"function\":\"later\"}', 0)");

        deploy("POST", "name=later&lang=c");

        assertThat(route("GET:/later")).isEqualTo("later");
    }

    @Test
    void leavesNothingBehindWhenTheStoreCannotBeWritten() throws IOException {
        Path functions = data.resolve("functions");
        Files.delete(functions);
        Files.writeString(functions, "in the way");

        RawClient.Answer answer = deploy("POST", "name=hello&lang=c");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json().get("error").getAsString())
                .contains("cannot be stored")
                .contains("functions");
        assertThat(fixture.deployments.catalog().versions()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenTheRegistryCannotBeWritten() throws IOException {
        RegistryFixture.sqlite3(file(), "DROP TABLE versions");

        RawClient.Answer answer = deploy("POST", "name=hello&lang=c");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json().get("error").getAsString()).contains(Registry.FILE);
        assertThat(directories()).isEmpty();
        assertThat(fixture.plane.published()).isEmpty();
    }

    private void restart() throws IOException {
        fixture.close();
        fixture = Fixture.open(data, cache);
    }

    private RawClient.Answer deploy(String method, String query) throws IOException {
        return fixture.request(method, "/deploy?" + query, "source");
    }

    private String route(String key) {
        return fixture.deployments.catalog().table().routes().get(key).value();
    }

    private Path file() {
        return data.resolve(Registry.FILE);
    }

    private List<String> directories() throws IOException {
        try (var files = Files.list(data.resolve("functions"))) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// The registry's watch as the platform runs it.
    private final class Watched implements AutoCloseable {
        private final LinkedBlockingQueue<String> reloads = new LinkedBlockingQueue<>();
        private final RegistryWatch watch = RegistryWatch.start(
                fixture.registry,
                RegistryWatch.INTERVAL,
                () -> {
                    fixture.deployments.reloadRoutes();
                    reloads.add("reloaded");
                },
                fixture.log);

        void await() throws InterruptedException {
            assertThat(reloads.poll(5, TimeUnit.SECONDS)).isEqualTo("reloaded");
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
