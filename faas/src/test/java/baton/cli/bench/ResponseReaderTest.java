package baton.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseReaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            })
    void findsTheEndHoweverTheBytesArrive(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int piece = 1; piece <= bytes.length; piece++) {
            ResponseReader reader = new ResponseReader();
            boolean whole = false;
            for (int from = 0; from < bytes.length; from += piece) {
                assertThat(whole).isFalse();
                whole = reader.feed(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
            }
            assertThat(whole).isTrue();
            assertThat(reader.status()).isBetween(200, 204);
        }
    }

    @Test
    void leavesTheNextResponse() throws IOException {
        ResponseReader reader = new ResponseReader();
        ByteBuffer two =
                bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n");

        assertThat(reader.feed(two)).isTrue();
        reader.reset();
        assertThat(reader.feed(two)).isTrue();
        assertThat(reader.status()).isEqualTo(404);
    }

    @Test
    void knowsTheErrorCodeAndTheClose() throws IOException {
        ResponseReader reader = new ResponseReader();

        reader.feed(bytes("HTTP/1.1 502 Bad\r\nX-Baton-Error: TRAP\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));

        assertThat(reader.errorCode()).isEqualTo("TRAP");
        assertThat(reader.isClosing()).isTrue();
    }

    @Test
    void endsAtTheCloseWithoutALength() throws IOException {
        ResponseReader reader = new ResponseReader();

        assertThat(reader.feed(bytes("HTTP/1.0 200 OK\r\n\r\nbody"))).isFalse();
        assertThat(reader.endsAtClose()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 abc OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void refusesWhatIsNotHttp(String text) {
        assertThatThrownBy(() -> new ResponseReader().feed(bytes(text))).isInstanceOf(IOException.class);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
