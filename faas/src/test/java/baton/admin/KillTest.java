package baton.admin;

import static org.assertj.core.api.Assertions.assertThat;

import baton.function.FunctionName;
import baton.function.VersionId;
import baton.metrics.FunctionTotals;
import baton.registry.ArtifactStore;
import baton.registry.RecordingLog;
import baton.registry.Registry;
import baton.registry.StoredVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that deploys, at random instants, and looks at what it left.
class KillTest {
    private static final int ROUNDS = 6;
    private static final int MAX_ROUNDS = 60;
    private static final int MAX_MILLIS = 1_500;

    @TempDir
    Path data;

    @TempDir
    static Path cache;

    private final Map<String, String> acknowledged = new HashMap<>();
    private final Map<String, VersionId> newest = new HashMap<>();
    private int lines;

    @Test
    void leavesEveryAcknowledgedFunctionWholeAndNoHalfOfAnother() throws Exception {
        for (int round = 0; round < ROUNDS || (lines < ROUNDS && round < MAX_ROUNDS); round++) {
            long seed = System.nanoTime();
            deployUntilKilled(seed);
            check("seed " + seed);
        }
        assertThat(lines).isGreaterThanOrEqualTo(ROUNDS);
    }

    private void deployUntilKilled(long seed) throws IOException, InterruptedException {
        Path output = data.resolve("acknowledged");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        DeployLoop.class.getName(),
                        data.toString(),
                        cache.toString(),
                        Long.toString(seed))
                .redirectError(data.resolve("errors").toFile())
                .redirectOutput(output.toFile())
                .start();
        process.waitFor(new Random(seed).nextInt(MAX_MILLIS), TimeUnit.MILLISECONDS);
        assertThat(process.isAlive()).as("%s", data.resolve("errors")).isTrue();
        process.destroyForcibly().waitFor();
        Files.readAllLines(output).forEach(this::note);
    }

    private void note(String line) {
        assertThat(line).matches("deployed .*|removed .*");
        lines++;
        String[] words = line.split(" ");
        if (words[0].equals("removed")) {
            newest.remove(words[1]);
            acknowledged
                    .keySet()
                    .removeIf(id -> VersionId.parse(id).name().value().equals(words[1]));
        } else {
            VersionId id = VersionId.parse(words[1]);
            newest.put(id.name().value(), id);
            acknowledged.put(words[1], words[2]);
        }
    }

    private void check(String description) throws IOException {
        RecordingLog log = new RecordingLog();
        ArtifactStore store = ArtifactStore.open(data.resolve("functions"));
        try (Registry registry = Registry.open(data, cache, log)) {
            Deployments deployments = new Deployments(
                    registry, store, new FileBuilder("engine 1"), new EchoPlane(), new FunctionTotals(), log);
            deployments.restore();
            Catalog catalog = deployments.catalog();
            assertThat(log.lines()).as(description).noneMatch(line -> line.startsWith("registry_row_invalid"));
            for (StoredVersion version : catalog.versions()) {
                checkWhole(version, store);
            }
            try (var directories = Files.list(data.resolve("functions"))) {
                assertThat(directories
                                .map(path -> path.getFileName().toString())
                                .collect(Collectors.toSet()))
                        .as(description)
                        .isEqualTo(
                                catalog.ids().stream().map(VersionId::toString).collect(Collectors.toSet()));
            }
            checkAcknowledged(catalog, description);
            // A name that was removed may get an id again: it is the time of the deploy.
            acknowledged
                    .keySet()
                    .retainAll(catalog.ids().stream().map(VersionId::toString).toList());
        }
    }

    /// What was acknowledged is live, unless the last request before the kill was carried out unacknowledged.
    private void checkAcknowledged(Catalog catalog, String description) {
        int different = 0;
        for (Map.Entry<String, VersionId> expected : newest.entrySet()) {
            VersionId live =
                    catalog.live(expected.getKey()).map(StoredVersion::id).orElse(null);
            different += expected.getValue().equals(live) ? 0 : 1;
        }
        assertThat(different).as(description).isLessThanOrEqualTo(1);
        newest.clear();
        catalog.versions().stream()
                .filter(StoredVersion::live)
                .forEach(version -> newest.put(version.name().value(), version.id()));
        newest.forEach((name, id) -> assertThat(catalog.routes(new FunctionName(name)))
                .as(description)
                .containsExactly("GET:/" + name));
    }

    private void checkWhole(StoredVersion version, ArtifactStore store) throws IOException {
        byte[] source = Files.readAllBytes(store.source(version));
        byte[] artifact = Files.readAllBytes(store.artifact(version));
        assertThat(FileBuilder.sha256(artifact)).isEqualTo(version.version().artifactSha256());
        assertThat(source).hasSize((int) version.sourceBytes());
        String expected = acknowledged.get(version.id().toString());
        if (expected != null) {
            assertThat(FileBuilder.sha256(source)).isEqualTo(expected);
        }
    }
}
