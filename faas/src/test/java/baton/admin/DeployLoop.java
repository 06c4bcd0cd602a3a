package baton.admin;

import baton.function.FunctionLimits;
import baton.function.FunctionName;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.Route;
import baton.metrics.FunctionTotals;
import baton.registry.ArtifactStore;
import baton.registry.RecordingLog;
import baton.registry.Registry;
import baton.registry.StoredVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Deploys and removes functions without end and writes a line for each that is acknowledged, until it is
/// killed.
final class DeployLoop {
    private static final int NAMES = 4;

    private DeployLoop() {}

    public static void main(String[] arguments) throws IOException, Refusal {
        Path data = Path.of(arguments[0]);
        Random random = new Random(Long.parseLong(arguments[2]));
        RecordingLog log = new RecordingLog();
        Registry registry = Registry.open(data, Path.of(arguments[1]), log);
        ArtifactStore store = ArtifactStore.open(data.resolve("functions"));
        Deployments deployments = new Deployments(
                registry, store, new FileBuilder("engine 1"), new EchoPlane(), new FunctionTotals(), log);
        deployments.restore();
        while (true) {
            FunctionName name = new FunctionName("f" + random.nextInt(NAMES));
            boolean there = deployments.catalog().live(name.value()).isPresent();
            if (there && random.nextInt(5) == 0) {
                deployments.remove(name);
                say("removed " + name);
            } else {
                byte[] source = ("int x = " + random.nextLong() + ";").getBytes(StandardCharsets.UTF_8);
                StoredVersion version = deployments.deploy(request(name), source, there);
                say("deployed " + version.id() + " " + FileBuilder.sha256(source));
            }
        }
    }

    private static DeployRequest request(FunctionName name) {
        return new DeployRequest(
                name,
                Optional.of(Language.C),
                name + ".c",
                List.of(Route.parse("GET:/" + name)),
                Isolation.SHARED,
                1,
                FunctionLimits.DEFAULT,
                Map.of());
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
