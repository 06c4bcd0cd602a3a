package baton.wire;

import baton.function.FunctionLimits;
import baton.function.FunctionVersion;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.VersionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Strings and function versions as bytes of a frame.
public final class VersionCodec {
    private VersionCodec() {}

    /// A string: `int bytes`, then UTF-8.
    public static void putString(ByteBuffer target, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        target.putInt(bytes.length).put(bytes);
    }

    public static String string(ByteBuffer source) {
        int length = source.getInt();
        if (length < 0 || length > source.remaining()) {
            throw new IllegalArgumentException("string of " + length + " bytes in a rest of " + source.remaining());
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public static void put(ByteBuffer target, FunctionVersion version) {
        FunctionLimits limits = version.limits();
        putString(target, version.id().toString());
        putString(target, version.language().label());
        target.putLong(limits.memoryBytes()).putLong(limits.timeout().toNanos());
        target.putLong(limits.outputBytes()).putLong(limits.bodyBytes()).putInt(limits.concurrency());
        putString(target, version.isolation().label());
        target.putInt(version.instances());
        putString(target, version.artifactSha256());
        target.putInt(version.environment().size());
        version.environment().forEach((name, value) -> {
            putString(target, name);
            putString(target, value);
        });
    }

    /// @throws RuntimeException when the bytes are not a version
    public static FunctionVersion version(ByteBuffer source) {
        VersionId id = VersionId.parse(string(source));
        Language language = Language.ofLabel(string(source)).orElseThrow();
        FunctionLimits limits = new FunctionLimits(
                source.getLong(),
                Duration.ofNanos(source.getLong()),
                source.getLong(),
                source.getLong(),
                source.getInt());
        Isolation isolation = Isolation.ofLabel(string(source));
        int instances = source.getInt();
        String sha256 = string(source);
        Map<String, String> environment = new HashMap<>();
        for (int left = source.getInt(); left > 0; left--) {
            environment.put(string(source), string(source));
        }
        return new FunctionVersion(id, language, limits, environment, isolation, instances, sha256);
    }
}
