package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.build.BuildException.Reason;
import baton.function.Language;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class SourceCheckTest {
    @Test
    void acceptsText() {
        assertThatCode(check(Language.C, "int main(void) { return 0; } // käse, 漢字\n"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesNothing() {
        assertThatThrownBy(check(Language.HTML, "")).hasMessage("f is empty");
    }

    @Test
    void namesTheLineThatIsNotUtf8() {
        byte[] source = "int a;\n// caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> SourceCheck.require(Language.C, "f", source))
                .hasMessage("f:2: the byte 0xE9 is not UTF-8; save the source in that encoding");
    }

    @Test
    void refusesACharacterThatIsCutShort() {
        byte[] source = {'a', (byte) 0xc3};
        assertThatThrownBy(() -> SourceCheck.require(Language.C, "f", source)).hasMessageContaining("0xC3");
    }

    @Test
    void namesTheLineOfANulByte() {
        assertThatThrownBy(check(Language.JS, "a\nb\n\0")).hasMessageStartingWith("f:3: there is a NUL byte");
    }

    @Test
    void letsModulesBeBinary() {
        byte[] module = {0, 'a', 's', 'm', (byte) 0xff};
        assertThatCode(() -> SourceCheck.require(Language.WASM, "f", module)).doesNotThrowAnyException();
    }

    @Test
    void namesTheLimit() {
        byte[] source = new byte[(1 << 20) + 1];
        assertThatThrownBy(() -> SourceCheck.require(Language.CPP, "f", source))
                .hasMessage("f has 1048577 bytes; a source in cpp may have at most 1048576")
                .extracting(failure -> ((BuildException) failure).reason())
                .isEqualTo(Reason.LIMIT);
    }

    @Test
    void cleansFileNames() {
        assertThat(SourceCheck.cleanName(Language.C, "hello.c")).isEqualTo("hello.c");
        assertThat(SourceCheck.cleanName(Language.C, "../../a b.c")).isEqualTo("a_b.c");
        assertThat(SourceCheck.cleanName(Language.C, "C:\\x\\-o.c")).isEqualTo("o.c");
        assertThat(SourceCheck.cleanName(Language.CPP, ".")).isEqualTo("function.cpp");
        assertThat(SourceCheck.cleanName(Language.C, "é".repeat(300) + ".c"))
                .hasSize(100)
                .endsWith(".c");
    }

    private static ThrowingCallable check(Language language, String source) {
        return () -> SourceCheck.require(language, "f", source.getBytes(StandardCharsets.UTF_8));
    }
}
