package baton.host;

import static org.assertj.core.api.Assertions.assertThat;

import baton.host.RunningHost.Answer;
import baton.host.RunningHost.Connection;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plain scripts in a real Node host.
final class ScriptTest {
    @TempDir
    private Path directory;

    @Test
    void printsWithStdinAndCgiVariables() throws Exception {
        String code = "console.log('Content-Type: text/plain\\n');"
                + " const e = process.env; console.log([e.REQUEST_METHOD, e.SCRIPT_NAME, e.PATH_INFO, e.QUERY_STRING,"
                + " e.SERVER_NAME, e.REMOTE_ADDR, e.HTTP_COOKIE, e.HTTP_PROXY, e.CONTENT_LENGTH, e.GREETING,"
                + " process.argv.slice(1)].join('|')); console.error('to the log');"
                + " console.log(require('fs').readFileSync(0, 'utf8'));";
        String head = "POST /function/hello/a%20b?c=%20d HTTP/1.1\r\nHost: example.org:8080\r\nCookie: a=1\r\n"
                + "Cookie: b=2\r\nProxy: evil\r\nContent-Length: 4\r\n\r\n";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            assertThat(connection.mode()).isEqualTo(HostMode.SCRIPT);
            Answer answer = connection.call(1, head, "body");
            assertThat(answer.kind()).isEqualTo(HostAnswer.OK);
            assertThat(answer.stderr()).isEqualTo("to the log\n");
            assertThat(answer.text())
                    .isEqualTo("Content-Type: text/plain\n\nPOST|/function/hello|/a b|c=%20d|example.org|192.0.2.7"
                            + "|a=1; b=2||4|hi|hello\nbody\n");
        }
    }

    @Test
    void readsStdinAsAStreamInAnEsModuleWithAFreshScope() throws Exception {
        String code = "import process from 'node:process'; let count = 0; count++; let text = '';"
                + " for await (const chunk of process.stdin) text += chunk; process.stdout.write(text + count);";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            assertThat(connection.mode()).isEqualTo(HostMode.SCRIPT);
            assertThat(connection.post("one").text()).isEqualTo("one1");
            assertThat(connection.post("two").text()).isEqualTo("two1");
        }
    }

    @Test
    void waitsForTimersAndPromises() throws Exception {
        String code = "setTimeout(async () => { console.log('timer'); await null; console.log('promise'); }, 5);"
                + " console.log('first');";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection one = host.connect();
                Connection two = host.connect()) {
            one.send(1, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 100);
            assertThat(two.get("/").text()).isEqualTo("first\ntimer\npromise\n");
            assertThat(one.read().text()).isEqualTo("first\ntimer\npromise\n");
        }
    }

    @Test
    void endsAtExitWhateverIsStillUnderWay() throws Exception {
        String code = "setInterval(() => console.log('never'), 1000); console.log('before');"
                + " setTimeout(() => process.exit(3), 1);";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            for (int i = 0; i < 3; i++) {
                Answer answer = connection.get("/");
                assertThat(answer.kind()).isEqualTo(HostAnswer.EXIT);
                assertThat(answer.exitCode()).isEqualTo(3);
                assertThat(answer.text()).isEqualTo("before\n");
            }
        }
    }

    @Test
    void reportsUncaughtErrors() throws Exception {
        String code = "(async () => { await null; throw new TypeError('boom'); })();";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            for (int i = 0; i < 2; i++) {
                Answer answer = connection.get("/");
                assertThat(answer.kind()).isEqualTo(HostAnswer.ERROR);
                assertThat(answer.exitCode()).isEqualTo(1);
                assertThat(answer.text()).isEqualTo("TypeError: boom");
                assertThat(answer.stderr()).contains("code.js:1");
            }
        }
    }

    @Test
    void leavesNothingForTheNextRequest() throws Exception {
        String code = "console.log(typeof leaked, typeof fresh, JSON.stringify === globalThis.saved, process.env.LEAK,"
                + " process.listenerCount('exit')); leaked = 1; var fresh = 1; const s = JSON; JSON = { ...s };"
                + " process.env.LEAK = 'x'; process.on('exit', () => {}); globalThis.saved = s.stringify;";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            String first = connection.get("/").text();
            assertThat(first).isEqualTo("undefined undefined false undefined 0\n");
            assertThat(connection.get("/").text()).isEqualTo(first);
        }
    }

    @Test
    void isAScriptWhenItsExportsAreNoHandler() throws Exception {
        String code = "console.log('run', require.main === module); module.exports = { answer: 42 };"
                + " if (require.main === module) setTimeout(() => console.log('main'), 1);";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            assertThat(connection.mode()).isEqualTo(HostMode.SCRIPT);
            assertThat(connection.get("/").text()).isEqualTo("run true\nmain\n");
        }
    }

    @Test
    void goesOnWithTheNextWhenOneIsCancelled() throws Exception {
        String code = "if (process.env.PATH_INFO === '/wait') setInterval(() => {}, 1000); else console.log('next');";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            connection.send(1, "GET /function/hello/wait HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 100);
            connection.cancel(1);
            Answer answer = connection.call(2, "GET /function/hello HTTP/1.1\r\nHost: h\r\n\r\n", "");
            assertThat(answer.id()).isEqualTo(2);
            assertThat(answer.text()).isEqualTo("next\n");
        }
    }

    @Test
    void cutsOutputAboveTheLimit() throws Exception {
        try (RunningHost host = RunningHost.start(directory, "process.stdout.write('x'.repeat(101));");
                Connection connection = host.connect()) {
            connection.send(1, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 100);
            assertThat(connection.read().kind()).isEqualTo(HostAnswer.OUTPUT_TOO_LARGE);
            connection.send(2, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 101);
            assertThat(connection.read().body()).hasSize(101);
        }
    }

    @Test
    void endsAtSigtermWhileWorkersAreConnected() throws Exception {
        try (RunningHost host = RunningHost.start(directory, "console.log('done');");
                Connection connection = host.connect()) {
            assertThat(connection.get("/").text()).isEqualTo("done\n");
            host.process().destroy();
            assertThat(host.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(host.process().exitValue()).isZero();
        }
    }
}
