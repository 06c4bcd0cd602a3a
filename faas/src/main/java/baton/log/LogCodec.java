package baton.log;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The datagram in which a worker sends a [LogLine] to the gateway.
///
/// ```
/// u8 version (1) | u8 level (D, I, W, E) | i64 epoch milliseconds | text event | text process | text
/// invocation
/// | u8 fields | per field: u8 literal, text key, text value          text = u16 length, UTF-8
/// ```
///
/// A value longer than [#MAX_VALUE_BYTES] is cut; fields that no longer fit are left out and counted in a
/// last field `omitted`.
public final class LogCodec {
    /// The largest datagram that is written or accepted.
    public static final int MAX_BYTES = 8 << 10;

    /// The longest value that is kept whole.
    public static final int MAX_VALUE_BYTES = 2 << 10;

    private static final byte VERSION = 1;
    private static final int MAX_NAME_BYTES = 256;
    private static final int MAX_FIELDS = 64;
    private static final int OMITTED_BYTES = 32;

    private LogCodec() {}

    public static byte[] encode(LogLine line) {
        ByteBuffer to = ByteBuffer.allocate(MAX_BYTES);
        to.put(VERSION).put(code(line.level())).putLong(line.epochMillis());
        putText(to, line.event(), MAX_NAME_BYTES);
        putText(to, line.process(), MAX_NAME_BYTES);
        putText(to, line.invocation(), MAX_NAME_BYTES);
        int countAt = to.position();
        to.put((byte) 0);
        int written = 0;
        for (LogLine.Field field : line.fields()) {
            if (written == MAX_FIELDS || !putField(to, field)) {
                break;
            }
            written++;
        }
        int omitted = line.fields().size() - written;
        if (omitted > 0) {
            to.put((byte) 1);
            putText(to, "omitted", MAX_NAME_BYTES);
            putText(to, Integer.toString(omitted), MAX_NAME_BYTES);
            written++;
        }
        to.put(countAt, (byte) written);
        byte[] datagram = new byte[to.position()];
        to.get(0, datagram);
        return datagram;
    }

    /// @throws IllegalArgumentException when the datagram is not a line of this version
    public static LogLine decode(ByteBuffer datagram) {
        // The caller's buffer may have the machine's order.
        ByteBuffer from = datagram.slice().order(ByteOrder.BIG_ENDIAN);
        try {
            byte version = from.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("log datagram of version " + version);
            }
            Log.Level level = level(from.get());
            long epochMillis = from.getLong();
            String event = text(from);
            String process = text(from);
            String invocation = text(from);
            int count = from.get();
            List<LogLine.Field> fields = new ArrayList<>(Math.max(0, count));
            for (int at = 0; at < count; at++) {
                boolean literal = from.get() == 1;
                String key = text(from);
                fields.add(new LogLine.Field(key, text(from), literal));
            }
            return new LogLine(epochMillis, level, event, process, invocation, fields);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("log datagram ends early", e);
        }
    }

    private static byte code(Log.Level level) {
        return switch (level) {
            case DEBUG -> 'D';
            case INFO -> 'I';
            case WARN -> 'W';
            case ERROR -> 'E';
        };
    }

    private static Log.Level level(byte code) {
        return switch (code) {
            case 'D' -> Log.Level.DEBUG;
            case 'I' -> Log.Level.INFO;
            case 'W' -> Log.Level.WARN;
            case 'E' -> Log.Level.ERROR;
            default -> throw new IllegalArgumentException("log datagram of level " + code);
        };
    }

    private static boolean putField(ByteBuffer to, LogLine.Field field) {
        int start = to.position();
        byte[] key = cut(field.key(), MAX_NAME_BYTES);
        byte[] value = cut(field.value(), MAX_VALUE_BYTES);
        if (to.remaining() < 5 + key.length + value.length + OMITTED_BYTES) {
            to.position(start);
            return false;
        }
        to.put((byte) (field.literal() ? 1 : 0));
        to.putShort((short) key.length).put(key);
        to.putShort((short) value.length).put(value);
        return true;
    }

    private static void putText(ByteBuffer to, String text, int limit) {
        byte[] bytes = cut(text, limit);
        to.putShort((short) bytes.length).put(bytes);
    }

    /// The text in UTF-8, cut before a character that would cross the limit.
    private static byte[] cut(String text, int limit) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= limit) {
            return bytes;
        }
        int end = limit - 3;
        while ((bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        byte[] shown = new byte[end + 3];
        System.arraycopy(bytes, 0, shown, 0, end);
        System.arraycopy("…".getBytes(StandardCharsets.UTF_8), 0, shown, end, 3);
        return shown;
    }

    private static String text(ByteBuffer from) {
        int length = from.getShort() & 0xffff;
        if (length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
