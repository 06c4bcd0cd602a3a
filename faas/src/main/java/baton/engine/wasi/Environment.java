package baton.engine.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Variables in the form that WASI wants: `NAME=value` and a NUL, one after another. Built without making
/// strings.
public final class Environment {
    private byte[] bytes = new byte[2048];
    private int length;
    private int count;

    public void clear() {
        length = 0;
        count = 0;
    }

    /// Number of variables.
    public int count() {
        return count;
    }

    /// Bytes used, with the NULs.
    public int length() {
        return length;
    }

    /// The bytes; only the first [#length] count.
    public byte[] bytes() {
        return bytes;
    }

    public void put(String name, String value) {
        append(name);
        append((byte) '=');
        append(value);
        end();
    }

    /// Ends the variable that was appended since the last call.
    public void end() {
        append((byte) 0);
        count++;
    }

    public void append(byte value) {
        ensure(1);
        bytes[length++] = value;
    }

    public void append(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    public void append(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        append(encoded, 0, encoded.length);
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
