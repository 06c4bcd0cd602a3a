package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A line of `heads.txt`: a request head and what it must lead to.
///
/// @param fault what is wrong with it; empty when it must be accepted
/// @param bytes the head
/// @param line the line itself, which names the case
record HeadCase(Optional<Fault> fault, byte[] bytes, String line) {
    /// Every case of the file.
    static List<HeadCase> all() {
        try (InputStream in = HeadCase.class.getResourceAsStream("/http/heads.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(HeadCase::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HeadCase of(String line) {
        String[] parts = line.split(" +", 2);
        Optional<Fault> fault = parts[0].equals("ok") ? Optional.empty() : Optional.of(Fault.valueOf(parts[0]));
        return new HeadCase(fault, unescape(parts[1]), line);
    }

    /// The bytes of a text in which `\r`, `\n`, `\t`, `\\` and `\xHH` are escapes; one byte per character.
    static byte[] unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            at++;
            switch (text.charAt(at)) {
                case 'r' -> plain.append('\r');
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case '\\' -> plain.append('\\');
                case 'x' -> {
                    plain.append((char) HexFormat.fromHexDigits(text, at + 1, at + 3));
                    at += 2;
                }
                default -> throw new IllegalArgumentException("unknown escape in " + text);
            }
        }
        return plain.toString().getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
        return line;
    }
}
