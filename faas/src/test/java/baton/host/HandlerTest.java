package baton.host;

import static org.assertj.core.api.Assertions.assertThat;

import baton.host.RunningHost.Answer;
import baton.host.RunningHost.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Handlers in a real Node host.
final class HandlerTest {
    private static final String HEAD = "POST /function/hello/a?b=c HTTP/1.1\r\nHost: example.org\r\nX-One: 1\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void answersJsonFromAnEsModule() throws Exception {
        String code = "export default async function (request) { const o = await request.json();"
                + " return Response.json({ hello: o.name }); }";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            assertThat(connection.mode()).isEqualTo(HostMode.HANDLER);
            assertThat((long) connection.hello().exitCode())
                    .isEqualTo(host.process().pid());
            Answer answer = connection.post("{\"name\":\"ü\"}");
            assertThat(answer.kind()).isEqualTo(HostAnswer.OK);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsExactly("content-type: application/json");
            assertThat(answer.text()).isEqualTo("{\"hello\":\"ü\"}");
        }
    }

    @Test
    void showsTheRequestToACommonJsHandler() throws Exception {
        String code = "const path = require('path'); module.exports = (request) => [request.method, request.url,"
                + " request.headers.get('x-ONE'), request.headers.get('x-request-id'), path.sep, process.env.GREETING];";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            Answer answer = connection.call(7, HEAD, "");
            assertThat(answer.id()).isEqualTo(7);
            assertThat(answer.text())
                    .isEqualTo(
                            "[\"POST\",\"http://example.org/function/hello/a?b=c\",\"1\",\"request-7\",\"/\",\"hi\"]");
        }
    }

    @Test
    void carriesBinaryBodiesBothWays() throws Exception {
        String code = "export default async (request) => new Response((await request.bytes()).reverse());";
        byte[] body = new byte[3 << 20];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31 + (i >> 8));
        }
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            connection.send(1, HEAD, body, 8 << 20);
            byte[] answer = connection.read().body();
            assertThat(answer).hasSameSizeAs(body);
            for (int i = 0; i < body.length; i++) {
                if (answer[i] != body[body.length - 1 - i]) {
                    Assertions.fail("byte " + i + " differs");
                }
            }
        }
    }

    @Test
    void passesStatusAndEverySetCookieButNoFraming() throws Exception {
        String code = "export default () => { const headers = new Headers({ 'X-A': 'b', connection: 'close',"
                + " 'content-length': '99' }); headers.append('set-cookie', 'a=1'); headers.append('set-cookie', 'b=2');"
                + " return new Response(null, { status: 201, headers }); }";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            Answer answer = connection.call(1, HEAD, "");
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.headers()).containsExactly("x-a: b", "set-cookie: a=1", "set-cookie: b=2");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void readsFormsStreamsAndClones() throws Exception {
        String code = "export default async (request) => { const copy = request.clone();"
                + " const chunks = []; for await (const chunk of request.body) chunks.push(...chunk);"
                + " const form = await copy.formData();"
                + " return new Response(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("
                + " form.get('a') + chunks.length)); c.close(); } })); }";
        String head = "POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded"
                + "\r\n\r\n";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            assertThat(connection.call(1, head, "a=b&c=d").text()).isEqualTo("b7");
        }
    }

    @Test
    void reportsThrownErrorsRejectionsAndBadResponsesAndGoesOn() throws Exception {
        String code = "export default function (request) { switch (new URL(request.url).pathname) {"
                + " case '/throw': throw new TypeError('sync');"
                + " case '/reject': return Promise.reject(new RangeError('async'));"
                + " case '/symbol': return Symbol('x');"
                + " case '/exit': process.exit(1);"
                + " case '/header': return new Response('', { headers: { a: 'b\\nc' } });"
                + " default: return 'fine'; } }";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            Answer thrown = connection.get("/throw");
            assertThat(thrown.kind()).isEqualTo(HostAnswer.ERROR);
            assertThat(thrown.text()).isEqualTo("TypeError: sync");
            assertThat(thrown.stderr()).contains("TypeError: sync").contains("code.js");
            assertThat(connection.get("/reject").text()).isEqualTo("RangeError: async");
            assertThat(connection.get("/symbol").kind()).isEqualTo(HostAnswer.BAD_RESPONSE);
            assertThat(connection.get("/exit").text()).contains("process.exit(1) was called");
            assertThat(connection.get("/header").text()).contains("invalid value of header a");
            assertThat(connection.get("/").text()).isEqualTo("fine");
        }
    }

    @Test
    void keepsTheLogsOfConcurrentInvocationsApart() throws Exception {
        String code = "let open; export default async (request) => { const first = request.url.endsWith('/1');"
                + " console.log(first ? 'one' : 'two'); if (first) await new Promise((r) => { open = r; }); else open();"
                + " await null; console.error(first ? 'ONE' : 'TWO'); return 'done'; }";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            connection.send(1, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 100);
            connection.send(2, "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 100);
            for (Answer answer : new Answer[] {connection.read(), connection.read()}) {
                assertThat(answer.stderr()).isEqualTo(answer.id() == 1 ? "one\nONE\n" : "two\nTWO\n");
            }
        }
    }

    @Test
    void refusesAResponseAboveTheLimit() throws Exception {
        try (RunningHost host = RunningHost.start(directory, "export default () => 'ü'.repeat(51);");
                Connection connection = host.connect()) {
            connection.send(1, HEAD, new byte[0], 101);
            assertThat(connection.read().kind()).isEqualTo(HostAnswer.OUTPUT_TOO_LARGE);
            connection.send(2, HEAD, new byte[0], 102);
            assertThat(connection.read().kind()).isEqualTo(HostAnswer.OK);
        }
    }

    @Test
    void dropsACancelledInvocationAndAbortsItsSignal() throws Exception {
        String code = "let aborted = 0; export default (request) => request.url.endsWith('/wait')"
                + " ? new Promise((r) => request.signal.addEventListener('abort', () => { aborted++; r('late'); }))"
                + " : String(aborted);";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            connection.send(1, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n", new byte[0], 100);
            connection.cancel(1);
            Answer answer = connection.call(2, HEAD, "");
            assertThat(answer.id()).isEqualTo(2);
            assertThat(answer.text()).isEqualTo("1");
        }
    }

    @Test
    void matchesAThousandPipelinedAnswersOnEachOfThreeConnections() throws Exception {
        String code = "export default async (request) => { const n = Number(await request.text());"
                + " if (n % 3 === 0) await new Promise((r) => setImmediate(r)); return String(n * 2); }";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection one = host.connect();
                Connection two = host.connect();
                Connection three = host.connect()) {
            Connection[] connections = {one, two, three};
            for (int i = 1; i <= 1000; i++) {
                for (Connection connection : connections) {
                    connection.send(i, HEAD, String.valueOf(i).getBytes(), 100);
                }
            }
            for (Connection connection : connections) {
                BitSet seen = new BitSet();
                for (int i = 0; i < 1000; i++) {
                    Answer answer = connection.read();
                    assertThat(answer.text()).isEqualTo(String.valueOf(answer.id() * 2));
                    seen.set(answer.id());
                }
                assertThat(seen.cardinality()).isEqualTo(1000);
            }
        }
    }

    @Test
    void answersWithTheReasonWhenItCannotBeLoaded() throws Exception {
        try (RunningHost host = RunningHost.start(directory, "const a = 1;\nmodule.exports = ({");
                Connection connection = host.connect()) {
            assertThat(connection.mode()).isEqualTo(HostMode.BROKEN);
            Answer answer = connection.get("/");
            assertThat(answer.kind()).isEqualTo(HostAnswer.ERROR);
            assertThat(answer.text()).startsWith("the function cannot be loaded: SyntaxError");
            assertThat(Files.readString(directory.resolve("stderr"))).contains("code.js:2");
        }
    }

    @Test
    void closesTheConnectionWhenItDies() throws Exception {
        String code = "export default () => { setImmediate(() => { throw new Error('outside'); });"
                + " return new Promise(() => {}); }";
        try (RunningHost host = RunningHost.start(directory, code);
                Connection connection = host.connect()) {
            connection.send(1, HEAD, new byte[0], 100);
            Assertions.assertThatExceptionOfType(IOException.class)
                    .isThrownBy(connection::read)
                    .isInstanceOfAny(EOFException.class, IOException.class);
            assertThat(host.process().waitFor()).isEqualTo(70);
            assertThat(Files.readString(directory.resolve("stderr"))).contains("Error: outside");
        }
    }
}
