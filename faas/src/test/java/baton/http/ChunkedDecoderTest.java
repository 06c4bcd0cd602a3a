package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedDecoderTest {
    private final ChunkedDecoder decoder = new ChunkedDecoder();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    @Test
    void joinsTheChunks() {
        assertThat(decode("5\r\nhello\r\n1\r\n,\r\n6\r\n world\r\n0\r\n\r\n")).isEqualTo(32);
        assertThat(decoder.done()).isTrue();
        assertThat(text()).isEqualTo("hello, world");
    }

    @Test
    void leavesTheNextRequestAlone() {
        assertThat(decode("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1")).isEqualTo(11);
        assertThat(decoder.done()).isTrue();
        assertThat(decode("GET")).isZero();
    }

    @Test
    void decodesAnEmptyBody() {
        assertThat(decode("0\r\n\r\n")).isEqualTo(5);
        assertThat(decoder.done()).isTrue();
        assertThat(text()).isEmpty();
    }

    @Test
    void dropsExtensionsAndTrailers() {
        decode(
                "A;n=\"v;\\\"\t\";m=1;o\r\n0123456789\r\n000;x\r\nExpires: never\r\nContent-Length: 5\r\nEmpty:\r\n\r\n");
        assertThat(decoder.done()).isTrue();
        assertThat(text()).isEqualTo("0123456789");
    }

    @Test
    void beginsANewBodyAfterReset() {
        decode("zz");
        decoder.reset();
        decode("2\r\nok\r\n0\r\n\r\n");
        assertThat(decoder.done()).isTrue();
        assertThat(text()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4\r\nWiki\r\n5;a=b\r\npedia\r\n0\r\nT: x\r\n\r\n",
                "4\r\nWiki\r\n5\r\npediaX\r\n0\r\n\r\n",
                "4\r\nWiki\r\n5\n",
                "1\r\na\r\n0\r\nT: x\r\n y\r\n\r\n"
            })
    void decodesTheSameHoweverItArrives(String coded) {
        byte[] bytes = coded.getBytes(ISO_8859_1);
        int whole = decode(coded);
        String expected = text();
        String detail = decoder.errorDetail();
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                decoder.reset();
                body.reset();
                decodeRange(bytes, 0, first);
                decodeRange(bytes, first, second);
                int last = decodeRange(bytes, second, bytes.length);
                assertThat(text()).isEqualTo(expected);
                assertThat(decoder.errorDetail()).isEqualTo(detail);
                assertThat(last < 0).isEqualTo(whole < 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                " 5\r\n",
                "-1\r\n",
                "+5\r\n",
                "0x5\r\n",
                "g\r\n",
                ";a\r\n",
                "5 \r\nhello\r\n",
                "5\t;a\r\nhello\r\n",
                "5\nhello\n",
                "5\rhello",
                "5\r\r\n",
                "5;a\nhello",
                "5;\r\nhello",
                "5; a\r\nhello",
                "5;a \r\nhello",
                "5;a=\r\nhello",
                "5;a=b=c\r\nhello",
                "5;=b\r\nhello",
                "5;a;;b\r\nhello",
                "5;a=\"b\r\nhello",
                "5;a=\"b\nhello",
                "5;a=\"b\\\r\nhello",
                "5;a=\"b\"c\r\nhello",
                "5;a\rX",
                "5;a\u0000\r\n",
                "5;a\u007f\r\n",
                "5\r\nhello\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello\r0",
                "5\r\nhello\r\n\r\n",
                "00000000000000005\r\n",
                "8000000000000000\r\n",
                "ffffffffffffffff\r\n",
                "10000000000000005\r\n",
                "0\n\n",
                "0\r\n\n",
                "0\r\n\rX",
                "0\r\nGET / HTTP/1.1\r\n",
                "0\r\n: x\r\n\r\n",
                "0\r\nA : x\r\n\r\n",
                "0\r\nA: x\n\r\n",
                "0\r\nA: x\rB: y\r\n\r\n",
                "0\r\nA: \u0000\r\n\r\n",
                "0\r\n A: x\r\n\r\n",
                "0\r\nA: x\r\n y\r\n\r\n"
            })
    void refusesWhatIsNotExact(String coded) {
        assertThat(decode(coded)).isEqualTo(-1);
        assertThat(decoder.done()).isFalse();
        assertThat(decoder.errorDetail()).isNotEmpty();
        assertThat(decode("0\r\n\r\n")).as("stays failed").isEqualTo(-1);
    }

    @Test
    void handsOutDataBeforeTheFaultOnly() {
        assertThat(decode("3\r\nabcd")).isEqualTo(-1);
        assertThat(text()).isEqualTo("abc");
    }

    @Test
    void takesTheLargestSizeAsANumber() {
        assertThat(decode("3fffffffffffffff\r\nabc")).isEqualTo(21);
        assertThat(text()).isEqualTo("abc");
        assertThat(decoder.done()).isFalse();
    }

    @Test
    void boundsTheExtensionsOfAChunk() {
        assertThat(decode("1;" + "x".repeat(ChunkedDecoder.MAX_EXTENSION_BYTES)))
                .isPositive();
        assertThat(decode("x")).isEqualTo(-1);
    }

    @Test
    void boundsTheExtensionsOfABody() {
        String chunk = "1;" + "x".repeat(127) + "\r\na\r\n";
        String most = chunk.repeat(ChunkedDecoder.MAX_ALL_EXTENSION_BYTES / 128);
        assertThat(decode(most)).isEqualTo(most.length());
        assertThat(decode("1;x")).isEqualTo(-1);
    }

    @Test
    void boundsTheTrailers() {
        String begin = "0\r\n" + "A: b\r\n".repeat(1365);
        assertThat(decode(begin)).isEqualTo(begin.length());
        assertThat(decode("A: b\r\nA: b\r\n")).isEqualTo(-1);
    }

    private int decode(String coded) {
        byte[] bytes = coded.getBytes(ISO_8859_1);
        return decodeRange(bytes, 0, bytes.length);
    }

    private int decodeRange(byte[] bytes, int from, int to) {
        return decoder.decode(bytes, from, to, (source, start, end) -> body.write(source, start, end - start));
    }

    private String text() {
        return body.toString(ISO_8859_1);
    }
}
