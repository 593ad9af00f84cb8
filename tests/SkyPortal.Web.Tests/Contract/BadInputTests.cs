using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>Whatever is sent to a route, it answers with a success or with a refusal in the envelope, never with a fault of its own.</summary>
public sealed class BadInputTests
{
    private static readonly string[] BadArguments =
    [
        "0", "-1", "9223372036854775808", "9999999999999999999999999", "abc", "1e400", "NaN", "1.5", "%F0%9F%94%AD", "%C3%A9%20x", "%00", "%FF", "%ED%A0%80", "%25", "..%2F..%2Fetc", "%0A", "'%20or%201=1--",
        "%22%7B%7D", "+", new string('x', 4000),
    ];

    private static readonly string[] BadQueries =
    [
        "%00", "a%00b", "%ED%A0%80", "abc", "-1", "0", "2147483647", "9223372036854775807", "1e400", "NaN", "-Infinity", "400", "-91", "1e300", "null", "undefined", "[1,2]", "{%22a%22:1}", "1,2,x", ",,,", "a:b:c:d", "a:1e400:lt", "a:1:lt",
        "%25", "%5C", "'", "%F0%9F%94%AD", "9999-99-99", "0001-01-01", "9999-12-31T23:59:59", "2026-03-01T00:00:00%2B99:00", "altdata.", "annotation..", "altdata.a.b.c", "%7B%22origin%22:%22a%22,%22key%22:%22b%22,%22min%22:1e400,%22max%22:2%7D",
        "%7B%22origin%22:%22a%5Cu0000%22,%22key%22:%22%5Cud800%22,%22value%22:1%7D",
    ];

