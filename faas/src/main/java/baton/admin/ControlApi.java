package baton.admin;

import baton.function.ErrorCode;
import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.Language;
import baton.function.VersionId;
import baton.metrics.CounterSet;
import baton.metrics.FunctionTotals;
import baton.metrics.Metric;
import baton.metrics.MetricsSnapshot;
import baton.metrics.MetricsSource;
import baton.metrics.Prometheus;
import baton.registry.StoredVersion;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The requests of the admin API and their answers, without the HTTP around them. Safe for use by several
/// threads.
public final class ControlApi {
    private static final Set<String> PUBLIC_PATHS = Set.of("/deploy", "/invoke");
    private static final String REQUEST_ID = "[A-Za-z0-9._-]{1,128}";

    /// A handler of one path and method.
    @FunctionalInterface
    private interface Handler {
        Reply answer(ControlRequest request) throws Refusal, IOException;
    }

    /// What the API works on.
    ///
    /// @param ready whether functions can be served
    /// @param functionLogs the directory `logs/functions`
    /// @param totals what workers counted, for the descriptions of functions
    /// @param metrics who has numbers to show, the totals among them, the API itself not
    public record Parts(
            Deployments deployments,
            DataPlane dataPlane,
            FunctionTotals totals,
            Inspection inspection,
            PlatformFacts facts,
            BooleanSupplier ready,
            Path functionLogs,
            List<MetricsSource> metrics) {}

    private final Parts parts;
    private final FunctionLogTail logs;
    private final CounterSet requests = new CounterSet(Metric.BATON_ADMIN_REQUESTS);
    private final CounterSet deploys = new CounterSet(Metric.BATON_DEPLOYS);

    public ControlApi(Parts parts) {
        this.parts = parts;
        this.logs = new FunctionLogTail(parts.functionLogs());
    }

    /// Requests that were answered, by status; the server counts them.
    CounterSet requests() {
        return requests;
    }

    /// Answers a request.
    ///
    /// @param publicDoor whether it came in on the public port, where only some paths are the API's
    Reply answer(ControlRequest request, boolean publicDoor) throws Refusal, IOException {
        Map<String, Handler> methods = publicDoor && !PUBLIC_PATHS.contains(request.path())
                ? Map.of()
                : methods(List.of(request.path().substring(1).split("/", -1)));
        if (methods.isEmpty()) {
            throw new Refusal(404, "NO_RESOURCE", "there is no " + request.path() + " in the admin API");
        }
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        Handler handler = methods.get(method);
        if (handler == null) {
            String allowed = String.join(", ", new TreeMap<>(methods).keySet());
            throw new Refusal(
                    405,
                    "METHOD_NOT_ALLOWED",
                    request.path() + " does not know the method " + request.method() + ": use " + allowed,
                    methods.containsKey("GET") ? allowed + ", HEAD" : allowed);
        }
        return handler.answer(request);
    }

    private Map<String, Handler> methods(List<String> path) throws Refusal {
        String first = path.getFirst();
        return switch (path.size()) {
            case 1 -> resource(first);
            case 2 -> {
                String name = QueryParameters.decodePath(path.get(1));
                yield switch (first) {
                    case "function" -> Map.of("GET", request -> source(request, name));
                    case "functions" ->
                        Map.of(
                                "GET", request -> describe(request, name),
                                "DELETE", request -> remove(request, name));
                    default -> Map.of();
                };
            }
            case 4 -> {
                String worker = QueryParameters.decodePath(path.get(1) + "/" + path.get(2));
                boolean drain = first.equals("workers") && path.get(3).equals("drain");
                yield drain ? Map.of("POST", request -> drain(request, worker)) : Map.of();
            }
            default -> Map.of();
        };
    }

