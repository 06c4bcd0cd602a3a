package baton.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A file that the worker answers itself, as it is and compressed, with the validator of each form.
///
/// @param identity the bytes as deployed
/// @param gzip compressed, or null where that saves nothing
/// @param etag strong validator of the plain form, in quotes; the compressed form has a `-gz` before the
///     last quote
record StaticContent(byte[] identity, byte @Nullable [] gzip, String etag) {
    private static final int WORTH_COMPRESSING_BYTES = 256;

    /// @param sha256 of the bytes, in hex
    static StaticContent of(byte[] bytes, String sha256) {
        byte[] packed = bytes.length < WORTH_COMPRESSING_BYTES ? null : compress(bytes);
        boolean saves = packed != null && packed.length < bytes.length * 9L / 10;
        return new StaticContent(bytes, saves ? packed : null, '"' + sha256.substring(0, 32) + '"');
    }

    String gzipEtag() {
        return etag.substring(0, etag.length() - 1) + "-gz\"";
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }
}
