package baton.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Sends a source and waits for its build, which may first have to wait for a compiler to be prepared: after
/// a second it says on stderr what the platform is doing and for how long.
///
/// The request runs on the calling thread; one virtual thread reports meanwhile.
final class PatientDeploy {
    private static final long TICK_SECONDS = 1;
    private static final long TICKS_PER_QUESTION = 5;

    private final AdminClient client;
    private final Terminal terminal;
    private final long startNanos = System.nanoTime();

    PatientDeploy(AdminClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    HttpAnswer send(String method, String target, byte[] source) {
        CountDownLatch done = new CountDownLatch(1);
        Thread reporter = Thread.ofVirtual().start(() -> report(done));
        try {
            return client.send(method, target, source, AdminClient.LONG);
        } finally {
            done.countDown();
            join(reporter);
        }
    }

    private void report(CountDownLatch done) {
        try {
            String activity = "building";
            for (long tick = 1; !done.await(TICK_SECONDS, TimeUnit.SECONDS); tick++) {
                boolean asks = tick % TICKS_PER_QUESTION == 1;
                activity = asks ? activity() : activity;
                if (terminal.isLive() || asks) {
                    terminal.progress(activity + " … " + elapsedSeconds() + " s");
                }
            }
            terminal.clearProgress();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the platform says about the tools that it is preparing, when it says anything.
    private String activity() {
        try {
            JsonObject json = client.get("/doctor").json();
            List<String> preparing = JsonView.array(json, "tools").asList().stream()
                    .filter(JsonElement::isJsonObject)
                    .map(JsonElement::getAsJsonObject)
                    .filter(tool -> JsonView.text(tool, "state").equals("preparing"))
                    .map(tool -> JsonView.text(tool, "name"))
                    .toList();
            return preparing.isEmpty()
                    ? "building"
                    : "waiting while the platform prepares " + String.join(", ", preparing);
        } catch (CommandException e) {
            return "building (" + e.sentence() + ")";
        }
    }

    private long elapsedSeconds() {
        return Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
