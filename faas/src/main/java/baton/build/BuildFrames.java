package baton.build;

import baton.build.BuildException.Reason;
import baton.function.Language;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The frames between the platform and its builder process, over the child's stdin and stdout: a length of
/// four bytes, a kind of one, then texts as length and UTF-8. The child says [Frame.Hello] first; then every
/// request gets one answer, in order.
final class BuildFrames {
    private static final int FRAME_BYTES = 1 << 20;

    private BuildFrames() {}

    /// One message.
    sealed interface Frame {
        /// From the child, once: it is ready.
        record Hello(String engine, String compatibility) implements Frame {}

        /// To the child: compile `code.wasm` out of a source with clang, then translate it.
        ///
        /// @param work directory of this build; the source is in its `root`
        record Compile(Language language, Path work, String fileName, Path clang, Path sysroot) implements Frame {}

        /// To the child: translate `code.wasm` of a directory to `code.cwasm`.
        record Translate(Path work) implements Frame {}

        /// From the child: done.
        record Done() implements Frame {}

        /// From the child: the build failed.
        record Failed(Reason reason, String message, String detail) implements Frame {}
    }

    static void write(OutputStream out, Frame frame) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        switch (frame) {
            case Frame.Hello hello -> texts(data, 'h', hello.engine(), hello.compatibility());
            case Frame.Compile compile ->
                texts(
                        data,
                        'c',
                        compile.language().name(),
                        compile.work().toString(),
                        compile.fileName(),
                        compile.clang().toString(),
                        compile.sysroot().toString());
            case Frame.Translate translate -> texts(data, 't', translate.work().toString());
            case Frame.Done _ -> texts(data, 'd');
            case Frame.Failed failed -> texts(data, 'f', failed.reason().name(), failed.message(), failed.detail());
        }
        DataOutputStream framed = new DataOutputStream(out);
        framed.writeInt(body.size());
        body.writeTo(framed);
        framed.flush();
    }

    /// Reads one frame.
    ///
    /// @throws java.io.EOFException when the other side is gone
    /// @throws IOException when what came is no frame
    static Frame read(InputStream in) throws IOException {
        DataInputStream framed = new DataInputStream(in);
        int length = framed.readInt();
        if (length < 1 || length > FRAME_BYTES) {
            throw new IOException("a frame of the builder has a length of " + length + " bytes");
        }
        byte[] body = new byte[length];
        framed.readFully(body);
        return decode(new DataInputStream(new ByteArrayInputStream(body)));
    }

    private static Frame decode(DataInputStream data) throws IOException {
        char kind = (char) data.readUnsignedByte();
        return switch (kind) {
            case 'h' -> new Frame.Hello(text(data), text(data));
            case 'c' ->
                new Frame.Compile(
                        Language.valueOf(text(data)),
                        Path.of(text(data)),
                        text(data),
                        Path.of(text(data)),
                        Path.of(text(data)));
            case 't' -> new Frame.Translate(Path.of(text(data)));
            case 'd' -> new Frame.Done();
            case 'f' -> new Frame.Failed(Reason.valueOf(text(data)), text(data), text(data));
            default -> throw new IOException("a frame of the builder has the unknown kind " + (int) kind);
        };
    }

    private static void texts(DataOutputStream data, char kind, String... texts) throws IOException {
        data.writeByte(kind);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            data.writeInt(bytes.length);
            data.write(bytes);
        }
    }

    private static String text(DataInputStream data) throws IOException {
        byte[] bytes = new byte[Math.clamp(data.readInt(), 0, FRAME_BYTES)];
        data.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
