using System.Text.Json;
using System.Text.RegularExpressions;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>Whatever is done to a row that is hidden from the caller, the reply is the one that a row gets that was never there.</summary>
public sealed class HiddenRowTests
{
    private const string NoObj = "SAMPLE9";
    private const string NoId = "987654";

    private static readonly HashSet<string> Hidden =
        ["objId", "filterId", "allocationId", "followupId", "testId", "taxonomyId", "commentId", "annotationId", "classificationId", "thumbnailId", "listingId", "photometryId", "spectrumId", "GetPhotometry.id", "PatchPhotometry.id", "DeletePhotometry.id"];

    [Fact]
    public async Task EveryRoute_OnAHiddenRow_AnswersAsOnNone()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        var outsider = await server.Node.ClientAsync("sample-outsider");
        var told = new List<string>();
        foreach (var route in ApiRoute.All(server.Node))
        {
            foreach (var argument in route.Arguments.Where(name => Hidden.Contains(name == "id" ? $"{route.Name}.id" : name)))
            {
                var (hidden, none) = (site.Argument(route, argument), argument == "objId" ? NoObj : NoId);
                var body = route.HasBody ? site.Body(route.Name).GetRawText() : null;
                var real = await AskAsync(outsider, route, name => site.Argument(route, name), body, hidden, none);
                var missing = await AskAsync(outsider, route, name => name == argument ? none : site.Argument(route, name), body?.Replace("SAMPLE1", argument == "objId" ? NoObj : "SAMPLE1", StringComparison.Ordinal), hidden, none);
                if (real != missing)
                {
                    told.Add($"{route.Name} {argument}: {real} | {missing}");
                }
            }
        }

        Assert.True(told.Count == 0, string.Join('\n', told));
    }

    [Fact]
    public async Task EveryBody_ThatNamesAHiddenObject_IsAnsweredAsOneThatNamesNone()
    {
        await using var server = await TestSite.StartAsync();
        var site = await SampleSite.MakeAsync(server.Node);
        var outsider = await server.Node.ClientAsync("sample-outsider");
        var told = new List<string>();
        foreach (var route in ApiRoute.All(server.Node).Where(route => site.HasBody(route.Name) && !route.Arguments.Contains("objId")))
        {
            // Bodies that make an object take any name that has none yet, and a hidden one, too.
            var body = site.Body(route.Name).GetRawText();
            if (route.Name is "SaveSource" or "PostCandidate" || !body.Contains("SAMPLE1", StringComparison.Ordinal))
            {
                continue;
            }

            body = Regex.Replace(body, "\"(group_ids|user_id|stream_ids)\":(\\[[^]]*\\]|\\d+|\"all\"),?", "", RegexOptions.None, TimeSpan.FromSeconds(1)).Replace(",}", "}", StringComparison.Ordinal);
            var real = await AskAsync(outsider, route, name => site.Argument(route, name), body, "SAMPLE1");
            var missing = await AskAsync(outsider, route, name => site.Argument(route, name), body.Replace("SAMPLE1", NoObj, StringComparison.Ordinal), NoObj);
            if (real != missing || real.StartsWith("200", StringComparison.Ordinal))
            {
                told.Add($"{route.Name}: {real} | {missing}");
            }
        }

        Assert.True(told.Count == 0, string.Join('\n', told));
    }

    private static async Task<string> AskAsync(TestClient client, ApiRoute route, Func<string, string> value, string? body, params string[] named)
    {
        var (status, envelope) = await client.SendAsync(route.Method, route.Path(value), body);
        var said = envelope.ValueKind != JsonValueKind.Object ? "" : envelope.TryGetProperty("message", out var message) ? message.GetString()! : envelope.GetProperty("data").GetRawText();
        // Another row of the path may have the same number, so that both names go from both answers.
        return $"{status} {Regex.Replace(said, $@"\b({string.Join('|', named.Select(Regex.Escape))})\b", "...", RegexOptions.None, TimeSpan.FromSeconds(1))}";
    }
}
