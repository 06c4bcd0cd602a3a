package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Functions that misbehave cost their own request and nothing else.
class BadFunctionsIT {
    private static PlatformProcess platform;

    @BeforeAll
    static void deployAll() throws IOException {
        platform = PlatformProcess.start().withCompiler();
        platform.deploy("acts", "c", "acts.c");
        platform.deploy("hasty", "c", "acts.c", "timeout=300ms");
        platform.deploy("small", "c", "acts.c", "memory=8Mi", "max-output=64Ki");
        platform.deploy("acts-js", "js", "acts.js", "timeout=2s");
        platform.deploy("hasty-js", "js", "acts.js", "timeout=600ms");
        platform.deploy("syntax", "js", "syntax.js");
        platform.deploy("exit-seven", "wasm", "exit7.wasm");
        platform.deploy("hello", "c", "hello.c");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @ParameterizedTest(name = "{0}?{1} is {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    acts  | trap    | 502 | TRAP             | function acts trapped: wasm trap: wasm `unreachable` instruction executed
                    acts  | recurse | 502 | TRAP             | function acts trapped: wasm trap: out of bounds memory access
                    acts  | flood   | 502 | OUTPUT_TOO_LARGE | function acts wrote more than its output limit of 4194304 bytes; deploy it with a larger --max-output
                    acts  | exit    | 502 | EXIT_STATUS      | function acts exited with status 3
                    acts  | badstatus | 502 | BAD_RESPONSE   | the function's response cannot be passed on: the function's Status is not a number from 200 to 599, alone or before a reason
                    hasty | loop    | 504 | TIMEOUT          | function hasty ran longer than its timeout of 300 ms; deploy it with a larger --timeout
                    hasty | sleep   | 504 | TIMEOUT          | function hasty ran longer than its timeout of 300 ms; deploy it with a larger --timeout
                    small | large=65537 | 502 | OUTPUT_TOO_LARGE | function small wrote more than its output limit of 65536 bytes; deploy it with a larger --max-output
                    exit-seven |    | 502 | EXIT_STATUS      | function exit-seven exited with status 7
                    acts-js | throw | 502 | TRAP             | function acts-js failed: Error: thrown on purpose
                    acts-js | exit  | 502 | TRAP             | function acts-js failed: Error: process.exit(3) was called; a handler returns a response instead
                    acts-js | flood | 502 | OUTPUT_TOO_LARGE | function acts-js failed: the response body is larger than 4194304 bytes
                    hasty-js | loop | 504 | TIMEOUT          | function hasty-js ran longer than its timeout of 600 ms; deploy it with a larger --timeout
                    hasty-js | never | 504 | TIMEOUT         | function hasty-js ran longer than its timeout of 600 ms; deploy it with a larger --timeout
                    syntax  |       | 502 | TRAP             | function syntax failed: the function cannot be loaded: SyntaxError: Unexpected token ';'
                    """)
    void failsWithItsOwnCode(String function, String act, int status, String code, String sentence) throws IOException {
        String path = "/function/" + function + (act == null ? "" : "?" + act);
        try (RawConnection connection = platform.connect()) {
            for (int round = 0; round < 2; round++) {
                Answer answer = connection.get(path).read();

                assertThat(answer.status()).as("%s", answer).isEqualTo(status);
                assertThat(answer.errorCode()).isEqualTo(code);
                assertThat(answer.field("x-baton-function")).isEqualTo(function);
                assertThat(answer.json().get("ok").getAsBoolean()).isFalse();
                assertThat(answer.json().get("error").getAsString()).isEqualTo(sentence);
                assertThat(answer.json().get("code").getAsString()).isEqualTo(code);
                assertThat(answer.json().keySet()).containsExactly("ok", "error", "code");

                assertThat(connection.get("/function/hello").read().text()).isEqualTo("Hello from FAAS!\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"acts, 67108864", "small, 8388608"})
    void failsAtItsMemoryLimit(String function, long limit) throws IOException {
        Answer answer = platform.get("/function/" + function + "?hog");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.errorCode()).isEqualTo("MEMORY");
        assertThat(answer.json().get("error").getAsString())
                .startsWith("function " + function + " failed at its memory limit of " + limit
                        + " bytes; deploy it with a larger --memory");
        assertThat(platform.get("/function/" + function + "?argv").text()).isEqualTo("1 " + function + "\n");
    }

    @Test
    void answersBehindALoopInJavaScriptWithANewHost() throws IOException {
        // One connection, so one worker: another worker may meet the host in the instant in which it is
        // killed.
        try (RawConnection connection = platform.connect()) {
            String before = connection.get("/function/acts-js").read().text();
            assertThat(before).matches("pid \\d+\n");
            assertThat(connection.get("/function/acts-js").read().text())
                    .as("the host is reused")
                    .isEqualTo(before);

            assertThat(connection.get("/function/acts-js?loop").read().errorCode())
                    .isEqualTo("TIMEOUT");

            assertThat(connection.get("/function/acts-js").read().text())
                    .matches("pid \\d+\n")
                    .isNotEqualTo(before);
        }
    }

    @Test
    void tellsTheInvokerExitCodeAndStderr() throws IOException {
        Answer answer = platform.admin().invoke("acts", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"ok\":true,\"output\":\"nothing known about ''\\n\"}\n");

        platform.deploy("leaves", "c", "leaves.c");
        Answer failed = platform.admin().invoke("leaves", "the payload");
        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.json().get("ok").getAsBoolean()).isFalse();
        assertThat(failed.json().get("exit").getAsInt()).isEqualTo(11);
        assertThat(failed.json().get("stderr").getAsString()).isEqualTo("read 11 bytes\n");
        assertThat(failed.json().get("code").getAsString()).isEqualTo("EXIT_STATUS");
    }

    @Test
    void doesNotHoldUpOthers() throws IOException {
        int stuck = 8;
        RawConnection[] loops = new RawConnection[stuck];
        for (int i = 0; i < stuck; i++) {
            loops[i] = platform.connect().get(i % 2 == 0 ? "/function/hasty?loop" : "/function/hasty?sleep");
        }
        for (int i = 0; i < 50; i++) {
            assertThat(platform.get("/function/hello").status()).isEqualTo(200);
        }
        for (RawConnection loop : loops) {
            assertThat(loop.read().errorCode()).isEqualTo("TIMEOUT");
            loop.close();
        }
    }
}
