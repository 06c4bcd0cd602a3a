package baton.build;

import java.util.List;

/// How much stack a program is linked with, from what clang's `-fstack-usage` says of its functions. Every
/// page of it is zeroed for every invocation, so it is small unless a function asks for more.
final class StackSize {
    /// Of programs whose functions are all small.
    static final int DEFAULT_BYTES = 64 << 10;

    /// The largest that a program can get.
    static final int LIMIT_BYTES = 16 << 20;

    private static final int SMALL_FRAME_BYTES = 16 << 10;
    private static final int GROWTH = 4;

    /// What a function takes of the stack.
    ///
    /// @param dynamic whether it takes more at run time, by `alloca` or a variable-length array
    record Frame(String function, long bytes, boolean dynamic) {}

    private StackSize() {}

    /// Reads a line such as `hello.c:3:main`, tab, `65584`, tab, `static`.
    static Frame parse(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 3) {
            throw new IllegalArgumentException("not a line of stack usage: " + line);
        }
        String function = columns[0].substring(columns[0].lastIndexOf(':') + 1);
        return new Frame(function, Long.parseLong(columns[1]), columns[2].contains("dynamic"));
    }

    /// The size in bytes for a program of these functions; beyond [#LIMIT_BYTES] it cannot be had.
    static long choose(List<Frame> frames) {
        long largest = frames.stream().mapToLong(Frame::bytes).max().orElse(0);
        boolean dynamic = frames.stream().anyMatch(Frame::dynamic);
        if (largest <= SMALL_FRAME_BYTES && !dynamic) {
            return DEFAULT_BYTES;
        }
        long size = (long) DEFAULT_BYTES * GROWTH;
        while (size < largest + DEFAULT_BYTES) {
            size *= GROWTH;
        }
        return size;
    }
}
