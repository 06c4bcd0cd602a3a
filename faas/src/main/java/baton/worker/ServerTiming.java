package baton.worker;

import baton.http.ResponseHead;
import java.nio.charset.StandardCharsets;

/// Writes `Server-Timing: queue;dur=…, cold;dur=…, exec;dur=…` in milliseconds with three decimals
/// ([Server Timing](https://www.w3.org/TR/server-timing/)). One per slot.
final class ServerTiming {
    private static final byte[] QUEUE = "Server-Timing: queue;dur=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COLD = ", cold;dur=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXEC = ", exec;dur=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int MAX_DIGITS = 24;

    private final byte[] digits = new byte[MAX_DIGITS];

    void append(ResponseHead out, Call call) {
        out.append(QUEUE);
        millis(out, call.queueNanos);
        out.append(COLD);
        millis(out, call.coldNanos);
        out.append(EXEC);
        millis(out, call.execNanos);
        out.append(LINE_END);
    }

    private void millis(ResponseHead out, long nanos) {
        long micros = Math.max(0, nanos) / 1000;
        int at = MAX_DIGITS;
        for (int i = 0; i < 3; i++) {
            digits[--at] = (byte) ('0' + micros % 10);
            micros /= 10;
        }
        digits[--at] = '.';
        do {
            digits[--at] = (byte) ('0' + micros % 10);
            micros /= 10;
        } while (micros > 0);
        out.append(digits, at, MAX_DIGITS);
    }
}
