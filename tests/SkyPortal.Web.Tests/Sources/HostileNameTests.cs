using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Web.Tests.Photometry;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>Names of objects and texts in every script and length.</summary>
public sealed class HostileNameTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] Refused =
    [
        "", " ", "\t", "a b", " a", "a ", "a\nb", "a\r\nb", "a\u0001b", "a\u007Fb", "a\u0085b", "a/b", "a\\b", "../etc", ".", "..", "a?b", "a#b", "a%2Fb", "a&b", "a=b", "a'b", "a\"b", "a<b>", "a|b", "a*b",
        "a,b", "a(b)", "a@b", "a~b", "\u0421\u0432\u0435\u0440\u0445\u043D\u043E\u0432\u0430\u044F", "\u8D85\u65B0\u661F", "\u8D85\u65B0\u661Fa", "\u0645\u0633\u062A\u0639\u0631", "\u05E1\u05D5\u05E4\u05E8", "\u0938\u0941\u092A\u0930",
        "\u30AB\u30CA", "\uC2E0\uC131", "\u0391\u03B1", "caf\u00E9", "cafe\u0301", "\u202Eabc", "a\u200Bb", "a\uFEFFb", "\U0001F52D", "\U0001F468\u200D\U0001F680", "\uFF21\uFF22", "a\u0131b", "\u0660\u0661", new string('x', 251), new string('x', 10_000),
        string.Concat(Enumerable.Repeat("\U0001F52D", 3000)),
    ];

    private static readonly string[] Texts =
    [
        "\u0421\u0432\u0435\u0440\u0445\u043D\u043E\u0432\u0430\u044F", "\u8D85\u65B0\u661F\u7206\u767A", "\u0645\u0633\u062A\u0639\u0631 abc \u05E1\u05D5\u05E4\u05E8", "\u202Eright to left\u202C", "e\u0301\u0327 \uFB01", "\U0001F52D\U0001F468\u200D\U0001F680", "<script>alert(1)</script>",
        "'; drop table objs; --", "a\tb\nc", "{{x}} ${y} %s %n", "\\u0041 \\x", "\uFFFD \uFFFF", new string('\u00E9', 20_000),
    ];

    [Fact]
    public async Task Save_NamesThatAreNone_Are400AndMakeNothing()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var before = await CountAsync();
        foreach (var name in Refused)
        {
            foreach (var (path, body) in new (string, object)[]
            {
                ("/api/sources", new { id = name, ra = 10.0, dec = 20.0, group_ids = new[] { scene.GroupId } }),
                ("/api/sources", new { id = name, ra = 10.0, dec = 20.0 }),
                ("/api/candidates", new { id = name, ra = 10.0, dec = 20.0, filter_ids = new[] { 1 }, passed_at = "2026-01-01" }),
            })
            {
                var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, path, body);

                Assert.True(status == 400, $"{path} {Short(name)}: {status} {envelope}");
                Assert.InRange(PhotometryScene.Message(envelope).Length, 1, 1000);
            }
        }

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Read_NamesThatAreNone_AreRefusedInTheEnvelope()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        foreach (var name in Refused.Where(name => name.Trim().Length > 0 && name.Length < 1000 && name is not ("." or "..")))
        {
            foreach (var part in new[] { "", "/photometry", "/spectra", "/comments", "/annotations", "/classifications", "/phot_stat", "/position", "/interests" })
            {
                var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources/{Uri.EscapeDataString(name)}{part}");

                // What is shared under a name that nothing has is an empty list.
                Assert.True(status is 200 or 400 or 403 or 404, $"{part} {Short(name)}: {status} {envelope}");
                Assert.True(status != 200 || envelope.GetProperty("data").ValueKind is JsonValueKind.Array, $"{part} {Short(name)}: {envelope}");
            }

            foreach (var query in new[] { "sourceID", "alias", "origin", "rejectedSourceIDs", "simbadClass", "commentsFilter", "annotationsFilterOrigin", "sortBy" })
            {
                var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources?{query}={Uri.EscapeDataString(name)}");

                Assert.True(status is 200 or 400, $"{query} {Short(name)}: {status} {envelope}");
            }
        }
    }

    [Fact]
    public async Task Texts_OfEveryScript_AreKeptAsTheyAre()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        foreach (var text in Texts)
        {
            var comment = (await scene.Member.PostAsync($"/api/sources/{scene.ObjId}/comments", new { text, group_ids = new[] { scene.GroupId } })).GetProperty("comment_id").GetInt64();
            var annotation = (await scene.Member.PostAsync($"/api/sources/{scene.ObjId}/annotations", new { origin = $"a{comment}", data = new Dictionary<string, string> { ["value"] = text }, group_ids = new[] { scene.GroupId } }))
                .GetProperty("annotation_id").GetInt64();
            await scene.Member.DataAsync(HttpMethod.Patch, $"/api/sources/{scene.ObjId}", new { altdata = new { text }, alias = new[] { text[..Math.Min(text.Length, 50)] } });

            Assert.Equal(text, (await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/comments/{comment}")).GetProperty("text").GetString());
            Assert.Equal(text, (await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/annotations/{annotation}")).GetProperty("data").GetProperty("value").GetString());
            Assert.Equal(text, (await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}")).GetProperty("altdata").GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task Save_LongestAndOddestNames_AreFoundAgain()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        foreach (var name in new[] { new string('x', 250), "0", "-1", "null", "undefined", "true", "1e400", "NaN", "a+b", "a;b:c", "...", "__proto__", "SELECT", "favicon.ico" })
        {
            await scene.Member.PostAsync("/api/sources", new { id = name, ra = 10.0, dec = 20.0, group_ids = new[] { scene.GroupId } });

            Assert.Equal(name, (await scene.Member.GetAsync($"/api/sources/{Uri.EscapeDataString(name)}")).GetProperty("id").GetString());
        }
    }

    private async Task<int> CountAsync()
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        return db.Set<Domain.Sources.Obj>().Count();
    }

    private static string Short(string name) => JsonSerializer.Serialize(name.Length <= 40 ? name : name[..40]);
}
