package baton;

import baton.admin.Inspection;
import baton.build.CacheDirectory;
import baton.build.ClangToolchain;
import baton.build.Tools;
import baton.function.Language;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the platform tells about its tools and languages.
final class PlatformInspection implements Inspection {
    private final CacheDirectory cache;
    private final ClangToolchain clang;

    PlatformInspection(CacheDirectory cache, ClangToolchain clang) {
        this.cache = cache;
        this.clang = clang;
    }

    @Override
    public List<Tool> tools() {
        return Tools.inspect(cache, clang).stream()
                .map(tool -> new Tool(tool.name(), tool.languages(), state(tool), tool.detail(), tool.cure()))
                .toList();
    }

    @Override
    public List<LanguageStatus> languages() {
        List<Tools.Tool> tools = Tools.inspect(cache, clang);
        return Arrays.stream(Language.values())
                .map(language -> status(language, tools))
                .toList();
    }

    private static LanguageStatus status(Language language, List<Tools.Tool> tools) {
        if (!language.deployable()) {
            return new LanguageStatus(language, "missing", "comes with a later release");
        }
        for (Tools.Tool tool : tools) {
            boolean needed = Arrays.asList(tool.languages().split(", ")).contains(language.label());
            if (needed && tool.state() != Tools.State.READY && language != Language.WASM) {
                return new LanguageStatus(language, state(tool), tool.detail());
            }
        }
        return new LanguageStatus(language, "ready", "");
    }

    private static String state(Tools.Tool tool) {
        return tool.state().name().toLowerCase(Locale.ROOT);
    }
}
