package baton.admin;

import baton.function.FunctionLimits;
import baton.function.FunctionName;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the query of a deploy asks for. A version is described by its own deploy alone: what a new one does
/// not name has its default again.
///
/// @param language empty when neither `lang` nor the file's name tells it
/// @param fileName for the compiler's messages
record DeployRequest(
        FunctionName name,
        Optional<Language> language,
        String fileName,
        List<Route> routes,
        Isolation isolation,
        int instances,
        FunctionLimits limits,
        Map<String, String> environment) {
    /// The largest source of a language that is written by hand.
    static final int MAX_TEXT_BYTES = 4 << 20;

    /// The largest module.
    static final int MAX_MODULE_BYTES = 32 << 20;

    private static final int MAX_ROUTES = 100;
    private static final int MAX_ENVIRONMENT_BYTES = 32 << 10;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_+][A-Za-z0-9_+. -]{0,127}");
    private static final Set<String> PARAMETERS = Set.of(
            "name",
            "lang",
            "route",
            "isolation",
            "instances",
            "memory",
            "timeout",
            "concurrency",
            "max-output",
            "env",
            "file");

    DeployRequest {
        routes = List.copyOf(routes);
        environment = Map.copyOf(environment);
    }

    static DeployRequest of(QueryParameters query) throws Refusal {
        query.allowOnly(PARAMETERS);
        String name = query.required("name");
        Optional<String> file = query.one("file").filter(text -> !text.isEmpty());
        if (file.isPresent() && !FILE_NAME.matcher(file.get()).matches()) {
            throw Refusal.badRequest("bad file '" + file.get() + "': expected a file's name without a directory");
        }
        Optional<Language> language = language(query.one("lang"), file);
        if (language.isPresent() && !language.get().deployable()) {
            throw Refusal.badRequest("the language '" + language.get().label()
                    + "' cannot be deployed by this release: available now are " + Language.deployableLabels());
        }
        String extension = language.map(known -> "." + known.extension()).orElse("");
        try {
            return new DeployRequest(
                    new FunctionName(name),
                    language,
                    file.orElse(name + extension),
                    routes(query.all("route")),
                    Isolation.ofLabel(query.one("isolation").orElse(Isolation.SHARED.label())),
                    instances(query.one("instances").orElse("1")),
                    limits(query),
                    environment(query.all("env")));
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Language> language(Optional<String> label, Optional<String> file) throws Refusal {
        if (label.isEmpty()) {
            return file.flatMap(Language::ofFileName);
        }
        Optional<Language> language = Language.ofLabel(label.get());
        if (language.isEmpty()) {
            String known = Arrays.stream(Language.values()).map(Language::label).collect(Collectors.joining(", "));
            throw Refusal.badRequest("unknown language '" + label.get() + "': known are " + known);
        }
        return language;
    }

    private static List<Route> routes(List<String> texts) throws Refusal {
        if (texts.size() > MAX_ROUTES) {
            throw Refusal.badRequest("more than " + MAX_ROUTES + " routes");
        }
        return texts.stream().map(Route::parse).distinct().toList();
    }

    private static int instances(String text) throws Refusal {
        int instances = Quantity.count("instances", text);
        if (instances < 1 || instances > 64) {
            throw Refusal.badRequest("bad instances '" + text + "': expected 1 to 64");
        }
        return instances;
    }

    private static FunctionLimits limits(QueryParameters query) throws Refusal {
        FunctionLimits limits = FunctionLimits.DEFAULT;
        Optional<String> memory = query.one("memory");
        if (memory.isPresent()) {
            limits = limits.withMemoryBytes(Quantity.bytes("memory", memory.get()));
        }
        Optional<String> timeout = query.one("timeout");
        if (timeout.isPresent()) {
            limits = limits.withTimeout(Quantity.duration("timeout", timeout.get()));
        }
        Optional<String> concurrency = query.one("concurrency");
        if (concurrency.isPresent()) {
            limits = limits.withConcurrency(Quantity.count("concurrency", concurrency.get()));
        }
        Optional<String> output = query.one("max-output");
        if (output.isPresent()) {
            limits = limits.withOutputBytes(Quantity.bytes("max-output", output.get()));
        }
        return limits;
    }

    private static Map<String, String> environment(List<String> texts) throws Refusal {
        Map<String, String> environment = new LinkedHashMap<>();
        int bytes = 0;
        for (String text : texts) {
            int at = text.indexOf('=');
            String name = at < 0 ? text : text.substring(0, at);
            if (at < 0 || !VARIABLE.matcher(name).matches() || text.indexOf('\0') >= 0) {
                throw Refusal.badRequest("bad env '" + name + "': expected NAME=VALUE, the name of letters, digits, _");
            }
            if (name.startsWith("HTTP_")) {
                throw Refusal.badRequest("bad env '" + name + "': HTTP_* are the request's header fields");
            }
            bytes += text.length();
            if (environment.put(name, text.substring(at + 1)) != null) {
                throw Refusal.badRequest("the variable '" + name + "' is given twice");
            }
        }
        if (bytes > MAX_ENVIRONMENT_BYTES) {
            throw Refusal.badRequest("the variables are larger than " + MAX_ENVIRONMENT_BYTES + " bytes together");
        }
        return environment;
    }

    /// The language, once it is known from here or from the version before.
    Language languageOr(Optional<Language> before) throws Refusal {
        Optional<Language> known = language.or(() -> before);
        if (known.isEmpty()) {
            throw Refusal.badRequest(
                    "the query parameter 'lang' is missing: available are " + Language.deployableLabels());
        }
        return known.get();
    }

    /// The same request with its language settled.
    DeployRequest in(Language settled) {
        String file = fileName.indexOf('.') < 0 ? fileName + "." + settled.extension() : fileName;
        return new DeployRequest(
                name, Optional.of(settled), file, new ArrayList<>(routes), isolation, instances, limits, environment);
    }

    /// The largest source of a language.
    static int sourceLimit(Language language) {
        return language == Language.WASM ? MAX_MODULE_BYTES : MAX_TEXT_BYTES;
    }
}
