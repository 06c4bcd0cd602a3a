package baton.http;

import java.util.Arrays;
import java.util.function.LongSupplier;

/// The head of a response, written into an array that is used again, and what follows it if that is small.
/// Nothing can be written that would begin another line. Belongs to one thread.
///
/// One head is [#begin], fields in any order, [#end]; then, if wanted, [#append] of the body.
public final class ResponseHead {
    private static final int FIRST_SIZE = 1024;

    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.', '1', ' '};

    private final HttpDate date;
    private byte[] bytes = new byte[FIRST_SIZE];
    private int length;

    public ResponseHead() {
        this(System::currentTimeMillis);
    }

    /// @param clock milliseconds since 1970, for `Date`
    public ResponseHead(LongSupplier clock) {
        date = new HttpDate(clock);
    }

    /// The bytes; only the first [#length] count.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// Drops everything that was written.
    public void clear() {
        length = 0;
    }

    /// Begins another head behind what is there, with the status's own reason phrase, and writes `Date`
    /// unless the head is an interim one.
    ///
    /// @throws IllegalArgumentException when the status is not 100 to 599
    public ResponseHead begin(int status) {
        append(StatusLine.of(status));
        return status < 200 ? this : date();
    }

    /// Begins another head with another reason phrase.
    ///
    /// @throws IllegalArgumentException when the status is not 100 to 599, or the phrase holds a control
    ///     character
    public ResponseHead begin(int status, byte[] reason, int from, int to) {
        if (!StatusLine.isValid(status)) {
            throw new IllegalArgumentException("status " + status + " is not 100 to 599");
        }
        append(VERSION);
        append(status);
        write(' ');
        value(reason, from, to);
        lineEnd();
        return status < 200 ? this : date();
    }

    /// Writes a field.
    ///
    /// @throws IllegalArgumentException when the value holds a control character or one beyond ISO 8859-1
    public ResponseHead field(String name, String value) {
        name(name);
        ensure(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0xff || !Octets.is((byte) c, Octets.VALUE)) {
                throw new IllegalArgumentException("the value of " + name + " holds a character that is not allowed");
            }
            bytes[length++] = (byte) c;
        }
        return lineEnd();
    }

    /// Writes a field with a number.
    public ResponseHead field(String name, long value) {
        name(name);
        append(value);
        return lineEnd();
    }

    /// Writes a field whose value is a range of octets.
    ///
    /// @throws IllegalArgumentException when the value holds a control character
    public ResponseHead field(String name, byte[] buffer, int from, int to) {
        name(name);
        value(buffer, from, to);
        return lineEnd();
    }

    /// Writes a field whose name and value are ranges of octets.
    ///
    /// @throws IllegalArgumentException when the name is no token or the value holds a control character
    public ResponseHead field(byte[] buffer, int nameFrom, int nameTo, int valueFrom, int valueTo) {
        for (int at = nameFrom; at < nameTo; at++) {
            if (!Octets.is(buffer[at], Octets.TOKEN)) {
                throw new IllegalArgumentException("a field name holds a character that is not allowed");
            }
        }
        append(buffer, nameFrom, nameTo);
        colon();
        value(buffer, valueFrom, valueTo);
        return lineEnd();
    }

    public ResponseHead contentLength(long value) {
        return field("Content-Length", value);
    }

    /// Says that the body comes in chunks.
    public ResponseHead chunked() {
        return field("Transfer-Encoding", "chunked");
    }

    /// Says what becomes of the connection, where the client's version does not say it already.
    public ResponseHead connection(boolean http11, boolean keepAlive) {
        if (!keepAlive) {
            return field("Connection", "close");
        }
        return http11 ? this : field("Connection", "keep-alive");
    }

    /// Ends the head.
    public ResponseHead end() {
        return lineEnd();
    }

    /// Writes octets of the body.
    public ResponseHead append(byte[] buffer, int from, int to) {
        ensure(to - from);
        System.arraycopy(buffer, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    public ResponseHead append(byte[] buffer) {
        return append(buffer, 0, buffer.length);
    }

    private ResponseHead date() {
        name("Date");
        append(date.now());
        return lineEnd();
    }

    private void name(String name) {
        ensure(name.length());
        for (int i = 0; i < name.length(); i++) {
            byte octet = (byte) name.charAt(i);
            if (name.charAt(i) > 0x7f || !Octets.is(octet, Octets.TOKEN)) {
                throw new IllegalArgumentException("'" + name + "' is not a field name");
            }
            bytes[length++] = octet;
        }
        colon();
    }

    private void colon() {
        write(':');
        write(' ');
    }

    private void value(byte[] buffer, int from, int to) {
        if (Octets.valueEnd(buffer, from, to) < to) {
            throw new IllegalArgumentException("a field value holds a control character");
        }
        append(buffer, from, to);
    }

    /// Writes a number in decimal.
    private void append(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a number in a response head is negative: " + value);
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        ensure(digits);
        length += digits;
        long rest = value;
        for (int at = length - 1; at >= length - digits; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private ResponseHead lineEnd() {
        write('\r');
        write('\n');
        return this;
    }

    private void write(char octet) {
        ensure(1);
        bytes[length++] = (byte) octet;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
