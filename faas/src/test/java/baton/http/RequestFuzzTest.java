package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Feeds the parsers with damaged requests made from a fixed seed.
class RequestFuzzTest {
    private static final int ROUNDS = 40_000;
    private static final byte[] TRICKS = "\r\n \t:;,%/?#*\u0000\u007f\u0080\u00ff0Aa".getBytes(ISO_8859_1);

    private final Random random = new Random(20_261_121);
    private final List<HeadCase> seeds = HeadCase.all();
    private final RequestHead head = new RequestHead();
    private final RequestHead again = new RequestHead();

    @Test
    void judgesADamagedHeadTheSameHoweverItArrives() {
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(seeds.get(random.nextInt(seeds.size())).bytes());
            int whole = head.parse(bytes, 0, bytes.length);
            String expected = describe(head, whole);
            for (int end = 0; end < bytes.length; end++) {
                int part = again.parse(bytes, 0, end);
                assertThat(part == 0 || describe(again, part).equals(expected))
                        .as("round %s: %s bytes of %s", round, end, printable(bytes))
                        .isTrue();
            }
            if (whole > 0) {
                accepted++;
                assertAcceptedIsSound(bytes, whole, expected);
            }
        }
        assertThat(accepted).isBetween(ROUNDS / 50, ROUNDS / 2);
    }

    /// The accepted bytes alone, elsewhere in an array of rubbish, give the same result; and they hold
    /// nothing that another parser could read in another way.
    private void assertAcceptedIsSound(byte[] bytes, int length, String expected) {
        byte[] other = new byte[length + 20];
        Arrays.fill(other, (byte) 'X');
        System.arraycopy(bytes, 0, other, 10, length);
        assertThat(describe(again, again.parse(other, 10, other.length))).isEqualTo(expected);

        String text = new String(bytes, 0, length, ISO_8859_1);
        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\u0000");
        assertThat(text).endsWith("\r\n\r\n");
        String lower = text.toLowerCase(Locale.ROOT);
        int lengths = lower.split("\r\ncontent-length:", -1).length - 1;
        int codings = lower.split("\r\ntransfer-encoding:", -1).length - 1;
        assertThat(lengths + codings).as(text).isLessThanOrEqualTo(1);
        assertThat(lengths == 1).isEqualTo(head.hasContentLength());
        assertThat(codings == 1).isEqualTo(head.chunked());
        assertThat(lower).doesNotContainPattern("\r\n[ \t]");
    }

    @Test
    void decodesADamagedBodyTheSameHoweverItArrives() {
        byte[] seed = "5;a=b\r\nhello\r\n0a\r\n0123456789\r\n0\r\nT: x\r\n\r\nGET".getBytes(ISO_8859_1);
        int done = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(seed);
            ChunkedDecoder whole = new ChunkedDecoder();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int consumed = whole.decode(bytes, 0, bytes.length, (b, from, to) -> body.write(b, from, to - from));
            done += whole.done() ? 1 : 0;

            ChunkedDecoder pieces = new ChunkedDecoder();
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            int sum = 0;
            for (int at = 0; at < bytes.length && sum >= 0; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(4));
                int part = pieces.decode(bytes, at, end, (b, from, to) -> joined.write(b, from, to - from));
                sum = part < 0 ? -1 : sum + part;
                at = end;
            }
            assertThat(sum).as(printable(bytes)).isEqualTo(consumed);
            assertThat(joined.toByteArray()).isEqualTo(body.toByteArray());
            assertThat(pieces.done()).isEqualTo(whole.done());
        }
        assertThat(done).isBetween(ROUNDS / 50, ROUNDS - ROUNDS / 50);
    }

    @Test
    void judgesADamagedCgiBlockTheSameHoweverItArrives() {
        byte[] seed = "Status: 200 Fine\nX-A: b\r\nContent-Type: a/b\n\nbody".getBytes(ISO_8859_1);
        CgiHeader header = new CgiHeader();
        for (int round = 0; round < ROUNDS / 4; round++) {
            byte[] bytes = damaged(seed);
            CgiHeader.Outcome whole = header.parse(bytes, 0, bytes.length);
            if (whole == CgiHeader.Outcome.BLOCK) {
                ResponseHead out = new ResponseHead(() -> 0);
                if (!header.isLocalRedirect()) {
                    header.write(out);
                }
                String text = new String(out.bytes(), 0, out.length(), ISO_8859_1);
                assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\u0000");
            }
            CgiHeader.Outcome part = CgiHeader.Outcome.MORE;
            for (int end = 0; end <= bytes.length && part == CgiHeader.Outcome.MORE; end++) {
                part = header.parse(bytes, 0, end);
            }
            assertThat(part).as(printable(bytes)).isEqualTo(whole);
        }
    }

    private byte[] damaged(byte[] seed) {
        List<Byte> bytes = new ArrayList<>();
        for (byte octet : seed) {
            bytes.add(octet);
        }
        for (int times = random.nextInt(4); times > 0 && !bytes.isEmpty(); times--) {
            int at = random.nextInt(bytes.size());
            switch (random.nextInt(5)) {
                case 0 -> bytes.remove(at);
                case 1 -> bytes.add(at, TRICKS[random.nextInt(TRICKS.length)]);
                case 2 -> bytes.set(at, TRICKS[random.nextInt(TRICKS.length)]);
                case 3 -> bytes.set(at, (byte) random.nextInt(256));
                default -> bytes.addAll(at, List.copyOf(bytes.subList(at, Math.min(bytes.size(), at + 20))));
            }
        }
        byte[] result = new byte[bytes.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = bytes.get(i);
        }
        return result;
    }

    /// Everything that a parsed head says, with places counted from its start.
    private static String describe(RequestHead head, int result) {
        if (result <= 0) {
            return result + " " + (result < 0 ? head.errorDetail() : "");
        }
        StringBuilder text = new StringBuilder().append(result).append(' ');
        for (int[] range : new int[][] {
            {head.methodStart(), head.methodEnd()},
            {head.targetStart(), head.targetEnd()},
            {head.pathStart(), head.pathEnd()},
            {head.queryStart(), head.queryEnd()},
        }) {
            text.append(range[0] - head.start()).append('-').append(range[1] - head.start());
            text.append(head.text(range[0], range[1])).append('|');
        }
        text.append(head.text(head.hostStart(), head.hostEnd())).append(head.http11());
        text.append(head.keepAlive()).append(head.chunked()).append(head.hasContentLength());
        text.append(head.contentLength()).append(head.expectContinue());
        for (int field = 0; field < head.fields(); field++) {
            text.append(head.text(head.nameStart(field), head.nameEnd(field))).append('=');
            text.append(head.text(head.valueStart(field), head.valueEnd(field))).append('|');
        }
        return text.toString();
    }

    private static String printable(byte[] bytes) {
        return new String(bytes, ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
    }
}
