package baton.cli;

import baton.function.FunctionName;
import baton.function.Language;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Deploys a source file as a function.
@Command(
        name = "deploy",
        header = "Deploy a source file as a function.",
        description = {
            "",
            "Name and language are guessed from the file's name: Resize_Image.c becomes resize-image, c.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./baton deploy examples/hello.c",
            "  ./baton deploy resize.cpp --route \"POST /api/resize\" --timeout 2s --memory 128Mi",
            "  ./baton deploy hello.c --replace          a new version, live at once",
            "  ./baton deploy main.js --name greet --env GREETING=Hello"
        })
final class DeployCommand implements Callable<Integer> {
    /// File names that the platform takes over into the compiler's messages.
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_+][A-Za-z0-9_+. -]{0,127}");

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "the source, a .wasm module or an .html page")
    private Path file = Path.of("");

    @Option(names = "--name", paramLabel = "NAME", description = "the function's name: a-z, 0-9 and '-'")
    private @Nullable String name;

    @Option(names = "--lang", paramLabel = "LANG", description = "c, cpp, wasm, js or html")
    private @Nullable String language;

    @Option(
            names = "--route",
            paramLabel = "ROUTE",
            description = "a route to it, such as \"POST /api/resize\"; repeatable")
    private List<String> routes = new ArrayList<>();

    @Option(names = "--isolation", paramLabel = "KIND", description = "shared (default) or dedicated workers")
    private @Nullable String isolation;

    @Option(names = "--instances", paramLabel = "N", description = "workers of a dedicated function")
    private @Nullable Integer instances;

    @Option(names = "--memory", paramLabel = "SIZE", description = "memory of one invocation, such as 64Mi")
    private @Nullable String memory;

    @Option(names = "--timeout", paramLabel = "TIME", description = "time of one invocation, such as 5s")
    private @Nullable String timeout;

    @Option(names = "--concurrency", paramLabel = "N", description = "invocations under way at once in a worker")
    private @Nullable Integer concurrency;

    @Option(names = "--max-output", paramLabel = "SIZE", description = "the largest answer, such as 4Mi")
    private @Nullable String maxOutput;

    @Option(names = "--env", paramLabel = "K=V", description = "a variable of the function; repeatable")
    private List<String> variables = new ArrayList<>();

    @Option(names = "--replace", description = "deploy a new version, or the first")
    private boolean replace;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    DeployCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        AdminClient client = connection.client();
        String target = target();
        byte[] source = LocalFile.read(file);
        PatientDeploy deploy = new PatientDeploy(client, terminal);
        JsonObject json = deployed(deploy, target, source).json();
        if (!output.printed(terminal, json)) {
            print(json, PlatformInfo.of(client).httpUrl());
        }
        return ExitCode.DONE;
    }

    /// With `--replace` what is not there yet is deployed for the first time.
    private HttpAnswer deployed(PatientDeploy deploy, String target, byte[] source) {
        HttpAnswer answer = deploy.send(replace ? "PUT" : "POST", target, source);
        if (answer.status() == 404 && replace) {
            answer = deploy.send("POST", target, source);
        }
        String sentence = JsonView.text(answer.json(), "error");
        boolean nameTaken = answer.status() == 409 && sentence.startsWith("the name ");
        if (nameTaken && !sentence.contains("--replace")) {
            throw CommandException.failed(sentence + " (--replace deploys a new version of it)");
        }
        return answer.orFail();
    }

    private void print(JsonObject json, String httpUrl) {
        String functionName = JsonView.text(json, "name");
        PrintStream out = terminal.out();
        out.println("deployed " + JsonView.text(json, "id") + " (" + JsonView.text(json, "lang") + ")");
        out.println("URL:  " + httpUrl + "/function/" + functionName);
        for (String route : routes) {
            out.println("      " + route.replaceFirst("^([^ :]+)[ :] *", "$1 " + httpUrl));
        }
        out.println("Try:  curl " + httpUrl + "/function/" + functionName);
    }

    private String target() {
        StringBuilder target = new StringBuilder("/deploy?name=").append(AdminClient.encode(functionName()));
        add(target, "lang", languageLabel());
        if (FILE_NAME.matcher(LocalFile.name(file)).matches()) {
            add(target, "file", LocalFile.name(file));
        }
        routes.forEach(route -> add(target, "route", route.replaceFirst("^([^ :]+) +", "$1:")));
        add(target, "isolation", isolation);
        add(target, "instances", instances);
        add(target, "memory", memory);
        add(target, "timeout", timeout);
        add(target, "concurrency", concurrency);
        add(target, "max-output", maxOutput);
        for (String variable : variables) {
            if (variable.indexOf('=') <= 0) {
                throw CommandException.usage("bad --env '" + variable + "': expected NAME=VALUE");
            }
            add(target, "env", variable);
        }
        return target.toString();
    }

    private static void add(StringBuilder target, String key, @Nullable Object value) {
        if (value != null) {
            target.append('&').append(key).append('=').append(AdminClient.encode(value.toString()));
        }
    }

    private String functionName() {
        String wanted = name != null ? name : guessedName();
        if (!FunctionName.isValid(wanted)) {
            throw CommandException.usage("bad function name '" + wanted
                    + "': a name is 1 to 63 of a-z, 0-9 and '-', and begins with a letter; give one with --name");
        }
        return wanted;
    }

    private String guessedName() {
        String base = LocalFile.name(file);
        int dot = base.lastIndexOf('.');
        String stem = dot > 0 ? base.substring(0, dot) : base;
        return stem.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    private String languageLabel() {
        if (language != null) {
            return language;
        }
        return Language.ofFileName(LocalFile.name(file))
                .map(Language::label)
                .orElseThrow(() -> CommandException.usage("cannot tell the language of '" + file
                        + "' from its name: give it with --lang, one of " + Language.deployableLabels()));
    }
}