    private static readonly string[] BadBodies =
    [
        "{", "[]", "[1,2]", "\"text\"", "3", "null", "true", "{}", "{\"a\":1e400}", "{\"a\":NaN}", "{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}", "{\"a\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"a\":1}{\"b\":2}", "{\"a\":1,\"a\":\"x\"}", "{'a':1}",
        "{\"id\":1,\"name\":2,\"obj_id\":3,\"group_ids\":4}",
        "{\"a\":" + string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60)) + "}", "{\"a\":" + new string('[', 5000), "a=1&b=2", "<xml/>", "\uFEFF{}",
    ];

    private static readonly string[] BadValues =
    [
        "null", "true", "[]", "{}", "\"\"", "\" \"", "\"x\"", "\"-x.1\"", "\"a\\u0000b\"", "\"\\ud800\"", "-1", "0", "1.5", "400", "-91", "2147483648", "9223372036854775807", "1e18", "1e300", "1e400", "-1e400", "\"NaN\"", "\"Infinity\"", "\"1e400\"",
        "\"9999-12-31T23:59:59Z\"", "[null]", "[-1]", "[0]", "[2147483648]", "[\"x\"]", "[[1]]", "[{}]", "[1e400]", "[\"\\u0000\"]", "[1,1]", "{\"a\":{\"b\":[1]}}", "{\"a\":\"\\u0000\"}", "{\"\\ud800\":1}", "{\"\":1e400}", "{\"-1\":[1]}", "{\"1\":-1}",
        $"\"{new string('x', 20_000)}\"", $"[{string.Join(',', Enumerable.Range(0, 2000))}]",
    ];

    private static readonly string[] BadInnerValues =
    [
        "null", "true", "[]", "{}", "\"\"", "\"x\"", "-1", "0", "1.5", "9223372036854775807", "1e300", "\"NaN\"", "[[null]]", "{\"a\":{\"b\":[1]}}", $"\"{new string('x', 20_000)}\"",
    ];

    [Fact]
    public async Task Paths_UnknownOrImpossibleIds_AreRefused()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        var requests =
            from route in ApiRoute.All(server.Node)
            from argument in route.Arguments
            from bad in BadArguments
            from client in new[] { site.Admin, site.Member }
            let path = route.Path(name => name == argument ? bad : route.Method == HttpMethod.Delete ? "0" : Value(site, route, name))
            select new Attempt(client, route.Method, path, route.HasBody ? Bytes(site.Body(route.Name).GetRawText()) : null);

        await AssertFineAsync(requests);
    }

    [Fact]
    public async Task Queries_EveryParameterWithJunk_IsReadOrRefused()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        var requests =
            from route in ApiRoute.All(server.Node)
            where route.Method == HttpMethod.Get || route.Name is "PostPhotStats" or "PatchPhotStats" or "PostPhotometry" or "PutPhotometry"
            from name in QueryNames.Of(route.Name)
            from bad in IsFlag(name) ? BadQueries.Take(5) : BadQueries
            from client in bad.Length % 2 == 0 ? new[] { site.Admin } : [site.Admin, site.Member]
            let path = $"{route.Path(argument => Value(site, route, argument))}?{name}={bad}&{QueryNames.With(route.Name, name)}"
            select new Attempt(client, route.Method, path, route.HasBody ? "{}"u8.ToArray() : null);

        await AssertFineAsync(requests);
    }

    [Fact]
    public async Task Bodies_OfAWrongShape_AreRefused()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        var requests =
            from route in ApiRoute.All(server.Node)
            where route.HasBody
            from body in BadBodies.Select(Bytes).Append([(byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'1', (byte)'}']).Append([0x1F, 0x8B, 0x08, 0x00])
            from client in new[] { site.Admin, site.Member }
            let path = route.Path(name => route.Method == HttpMethod.Delete ? "0" : Value(site, route, name))
            select new Attempt(client, route.Method, path, body);

        await AssertFineAsync(requests);
    }

    [Fact]
    public async Task Bodies_UnderAWrongContentType_AreReadOrRefused()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        var requests =
            from route in ApiRoute.All(server.Node)
            where route.HasBody && route.Method != HttpMethod.Delete
            from body in new[] { "{}", "a=1&b=2" }
            from contentType in new[] { null, "text/plain", "text/csv", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16" }
            select new Attempt(site.Member, route.Method, route.Path(name => Value(site, route, name)), Bytes(body), contentType);

        await AssertFineAsync(requests);
    }

    [Fact]
    public async Task Bodies_EveryFieldWithJunk_IsTakenOrRefusedWhole()
    {
        await using var smtp = new SmtpSink();
        await using var server = await TestSite.StartAsync(builder => Mail(builder, smtp));
        var site = await SampleSite.MakeAsync(server.Node);
        var written = new List<string>();
        foreach (var route in ApiRoute.All(server.Node).Where(route => route.HasBody && route.Method != HttpMethod.Delete && site.HasBody(route.Name)))
        {
            var path = route.Path(name => Value(site, route, name));
            var sample = site.Pattern(route.Name);
            var attempts = Mutations(sample).Select(body => new Attempt(site.Admin, route.Method, path, Bytes(site.New(body))));
            var refused = await AssertFineAsync(attempts, atOnce: 1);
            await AssertFineAsync(sample.EnumerateObject().Select(field => new Attempt(site.Member, route.Method, path, Bytes(site.New(With(sample, field.Name, "{\"a\":[null]}"))))), atOnce: 1);

            var before = await SampleSite.CountsAsync(server.Node);
            var again = await AssertFineAsync(refused.Where((_, index) => index % 5 == 0), atOnce: 1);
            var after = await SampleSite.CountsAsync(server.Node);
            if (again.Count == refused.Where((_, index) => index % 5 == 0).Count())
            {
                written.AddRange(after.Where(count => before[count.Key] != count.Value).Select(count => $"{route.Name}: {count.Key} {before[count.Key]} -> {count.Value}"));
            }
        }

        await AssertFineAsync(ApiRoute.All(server.Node).Where(route => !route.HasBody).Select(route => new Attempt(site.Admin, route.Method, route.Path(name => Value(site, route, name)), null)));
        Assert.True(written.Count == 0, "Refused requests left rows: " + string.Join('\n', written));
    }

    [Fact]
    public async Task Samples_EveryRouteThatReadsABody_HasOne()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);

        var missing = ApiRoute.All(server.Node).Where(route => route.HasBody && !site.HasBody(route.Name) && !Bodiless.Contains(route.Name)).Select(route => route.Name).ToList();

        Assert.True(missing.Count == 0, $"SampleSite.cs has no body for {string.Join(", ", missing)}.");
    }

    [Fact]
    public async Task Samples_OfEveryRoute_AreTaken()
    {
        await using var smtp = new SmtpSink();
        await using var server = await TestSite.StartAsync(builder => Mail(builder, smtp));
        var site = await SampleSite.MakeAsync(server.Node);
        var refused = new List<string>();
        foreach (var route in ApiRoute.All(server.Node).Where(route => route.HasBody && route.Method != HttpMethod.Delete && site.HasBody(route.Name) && route.Name != "PutPassword"))
        {
            var (status, envelope) = await site.Admin.SendAsync(route.Method, route.Path(name => Value(site, route, name)), site.Body(route.Name));
            if (status != 200)
            {
                refused.Add($"{route.Name} {status} {envelope}");
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_Answers413()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sources") { Content = new TooLarge() };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = true;

        using var response = await site.Admin.Http.SendAsync(request);
        var envelope = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("error", envelope.GetProperty("status").GetString());
        Assert.NotEmpty(envelope.GetProperty("message").GetString()!);
    }

    private static void Mail(WebApplicationBuilder builder, SmtpSink smtp)
    {
        foreach (var (name, value) in new[] { ("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{smtp.Port}"), ("Mail:UseTls", "false"), ("Mail:From", "portal@example.org"), ("Invitations:Enabled", "true") })
        {
            builder.Configuration[name] = value;
        }
    }

    // Routes that write and read nothing from the body.
    private static readonly HashSet<string> Bodiless =
    [
        "DeleteAllocation", "DeleteFilterFollowup", "DeleteFollowupRequest", "DeleteBroker", "DeleteBrokerFilter", "RefreshFromBroker", "DeleteGcnEvent", "DeleteLocalization", "DeleteWatchList", "DeleteWatchEntry",
        "CancelFilterTest", "CancelArchiveQuery", "RerunArchiveQuery", "RemoveFromAtlasList", "DeleteTagOption", "DeleteSeries", "DeleteSuperObj", "DeleteInterest", "DeleteHost", "DeleteReminder", "DeleteNotification", "DeleteAllNotifications", "DeleteSpectrumAnnotation", "DeleteSpectrumComment", "DeleteCommentChannel", "MoveCommentAttachments", "DeleteAnnotation", "DeleteCandidate", "DeleteComment", "DeleteFilter", "DeleteScoringModel", "DeleteGroup", "DeleteGroupStream", "DeleteGroupUser", "DeleteAdmissionRequest", "DeleteInstrument", "DeleteInstrumentFields",
        "DeleteInvitation", "DeleteObj", "DeleteObjClassifications", "DeletePhotStat", "DeletePhotometryAnnotation", "DeletePhotometryValidation", "DeletePhotometry", "DeletePhotometryUpload", "DeleteSourcePhotometry", "DeleteSpectrum", "DeleteSpectrumOld", "DeleteStream", "DeleteStreamUser", "DeleteTaxonomy", "DeleteTelescope",
        "DeleteThumbnail", "DeleteToken", "DeleteUser", "DeleteUserAcl", "DeleteUserRole", "UnvoteClassification", "PostPhotStat", "PutPhotStat", "PostPhotStats", "PatchPhotStats",
    ];

    private static bool IsFlag(string name) => name.StartsWith("include", StringComparison.Ordinal) || name.StartsWith("has", StringComparison.Ordinal) || name.StartsWith("exclude", StringComparison.Ordinal);

    private static string Value(SampleSite site, ApiRoute route, string argument) => site.Argument(route, argument);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // Each field in turn: left out, replaced, and where it holds others, with each of these replaced.
    private static IEnumerable<string> Mutations(JsonElement sample)
    {
        foreach (var field in sample.EnumerateObject())
        {
            yield return "{" + string.Join(',', sample.EnumerateObject().Where(item => item.Name != field.Name).Select(item => $"{JsonSerializer.Serialize(item.Name)}:{item.Value.GetRawText()}")) + "}";
            var inner = field.Value.ValueKind switch
            {
                JsonValueKind.Object => field.Value.EnumerateObject().SelectMany(item => BadInnerValues.Select(bad => With(field.Value, item.Name, bad))),
                JsonValueKind.Array => field.Value.EnumerateArray().Take(1).SelectMany(item => BadInnerValues.Select(bad => $"[{item.GetRawText()},{bad}]")),
                _ => [],
            };
            foreach (var bad in BadValues.Concat(inner))
            {
                yield return With(sample, field.Name, bad);
            }
        }
    }

    private static string With(JsonElement sample, string field, string value) =>
        "{" + string.Join(',', sample.EnumerateObject().Select(item => $"{JsonSerializer.Serialize(item.Name)}:{(item.Name == field ? value : item.Value.GetRawText())}")) + "}";

    /// <summary>Sends all and returns what was refused.</summary>
    private static async Task<IReadOnlyList<Attempt>> AssertFineAsync(IEnumerable<Attempt> attempts, int atOnce = 4)
    {
        var (faults, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<Attempt>());
        await Parallel.ForEachAsync(attempts, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (attempt, _) =>
        {
            var reply = await Reply.ToAsync(attempt.Client.Http, attempt.Method, attempt.Path, attempt.Body, attempt.ContentType);
            if (reply.Fault is { } fault)
            {
                faults.Add(fault);
            }
            else if (reply.Status >= 400)
            {
                refused.Add(attempt);
            }
        });
        Assert.True(faults.IsEmpty, $"{faults.Count} faults:\n{string.Join('\n', faults.Order(StringComparer.Ordinal).Take(60))}");
        return [.. refused];
    }

    private sealed class TooLarge : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[1 << 16]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = (256L << 20) + 1;
            return true;
        }
    }

    private sealed record Attempt(TestClient Client, HttpMethod Method, string Path, byte[]? Body, string? ContentType = "application/json");
}