    private Map<String, Handler> resource(String name) {
        return switch (name) {
            case "deploy" -> Map.of("POST", request -> deploy(request, false), "PUT", request -> deploy(request, true));
            case "invoke" -> Map.of("POST", this::invoke);
            case "functions" ->
                plain(() -> Descriptions.functions(parts.deployments().catalog(), parts.totals()));
            case "workers" -> plain(() -> Descriptions.workers(parts.dataPlane().workers()));
            case "routes" -> plain(() -> Descriptions.routes(parts.deployments().catalog()));
            case "doctor" -> plain(() -> Descriptions.tools(parts.inspection().tools()));
            case "languages" ->
                plain(() -> Descriptions.languages(parts.inspection().languages()));
            case "version" -> plain(this::version);
            case "healthz" -> plain(Descriptions::ok);
            case "readyz" -> Map.of("GET", this::readiness);
            case "metrics" -> Map.of("GET", this::metrics);
            case "logs" -> Map.of("GET", this::functionLog);
            default -> Map.of();
        };
    }

    /// What answers with JSON and takes no parameters.
    private static Map<String, Handler> plain(Supplier<JsonObject> json) {
        return Map.of("GET", request -> {
            request.query().allowOnly(Set.of());
            return Reply.json(200, json.get());
        });
    }

    private Reply deploy(ControlRequest request, boolean replace) throws Refusal, IOException {
        try {
            DeployRequest asked = DeployRequest.of(request.query());
            Language language = parts.deployments().check(asked, replace);
            byte[] source = request.body().read(DeployRequest.sourceLimit(language), language.label() + " source");
            refuseWithoutSource(language, source);
            StoredVersion version = parts.deployments().deploy(asked.in(language), source, replace);
            JsonObject json = Descriptions.ok();
            json.addProperty("id", version.id().toString());
            json.addProperty("name", version.name().value());
            json.addProperty("lang", language.label());
            json.addProperty("wasm", version.wasm());
            int status = replace ? 200 : 201;
            deploys.increment(Integer.toString(status));
            return Reply.json(status, json, Map.of("Location", "/functions/" + version.name()));
        } catch (Refusal e) {
            deploys.increment(Integer.toString(e.status()));
            throw e;
        }
    }

    private static void refuseWithoutSource(Language language, byte[] source) throws Refusal {
        if (source.length == 0) {
            throw Refusal.badRequest("the body is empty: send the source of the function");
        }
        boolean gzip = source.length > 2 && source[0] == 0x1f && source[1] == (byte) 0x8b;
        boolean zip = source.length > 4 && source[0] == 'P' && source[1] == 'K' && source[2] == 3 && source[3] == 4;
        if (language != Language.WASM && (gzip || zip)) {
            throw Refusal.badRequest("archives cannot be deployed by this release: send one source file");
        }
    }

    private Reply invoke(ControlRequest request) throws Refusal, IOException {
        request.query().allowOnly(Set.of("fn"));
        StoredVersion stored = find(request.query().required("fn"));
        FunctionVersion version = stored.version();
        int limit = (int) Math.min(version.limits().bodyBytes(), DeployRequest.MAX_MODULE_BYTES);
        byte[] payload = request.body().read(limit, "payload");
        String invocation = request.header("x-request-id")
                .filter(id -> id.matches(REQUEST_ID))
                .orElseGet(() -> UUID.randomUUID().toString());
        DataPlane.InvokeResult result = parts.dataPlane().invoke(version, payload, invocation);
        Map<String, String> headers = Map.of("X-Request-Id", invocation);
        return result.errorCode().isEmpty()
                ? Reply.json(200, output(result), headers)
                : Reply.json(result.status(), failure(result), headers);
    }

    private static JsonObject output(DataPlane.InvokeResult result) {
        JsonObject json = Descriptions.ok();
        json.addProperty("output", new String(result.body(), StandardCharsets.UTF_8));
        if (!isText(result.body())) {
            json.addProperty("outputBase64", Base64.getEncoder().encodeToString(result.body()));
        }
        if (result.status() != 200) {
            json.addProperty("status", result.status());
        }
        return json;
    }

