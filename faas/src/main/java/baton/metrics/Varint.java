package baton.metrics;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Whole numbers from zero up, seven bits a byte, low bits first, the highest bit set on all bytes but the
/// last.
final class Varint {
    /// Bytes that the largest number takes.
    static final int MAX_BYTES = 9;

    private Varint() {}

    static void write(ByteBuffer out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /// @throws IllegalArgumentException when the bytes end early or the number is too large
    static long read(ByteBuffer in) {
        long value = 0;
        try {
            for (int i = 0; i < MAX_BYTES; i++) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << (7 * i);
                if (next >= 0) {
                    return value;
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("counters end in the middle of a number", e);
        }
        throw new IllegalArgumentException("counters hold a number of more than 63 bits");
    }
}
