using System.Text;
using System.Text.Json.Nodes;

namespace SkyPortal.TestServer;

/// <summary>What goes wrong at a simulated broker.</summary>
public enum BrokerFault
{
    Down,
    Slow,
    Truncated,
    WebPage,
    WrongTypes,
    Reset,
    Redirect,
    Empty,
    Huge,
    RepeatedPages,
    ExpiredCredentials,
    RateLimit,
}

/// <summary>Makes simulated services answer as broken ones do.</summary>
public static class BrokerFaults
{
    /// <summary>Bytes that no client reads to the end.</summary>
    public const int HugeBytes = 500_000;

    /// <summary>A service that is broken from now on.</summary>
    public static void Break(this OutsideSimulator outside, string service, BrokerFault fault) => outside.On(service, async (request, ct) =>
    {
        if (fault == BrokerFault.Slow)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }

        var whole = SimulatedServices.Answer(request) ?? SimulatedReply.Fault(404, "unknown");
        return fault switch
        {
            BrokerFault.Down => SimulatedReply.Fault(503, "maintenance"),
            BrokerFault.Truncated => whole with { Status = 200, Body = whole.Body[..(whole.Body.Length / 2)] },
            BrokerFault.WebPage => Page,
            BrokerFault.WrongTypes => whole.ContentType == "application/json" ? whole with { Body = Twisted(whole.Body) } : whole with { Body = "no picture"u8.ToArray() },
            BrokerFault.Reset => SimulatedReply.Reset,
            BrokerFault.Redirect when request.Path != "moved" => new SimulatedReply(302, [], "text/plain") { Headers = new Dictionary<string, string> { ["Location"] = $"/{service}/moved" } },
            BrokerFault.Redirect => Page,
            BrokerFault.Empty => whole with { Status = 200, Body = [] },
            BrokerFault.Huge => whole with { Status = 200, Body = [.. whole.Body, .. Enumerable.Repeat((byte)' ', HugeBytes)] },
            BrokerFault.RepeatedPages => whole.ContentType == "application/json" ? whole with { Body = Repeated(whole.Body) } : whole,
            BrokerFault.ExpiredCredentials => new SimulatedReply(401, """{"status":"error","message":"token has expired"}"""u8.ToArray(), "application/json"),
            _ => new SimulatedReply(429, """{"error":"too many requests"}"""u8.ToArray(), "application/json") { Headers = new Dictionary<string, string> { ["Retry-After"] = "3600" } },
        };
    });

    /// <summary>A service that works again.</summary>
    public static void Mend(this OutsideSimulator outside, string service) => outside.On(service, request => SimulatedServices.Answer(request) ?? SimulatedReply.Fault(404, "unknown"));

    private static SimulatedReply Page => SimulatedReply.Text("<!DOCTYPE html><html><body>Please sign in</body></html>", "text/html");

    // Every value is of another type than it should be; the shape stays.
    private static byte[] Twisted(byte[] json) => Encoding.UTF8.GetBytes(Twist(JsonNode.Parse(json))!.ToJsonString());

    private static JsonNode? Twist(JsonNode? node) => node switch
    {
        JsonObject record => new JsonObject(record.Select(field => KeyValuePair.Create(field.Key, Twist(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Twist)]),
        JsonValue value when value.TryGetValue<string>(out _) => new JsonArray("no", 1),
        JsonValue value when value.TryGetValue<bool>(out _) => new JsonObject { ["no"] = 1 },
        JsonValue => "no number",
        _ => new JsonArray(),
    };

    // The same page again and again, with each of its rows twice, and always another one to come.
    private static byte[] Repeated(byte[] json) => Encoding.UTF8.GetBytes(Twice(JsonNode.Parse(json))!.ToJsonString());

    private static JsonNode? Twice(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list when list.Count > 0 && list[0] is JsonObject:
                return new JsonArray([.. list.Concat(list).Select(item => item?.DeepClone())]);
            case JsonObject record:
                var twice = new JsonObject(record.Select(field => KeyValuePair.Create(field.Key, field.Value is JsonArray ? Twice(field.Value) : field.Value?.DeepClone())));
                if (twice.ContainsKey("has_next"))
                {
                    twice["has_next"] = true;
                }

                if (twice.ContainsKey("links"))
                {
                    twice["links"] = new JsonObject { ["next"] = "again" };
                }

                return twice;
            default:
                return node?.DeepClone();
        }
    }
}
