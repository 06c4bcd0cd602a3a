package baton.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An immutable table from texts to values that is asked with a range of bytes, without making a string: open
/// addressing with linear probing, at most half full.
///
/// @param <V> what is found
final class ByteTable<V> {
    /// Hash of an empty range, to begin [#step] with.
    static final int EMPTY_HASH = 0;

    private final byte[][] keys;
    private final int[] hashes;
    private final Object[] values;
    private final int mask;

    ByteTable(Map<String, V> entries) {
        int size = Integer.highestOneBit(Math.max(entries.size(), 1) * 4 - 1);
        keys = new byte[size][];
        hashes = new int[size];
        values = new Object[size];
        mask = size - 1;
        entries.forEach(this::put);
    }

    /// Adds an octet to a hash.
    static int step(int hash, byte octet) {
        return hash * 31 + octet;
    }

    static int hash(byte[] buffer, int from, int to) {
        int hash = EMPTY_HASH;
        for (int at = from; at < to; at++) {
            hash = step(hash, buffer[at]);
        }
        return hash;
    }

    @Nullable
    V get(byte[] buffer, int from, int to) {
        return get(buffer, from, to, hash(buffer, from, to));
    }

    /// Looks up a range whose hash is known.
    @SuppressWarnings("unchecked") // only put() writes values
    @Nullable
    V get(byte[] buffer, int from, int to, int hash) {
        int slot = slot(hash);
        while (true) {
            byte[] key = keys[slot];
            if (key == null) {
                return null;
            }
            if (hashes[slot] == hash && Arrays.equals(key, 0, key.length, buffer, from, to)) {
                return (V) values[slot];
            }
            slot = slot + 1 & mask;
        }
    }

    private void put(String text, V value) {
        byte[] key = text.getBytes(StandardCharsets.ISO_8859_1);
        int hash = hash(key, 0, key.length);
        int slot = slot(hash);
        while (keys[slot] != null) {
            slot = slot + 1 & mask;
        }
        keys[slot] = key;
        hashes[slot] = hash;
        values[slot] = value;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 16) & mask;
    }
}
