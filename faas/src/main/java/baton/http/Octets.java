package baton.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Which octets may stand where in a message, as one table of bit sets (RFC 9110 §5.5, §5.6.2; RFC 3986 §2,
/// §3.2).
final class Octets {
    /// May stand in a token: method, field name.
    static final int TOKEN = 1;
    /// May stand in a request target before the query; the percent sign, which needs a look at what follows,
    /// may not.
    static final int PATH = 2;
    /// May stand in the query of a request target.
    static final int QUERY = 4;
    /// May stand in a registered name, apart from percent escapes.
    static final int REG_NAME = 8;
    static final int DIGIT = 16;
    static final int HEX = 32;
    /// May stand in a field value: visible characters, blanks and obs-text.
    static final int VALUE = 64;

    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SPACE = ' ';
    static final byte TAB = '\t';

    private static final byte[] CLASS = classes();
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;

    private Octets() {}

    /// Whether an octet is in a set; `set` is one of the constants.
    static boolean is(byte octet, int set) {
        return (CLASS[octet & 0xff] & set) != 0;
    }

    static boolean isBlank(byte octet) {
        return octet == SPACE || octet == TAB;
    }

    /// Value of a hexadecimal digit, or -1.
    static int hex(byte octet) {
        return is(octet, HEX) ? (octet & 0xf) + (octet >> 6) * 9 : -1;
    }

    /// Whether a range equals a word in any case.
    ///
    /// @param lowerCase letters in lower case, digits and `-` only
    static boolean equalsLower(byte[] buffer, int from, int to, String lowerCase) {
        int length = lowerCase.length();
        if (to - from != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(buffer[from + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// An octet with `A`-`Z` made lower case.
    static int lower(byte octet) {
        int value = octet & 0xff;
        return value >= 'A' && value <= 'Z' ? value | 0x20 : value;
    }

    /// Finds the first octet at or after `at` that may not stand in a field value, eight at a time.
    ///
    /// @return its place, or `limit`
    static int valueEnd(byte[] buffer, int from, int limit) {
        int at = from;
        while (at + Long.BYTES <= limit) {
            long word = (long) EIGHT.get(buffer, at);
            long deletes = word ^ ONES * 0x7f;
            long controls = word - ONES * ' ' & ~word;
            long hits = (controls | (deletes - ONES & ~deletes)) & TOPS;
            if (hits == 0) {
                at += Long.BYTES;
            } else {
                // The lowest hit is exact, those above it may be false; a tab is a hit and goes on.
                at += Long.numberOfTrailingZeros(hits) >>> 3;
                if (!is(buffer[at], VALUE)) {
                    return at;
                }
                at++;
            }
        }
        while (at < limit && is(buffer[at], VALUE)) {
            at++;
        }
        return at;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int i = 0; i < 256; i++) {
            boolean digit = i >= '0' && i <= '9';
            int lower = i | 0x20;
            boolean letter = lower >= 'a' && lower <= 'z';
            int set = digit ? DIGIT | HEX : 0;
            set |= letter && lower <= 'f' ? HEX : 0;
            set |= digit || letter || "!#$%&'*+-.^_`|~".indexOf(i) >= 0 ? TOKEN : 0;
            set |= digit || letter || "-._~!$&'()*+,;=".indexOf(i) >= 0 ? REG_NAME : 0;
            set |= i > ' ' && i < 0x7f && i != '#' ? QUERY : 0;
            set |= (set & QUERY) != 0 && i != '?' && i != '%' ? PATH : 0;
            set |= i == TAB || (i >= ' ' && i != 0x7f) ? VALUE : 0;
            classes[i] = (byte) set;
        }
        return classes;
    }
}
