package baton.http;

import java.time.LocalDate;
import java.util.function.LongSupplier;

/// The `Date` of responses (IMF-fixdate, RFC 9110 §5.6.7), formatted once a second. Belongs to one thread.
final class HttpDate {
    private static final int LENGTH = 29;
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int SECONDS_PER_DAY = 86_400;

    private final LongSupplier clock;
    private final byte[] text = new byte[LENGTH];
    private long second = Long.MIN_VALUE;

    /// @param clock milliseconds since 1970
    HttpDate(LongSupplier clock) {
        this.clock = clock;
    }

    /// The time now; the array is written anew when the second changes.
    byte[] now() {
        long current = Math.floorDiv(clock.getAsLong(), 1000);
        if (current != second) {
            second = current;
            format(current);
        }
        return text;
    }

    private void format(long epochSecond) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_PER_DAY));
        int time = Math.floorMod(epochSecond, SECONDS_PER_DAY);
        letters(0, DAYS, date.getDayOfWeek().getValue() - 1);
        text[3] = ',';
        text[4] = ' ';
        digits(5, date.getDayOfMonth());
        text[7] = ' ';
        letters(8, MONTHS, date.getMonthValue() - 1);
        text[11] = ' ';
        digits(12, date.getYear() / 100);
        digits(14, date.getYear() % 100);
        text[16] = ' ';
        digits(17, time / 3600);
        text[19] = ':';
        digits(20, time / 60 % 60);
        text[22] = ':';
        digits(23, time % 60);
        text[25] = ' ';
        letters(26, "GMT", 0);
    }

    private void letters(int at, String names, int index) {
        for (int i = 0; i < 3; i++) {
            text[at + i] = (byte) names.charAt(index * 3 + i);
        }
    }

    private void digits(int at, int value) {
        text[at] = (byte) ('0' + value / 10);
        text[at + 1] = (byte) ('0' + value % 10);
    }
}
