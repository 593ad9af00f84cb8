using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SkyPortal.TestServer;

/// <summary>
/// The filters that a simulated BOOM keeps while the process lives. A pipeline that holds <see cref="Unsound"/> fails its validation, one
/// that holds <see cref="Refused"/> is not taken, and no filter may be named <see cref="TakenName"/>.
/// </summary>
public static class SimulatedBoomFilters
{
    /// <summary>A field whose mention fails the validation.</summary>
    public const string Unsound = "unsound_field";

    /// <summary>A field whose mention makes the server refuse a pipeline.</summary>
    public const string Refused = "refused_field";

    /// <summary>A name that is taken.</summary>
    public const string TakenName = "a name that is taken";

    private static readonly ConcurrentDictionary<string, JsonObject> Kept = new(StringComparer.Ordinal);
    private static int _number;

    /// <summary>A filter as it is kept; null where there is none.</summary>
    public static JsonObject? Find(string id) => Kept.GetValueOrDefault(id);

    /// <summary>Whether a filter of this name is kept.</summary>
    public static bool Has(string name) => Kept.Values.Any(one => $"{one["name"]}" == name);

    /// <summary>The answer to a signed-in request; null where the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request)
    {
        var parts = request.Path.Split('/');
        if (parts[0] != "filters")
        {
            return null;
        }

        var body = request.Body.Length > 0 ? (JsonObject)JsonNode.Parse(request.Body)! : [];
        return (request.Method, parts.Length, parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2)) switch
        {
            ("POST", 1, _, _) => Create(body),
            ("GET", 1, _, _) => Data(new JsonArray([.. Kept.Values.Select(one => (JsonNode?)one.DeepClone())])),
            ("POST", 2, "test", _) => Test(body) ?? Data(new JsonObject { ["pipeline"] = body["pipeline"]!.DeepClone(), ["results"] = Results(body) }),
            ("POST", 3, "test", "count") => Test(body) ?? Data(new JsonObject { ["count"] = Results(body).Count, ["pipeline"] = body["pipeline"]!.DeepClone() }),
            ("GET", 3, "schemas", var survey) => Data(JsonNode.Parse(Schema(survey!))!),
            (var method, _, { } id, var verb) => Kept.TryGetValue(id, out var filter) ? OfFilter(method, verb, id, filter, body, request["fid"]) : Fault(404, "filter not found"),
            _ => null,
        };
    }

    private static SimulatedReply? OfFilter(string method, string? verb, string id, JsonObject filter, JsonObject body, string fid)
    {
        lock (filter)
        {
            switch (method, verb)
            {
                case ("GET", null):
                    return Data(filter.DeepClone());
                case ("DELETE", null):
                    Kept.TryRemove(id, out _);
                    return Data(new JsonObject());
                case ("POST", "versions"):
                    return Refuses(body) ?? Data(new JsonObject { ["fid"] = Add(filter, body) });
                case ("POST", "validate"):
                    return Validate(filter, fid.Length > 0 ? fid : $"{filter["active_fid"]}");
                case ("PATCH", null):
                    return Change(filter, body);
                default:
                    return null;
            }
        }
    }

    private static SimulatedReply Create(JsonObject body)
    {
        if (Refuses(body) is { } refused)
        {
            return refused;
        }

        if ($"{body["name"]}" is "" or TakenName || body["permissions"] is not JsonObject { Count: > 0 } permissions || permissions[$"{body["survey"]}"] is not JsonArray { Count: > 0 })
        {
            return Fault(400, "name, survey and permissions are needed");
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"boom-filter-{Interlocked.Increment(ref _number)}");
        var filter = new JsonObject { ["id"] = id, ["name"] = body["name"]!.DeepClone(), ["survey"] = body["survey"]!.DeepClone(), ["permissions"] = permissions.DeepClone(), ["active"] = false, ["fv"] = new JsonArray() };
        filter["active_fid"] = Add(filter, body);
        Kept[id] = filter;
        return Data(filter.DeepClone());
    }

    private static string Add(JsonObject filter, JsonObject body)
    {
        var versions = filter["fv"]!.AsArray();
        var fid = string.Create(CultureInfo.InvariantCulture, $"v{versions.Count + 1:00000}");
        versions.Add(new JsonObject { ["fid"] = fid, ["pipeline"] = body["pipeline"]!.ToJsonString(), ["created_at"] = 2459000.5 + versions.Count });
        return fid;
    }

    private static SimulatedReply Validate(JsonObject filter, string fid)
    {
        if (Version(filter, fid) is not { } version)
        {
            return Fault(404, "no such version");
        }

        var passed = !$"{version["pipeline"]}".Contains(Unsound, StringComparison.Ordinal);
        return Data(new JsonObject { ["fid"] = fid, ["passed"] = passed, ["message"] = passed ? "it passed" : $"{Unsound} is not a field of the alerts" });
    }

    private static SimulatedReply Change(JsonObject filter, JsonObject body)
    {
        if (body["active_fid"] is { } fid && Version(filter, $"{fid}") is null)
        {
            return Fault(400, "no such version");
        }

        if ($"{body["name"]}" == TakenName)
        {
            return Fault(409, "the name is taken");
        }

        foreach (var (name, value) in body)
        {
            filter[name] = value?.DeepClone();
        }

        return Data(filter.DeepClone());
    }

    private static JsonObject? Version(JsonObject filter, string fid) => filter["fv"]!.AsArray().OfType<JsonObject>().FirstOrDefault(one => $"{one["fid"]}" == fid);

    private static SimulatedReply? Refuses(JsonObject body) => body["pipeline"] is not JsonArray { Count: > 0 } pipeline ? Fault(400, "pipeline is needed")
        : pipeline.ToJsonString().Contains(Refused, StringComparison.Ordinal) ? Fault(400, $"{Refused} is unknown")
        : (pipeline[^1] as JsonObject)?["$project"]?["objectId"] is null ? Fault(400, "the last stage must project objectId")
        : null;

    private static SimulatedReply? Test(JsonObject body) => Refuses(body)
        ?? (body["permissions"] is not JsonObject { Count: > 0 } permissions || permissions.All(one => one.Value is not JsonArray { Count: > 0 }) ? Fault(400, "permissions are needed")
        : body["start_jd"] is { } start && body["end_jd"] is { } end && (double)end - (double)start > 7 ? Fault(400, "at most 7 days")
        : null);

    // Three alerts: two of the public programme, one of another.
    private static JsonArray Results(JsonObject body)
    {
        var programmes = body["permissions"]!.AsObject().SelectMany(one => one.Value!.AsArray()).Select(one => (int)one!).ToHashSet();
        var alerts = new (string Name, int Programme, double Mag)[] { (SimulatedBrokers.ZtfName, 1, 18.9), ("ZTF20aaaaaab", 1, 19.2), ("ZTF20aaaaaac", 2, 19.4) };
        return new JsonArray([.. alerts.Where(alert => programmes.Contains(alert.Programme)).Take((int?)body["limit"] ?? 100).Select((alert, index) =>
            (JsonNode?)new JsonObject { ["objectId"] = alert.Name, ["candid"] = 1246250000000000002 + index, ["annotations"] = new JsonObject { ["mag"] = alert.Mag } })]);
    }

    private static string Schema(string survey) => $$"""
        {"type":"record","name":"{{survey}}Alert","fields":[{"name":"candid","type":"long"},{"name":"objectId","type":"string"},
        {"name":"candidate","type":{"type":"record","name":"Candidate","fields":[{"name":"magpsf","type":"double"},{"name":"drb","type":["null","double"]},{"name":"isdiffpos","type":"boolean"}]} },
        {"name":"prv_candidates","type":{"type":"array","items":"Candidate"} }]}
        """;

    private static SimulatedReply Data(JsonNode data) => SimulatedReply.Json(new JsonObject { ["message"] = "ok", ["data"] = data }.ToJsonString());

    private static SimulatedReply Fault(int status, string message) => new(status, Encoding.UTF8.GetBytes(new JsonObject { ["message"] = message }.ToJsonString()), "application/json");
}
