package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Deploys that are refused, each with its sentence, and leave nothing behind.
class BadDeploysIT {
    private static PlatformProcess platform;

    @BeforeAll
    static void start() throws IOException {
        platform = PlatformProcess.start().withCompiler();
        platform.deploy("taken", "html", "hello.html", "route=GET:/taken");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @AfterEach
    void nothingIsLeftAndTheNextRequestWorks() throws IOException {
        assertThat(platform.get("/function/taken").status()).isEqualTo(200);
        assertThat(platform.admin().get("/functions").json().getAsJsonArray("functions"))
                .hasSize(1);
        try (Stream<Path> files = Files.list(platform.data().resolve("functions"))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names).singleElement().asString().matches("taken_\\d+");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    name=x&lang=cobol | 400 | BAD_REQUEST | unknown language 'cobol': known are c, cpp, rust, go, wasm, js, python, php, html
                    name=x&lang=rust | 400 | BAD_REQUEST | the language 'rust' cannot be deployed by this release: available now are c, cpp, wasm, js, html
                    name=x&lang=python | 400 | BAD_REQUEST | the language 'python' cannot be deployed by this release: available now are c, cpp, wasm, js, html
                    name=Upper&lang=c | 400 | BAD_REQUEST | bad function name 'Upper': a name is 1 to 63 of a-z, 0-9 and '-', and begins with a letter
                    name=..%2Fetc&lang=c | 400 | BAD_REQUEST | bad function name '../etc': a name is 1 to 63 of a-z, 0-9 and '-', and begins with a letter
                    name=taken&lang=c | 409 | NAME_TAKEN | the name 'taken' is taken: replace the function with PUT (deploy --replace), or choose another name
                    name=x&lang=c&route=GET:/taken | 409 | ROUTE_TAKEN | the route GET:/taken belongs to function 'taken'
                    name=x&lang=c&route=GET:/function/y | 400 | BAD_REQUEST | bad route path '/function/y': it belongs to the platform
                    name=x&lang=c&colour=red | 400 | BAD_REQUEST | unknown query parameter 'colour': known are concurrency, env, file, instances, isolation, lang, max-output, memory, name, route, timeout
                    name=x&lang=c&memory=lots | 400 | BAD_REQUEST | bad memory 'lots': expected a size such as 64Mi or 512Ki
                    name=x&lang=c&memory=1Gi | 400 | BAD_REQUEST | memory must be 64Ki to 256Mi
                    name=x&lang=c&timeout=0s | 400 | BAD_REQUEST | timeout must be 1ms to 15m
                    name=x&lang=c&env=A | 400 | BAD_REQUEST | bad env 'A': expected NAME=VALUE, the name of letters, digits, _
                    lang=c | 400 | BAD_REQUEST | the query parameter 'name' is missing
                    name=x | 400 | BAD_REQUEST | the query parameter 'lang' is missing: available are c, cpp, wasm, js, html
                    """)
    void refusesWhatCannotBe(String query, int status, String code, String sentence) throws IOException {
        Answer answer = platform.admin().send("POST", "/deploy?" + query, Fixtures.bytes("hello.c"));

        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.json().get("ok").getAsBoolean()).isFalse();
        assertThat(answer.json().get("error").getAsString()).isEqualTo(sentence);
        assertThat(answer.json().get("code").getAsString()).isEqualTo(code);
    }

    @Test
    void refusesAnEmptySource() throws IOException {
        Answer answer = platform.admin().deploy("x", "c", new byte[0]);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").getAsString())
                .isEqualTo("the body is empty: send the source of the function");
    }

    @Test
    void refusesToReplaceWhatIsNotThere() throws IOException {
        Answer answer = platform.admin().replace("x", "c", Fixtures.bytes("hello.c"));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("code").getAsString()).isEqualTo("NO_FUNCTION");
    }

    @Test
    void showsWhatTheCompilerSaysWithLineAndColumn() throws IOException {
        Answer answer = platform.admin().deploy("x", "c", Fixtures.bytes("broken.c"), "file=broken.c");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("error").getAsString()).isEqualTo("broken.c does not compile");
        assertThat(answer.json().get("detail").getAsString())
                .startsWith("broken.c:4:12: error: use of undeclared identifier 'answr'");

        Answer cpp = platform.admin().deploy("x", "cpp", Fixtures.utf8("int main() { return x; }\n"));
        assertThat(cpp.status()).isEqualTo(422);
        assertThat(cpp.json().get("detail").getAsString()).startsWith("x.cpp:1:21: error:");
    }

    @Test
    void refusesWhatDoesNotLink() throws IOException {
        Answer answer = platform.admin()
                .deploy("x", "c", Fixtures.utf8("int missing(void);\nint main(void) { return missing(); }\n"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").getAsString()).contains("undefined symbol: missing");
    }

    @Test
    void refusesASourceOverTheLimit() throws IOException {
        byte[] large = new byte[(4 << 20) + 1];
        Arrays.fill(large, (byte) '\n');
        Answer answer = platform.admin().deploy("x", "c", large);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("code").getAsString()).isEqualTo("BODY_TOO_LARGE");
        assertThat(answer.json().get("error").getAsString())
                .isEqualTo("the c source is larger than the 4194304 bytes allowed");
    }

    @Test
    void refusesModulesThatCannotRun() throws IOException {
        byte[] hello = Fixtures.bytes("hello.wasm");
        assertRefused(Arrays.copyOf(hello, 2000), "The WebAssembly module does not compile: unexpected end-of-file");
        assertRefused(Arrays.copyOf(hello, 6), "WebAssembly");
        assertRefused(
                Fixtures.utf8("garbage"),
                "This is not a WebAssembly module: it does not begin with the bytes 00 61 73 6d.");
        assertRefused(Fixtures.bytes("unknown-import.wasm"), "The module imports `env.launch_missiles`");
        assertRefused(Fixtures.bytes("component.wasm"), "This is a WebAssembly component");
    }

    private static void assertRefused(byte[] module, String sentence) throws IOException {
        Answer answer = platform.admin().deploy("x", "wasm", module);
        assertThat(answer.status()).as("%s", answer).isEqualTo(422);
        assertThat(answer.json().get("code").getAsString()).isEqualTo("BUILD_FAILED");
        assertThat(answer.json().get("error").getAsString()).contains(sentence);
    }
}
