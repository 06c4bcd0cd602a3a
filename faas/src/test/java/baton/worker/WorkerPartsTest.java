package baton.worker;

import static org.assertj.core.api.Assertions.assertThat;

import baton.http.RequestHead;
import baton.http.ResponseHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class WorkerPartsTest {
    private static final byte[] HEAD = {'h'};

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] body(StoredRequest stored) {
        return Arrays.copyOf(stored.body(), stored.bodyLength());
    }

    @Test
    void aBodyOfKnownLengthIsWholeWhenItsLastByteIsThereAndTakesNoMore() {
        Random random = new Random(1);
        byte[] sent = new byte[100_000];
        random.nextBytes(sent);
        StoredRequest stored = new StoredRequest(HEAD, false, 90_000, 1 << 20);
        int at = 0;
        while (!stored.complete()) {
            int to = Math.min(sent.length, at + 1 + random.nextInt(9_000));
            at += stored.accept(sent, at, to);
        }
        assertThat(at).isEqualTo(90_000);
        assertThat(body(stored)).isEqualTo(Arrays.copyOf(sent, 90_000));
        assertThat(stored.heldBytes()).isEqualTo(90_000);
    }

    @Test
    void memoryFollowsWhatArrivedAndNotWhatWasAnnounced() {
        StoredRequest stored = new StoredRequest(HEAD, false, 200 << 20, 256 << 20);
        stored.accept(new byte[10], 0, 10);
        assertThat(stored.heldBytes()).isLessThanOrEqualTo(16 << 10);
    }

    @Test
    void aChunkedBodyIsPutTogetherWhereverItIsCut() {
        byte[] sent = ascii("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: v\r\n\r\nGET");
        for (int cut = 1; cut < sent.length - 3; cut++) {
            StoredRequest stored = new StoredRequest(HEAD, true, 0, 100);
            int first = stored.accept(sent, 0, cut);
            assertThat(stored.complete()).isFalse();
            int second = stored.accept(sent, first, sent.length);
            assertThat(stored.complete()).isTrue();
            assertThat(first + second).isEqualTo(sent.length - 3);
            assertThat(body(stored)).isEqualTo(ascii("hello world"));
        }
    }

    @Test
    void aChunkedBodyBeyondTheLimitIsTooLarge() {
        StoredRequest stored = new StoredRequest(HEAD, true, 0, 10);
        stored.accept(ascii("a\r\n0123456789\r\n1\r\nx"), 0, 19);
        assertThat(stored.tooLarge()).isTrue();
        assertThat(stored.heldBytes()).isLessThanOrEqualTo(16 << 10);
    }

    @Test
    void brokenChunksAreAFaultWithAReason() {
        StoredRequest stored = new StoredRequest(HEAD, true, 0, 100);
        assertThat(stored.accept(ascii("zz\r\n"), 0, 4)).isEqualTo(-1);
        assertThat(stored.fault()).isNotEmpty();
    }

    @Test
    void aFunctionIsSlowWhenHalfOfItsLastCallsWere() {
        Speed speed = new Speed();
        long slow = WorkerLimits.SLOW_CALL_NANOS + 1;
        for (int i = 0; i < 3; i++) {
            speed.record(slow);
            assertThat(speed.slow()).isFalse();
        }
        speed.record(slow);
        assertThat(speed.slow()).isTrue();
        for (int i = 0; i < 6; i++) {
            speed.record(1);
            assertThat(speed.slow()).as("two of the last eight were slow").isTrue();
        }
        speed.record(1);
        assertThat(speed.slow()).isFalse();
    }

    @Test
    void aFunctionIsProvenQuickAfterManyCallsAndNoLongerAfterASlowOne() {
        Speed speed = new Speed();
        for (int i = 0; i < 99; i++) {
            speed.record(1);
            assertThat(speed.provenQuick()).isFalse();
        }
        speed.record(1);
        assertThat(speed.provenQuick()).isTrue();
        speed.record(WorkerLimits.SLOW_CALL_NANOS + 1);
        assertThat(speed.provenQuick()).isFalse();
        for (int i = 0; i < 8; i++) {
            speed.record(1);
        }
        assertThat(speed.provenQuick()).isTrue();
    }

    @Test
    void aPageIsPackedWhereThatSavesSomething() throws IOException {
        byte[] page = ascii("<p>again and again</p>\n".repeat(100));
        StaticContent content = StaticContent.of(page, "ab".repeat(32));
        assertThat(content.gzip()).isNotNull().hasSizeLessThan(page.length / 2);
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(content.gzip()))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(page);
        }
        assertThat(content.etag()).matches("\"[0-9a-f]{32}\"");
        assertThat(content.gzipEtag()).matches("\"[0-9a-f]{32}-gz\"");
    }

    @Test
    void aShortOrRandomPageIsNotPacked() {
        assertThat(StaticContent.of(ascii("short"), "ab".repeat(32)).gzip()).isNull();
        byte[] noise = new byte[5_000];
        new Random(2).nextBytes(noise);
        assertThat(StaticContent.of(noise, "ab".repeat(32)).gzip()).isNull();
    }

    private static String requestId(String value) {
        byte[] bytes = ("GET / HTTP/1.1\r\nHost: a\r\n" + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead head = new RequestHead();
        assertThat(head.parse(bytes, 0, bytes.length)).isPositive();
        RequestId id = new RequestId();
        id.of(head, bytes);
        return id.toString();
    }

    @Test
    void aClientsRequestIdIsTakenIfItIsSafe() {
        assertThat(requestId("X-Request-Id: aZ09-_.:/+=\r\n")).isEqualTo("aZ09-_.:/+=");
        assertThat(requestId("X-Request-Id: " + "x".repeat(128) + "\r\n")).hasSize(128);
    }

    @Test
    void anUnsafeOrMissingRequestIdIsReplaced() {
        for (String field : new String[] {
            "",
            "X-Request-Id:\r\n",
            "X-Request-Id: a b\r\n",
            "X-Request-Id: \"x\"\r\n",
            "X-Request-Id: gr\u00fcn\r\n",
            "X-Request-Id: " + "x".repeat(129) + "\r\n"
        }) {
            assertThat(requestId(field)).matches("[0-9a-f]{16}");
        }
    }

    @Test
    void aRequestIdCanBeKeptAndRestored() {
        RequestId id = new RequestId();
        id.make();
        byte[] kept = id.copy();
        String before = id.toString();
        id.make();
        assertThat(id.toString()).isNotEqualTo(before);
        id.restore(kept);
        assertThat(id.toString()).isEqualTo(before);
    }

    @Test
    void timingsAreMillisecondsWithThreeDecimals() {
        Call call = new Call();
        call.queueNanos = 1_234_999;
        call.coldNanos = -5;
        call.execNanos = 12_345_678_000L;
        ResponseHead out = new ResponseHead();
        new ServerTiming().append(out, call);
        assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII))
                .isEqualTo("Server-Timing: queue;dur=1.234, cold;dur=0.000, exec;dur=12345.678\r\n");
    }

    @SuppressWarnings("restricted")
    @Test
    void outputThatWaitsKeepsItsOrderWhileItGrowsAndIsSent() {
        try (PendingOutput output = new PendingOutput(3)) {
            output.append(MemorySegment.ofArray(ascii("abcdef")), 1, 3);
            output.sent(2);
            output.append(MemorySegment.ofArray(ascii("0123456789".repeat(1_000))), 0, 10_000);
            assertThat(output.left()).isEqualTo(10_001);
            assertThat(output.bytes()).isEqualTo(10_003);
            byte[] left = new byte[5];
            MemorySegment.copy(
                    MemorySegment.ofAddress(output.address()).reinterpret(5),
                    java.lang.foreign.ValueLayout.JAVA_BYTE,
                    0,
                    left,
                    0,
                    5);
            assertThat(left).isEqualTo(ascii("d0123"));
        }
    }

    @Test
    void aBudgetIsNeverExceededAndIsGivenBack() {
        ByteBudget budget = new ByteBudget(10);
        assertThat(budget.take(10)).isTrue();
        assertThat(budget.take(1)).isFalse();
        budget.giveBack(4);
        assertThat(budget.take(5)).isFalse();
        assertThat(budget.take(4)).isTrue();
        assertThat(budget.used()).isEqualTo(10);
    }

    @Test
    void aWorkerKeepsOneSpareForFunctionsAtLeast() {
        WorkerOptions options = WorkerOptions.parse(new String[] {
            "id=shared/0", "functions=/tmp", "engine=chicory", "host-suffix=.faas.local", "spares=2", "reserve=2"
        });
        assertThat(options.reserve()).isEqualTo(1);
    }
}
