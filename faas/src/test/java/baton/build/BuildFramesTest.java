package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.build.BuildException.Reason;
import baton.build.BuildFrames.Frame;
import baton.function.Language;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class BuildFramesTest {
    static final List<Frame> FRAMES = List.of(
            new Frame.Hello("wasmtime 1", "x;y"),
            new Frame.Compile(Language.CPP, Path.of("/w"), "ä.cpp", Path.of("/c"), Path.of("/s")),
            new Frame.Translate(Path.of("/w")),
            new Frame.Done(),
            new Frame.Failed(Reason.SOURCE, "does not compile", "line 1\nline 2"));

    @ParameterizedTest
    @FieldSource("FRAMES")
    void readsWhatItWrote(Frame frame) throws IOException {
        assertThat(BuildFrames.read(new ByteArrayInputStream(bytes(frame)))).isEqualTo(frame);
    }

    @ParameterizedTest
    @FieldSource("FRAMES")
    void noticesThatTheOtherSideEnded(Frame frame) throws IOException {
        byte[] whole = bytes(frame);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> BuildFrames.read(new ByteArrayInputStream(part)))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void refusesLengthsBeyondTheLimit() {
        byte[] head = {0x7f, 0, 0, 0, 'd'};
        assertThatThrownBy(() -> BuildFrames.read(new ByteArrayInputStream(head)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("length of");
    }

    private static byte[] bytes(Frame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BuildFrames.write(out, frame);
        return out.toByteArray();
    }
}