    private static boolean isText(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static JsonObject failure(DataPlane.InvokeResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("ok", false);
        json.addProperty("error", result.error());
        json.addProperty("exit", result.exit());
        json.addProperty("stderr", result.stderr());
        json.addProperty("code", result.errorCode());
        return json;
    }

    private Reply source(ControlRequest request, String name) throws Refusal, IOException {
        request.query().allowOnly(Set.of());
        StoredVersion version = find(name);
        // Never as HTML: on this port a script in it would speak with the control plane's own origin.
        String type = version.version().language() == Language.WASM ? "application/wasm" : "text/plain; charset=utf-8";
        return Reply.bytes(type, Files.readAllBytes(parts.deployments().store().source(version)));
    }

    private Reply describe(ControlRequest request, String name) throws Refusal, IOException {
        request.query().allowOnly(Set.of());
        Catalog catalog = parts.deployments().catalog();
        StoredVersion live = catalog.live(name).orElseThrow(() -> Refusal.noFunction(name));
        return Reply.json(
                200,
                Descriptions.function(
                        live, catalog, parts.totals(), parts.deployments().store()));
    }

    private Reply remove(ControlRequest request, String name) throws Refusal {
        request.query().allowOnly(Set.of());
        if (!FunctionName.isValid(name)) {
            throw Refusal.noFunction(name);
        }
        List<VersionId> removed = parts.deployments().remove(new FunctionName(name));
        JsonObject json = Descriptions.ok();
        json.addProperty("name", name);
        json.add(
                "removed",
                Descriptions.texts(removed.stream().map(VersionId::toString).toList()));
        return Reply.json(200, json);
    }

    private Reply drain(ControlRequest request, String worker) throws Refusal {
        request.query().allowOnly(Set.of());
        if (!parts.dataPlane().drain(worker)) {
            throw new Refusal(404, "NO_WORKER", "there is no worker '" + worker + "': GET /workers lists them");
        }
        JsonObject json = Descriptions.ok();
        json.addProperty("worker", worker);
        json.addProperty("state", "draining");
        return Reply.json(202, json);
    }

    private JsonObject version() {
        PlatformFacts facts = parts.facts();
        JsonObject json = Descriptions.ok();
        json.addProperty("name", "baton");
        json.addProperty("version", facts.version());
        json.addProperty("http", facts.httpUrl());
        json.addProperty("admin", facts.adminUrl());
        json.addProperty("engine", facts.engine());
        json.addProperty("java", Runtime.version().toString());
        json.addProperty("pid", ProcessHandle.current().pid());
        return json;
    }

    private Reply readiness(ControlRequest request) throws Refusal {
        request.query().allowOnly(Set.of());
        if (!parts.ready().getAsBoolean()) {
            throw new Refusal(ErrorCode.NO_WORKER, "the platform is not ready: no worker is");
        }
        return Reply.json(200, Descriptions.ok());
    }

    private Reply metrics(ControlRequest request) throws Refusal {
        request.query().allowOnly(Set.of());
        MetricsSnapshot snapshot = MetricsSnapshot.of(parts.metrics());
        Catalog catalog = parts.deployments().catalog();
        snapshot.add(Metric.BATON_FUNCTIONS, catalog.table().live().size());
        snapshot.add(Metric.BATON_REGISTRY_ROWS_INVALID, catalog.reading().invalidRows());
        snapshot.add(Metric.BATON_ROUTE_TABLE_NUMBER, catalog.table().number());
        deploys.collect(snapshot);
        requests.collect(snapshot);
        return Reply.prometheus(Prometheus.text(snapshot));
    }

    private Reply functionLog(ControlRequest request) throws Refusal, IOException {
        request.query().allowOnly(Set.of("fn", "follow"));
        FunctionName name = find(request.query().required("fn")).name();
        Optional<String> follow = request.query().one("follow");
        return switch (follow.orElse("false")) {
            case "true" -> new Reply.Stream("text/plain; charset=utf-8", sink -> logs.follow(name, sink));
            case "false" -> Reply.bytes("text/plain; charset=utf-8", logs.tail(name));
            default -> throw Refusal.badRequest("bad follow '" + follow.get() + "': use true or false");
        };
    }

    private StoredVersion find(String nameOrId) throws Refusal {
        return parts.deployments().catalog().find(nameOrId).orElseThrow(() -> Refusal.noFunction(nameOrId));
    }
}
