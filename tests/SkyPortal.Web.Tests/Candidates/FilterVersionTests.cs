using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Versions of filters over the API.</summary>
public sealed class FilterVersionTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly AlertSite _site = new(fixture.Node);

    [Fact]
    public async Task Versions_SavedComparedAndMadeActiveAgain_AreKeptAsTheyWere()
    {
        var (group, member) = await _site.GroupAsync("versions", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18 and drb > 0.5");

        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "drb > 0.5 and mag < 19 and is_positive", note = "fainter" });
        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { name = "same text" });
        var third = (await member.PostAsync($"/api/filters/{id}/versions", new { expression = "mag < 17", annotations = new { age = "age_days" }, note = "a try" })).GetProperty("number").GetInt32();
        var listed = (await member.GetAsync($"/api/filters/{id}/versions")).EnumerateArray().ToList();
        var compared = await member.GetAsync($"/api/filters/{id}/versions/1/compare/2");
        await member.PostAsync($"/api/filters/{id}/versions/1/activate", new { });
        var filter = await member.GetAsync($"/api/filters/{id}");

        Assert.Equal(3, third);
        Assert.Equal(["3 mag < 17 a try False", "2 drb > 0.5 and mag < 19 and is_positive fainter True", "1 mag < 18 and drb > 0.5  False"], listed.Select(Row));
        Assert.All(listed, row => Assert.Equal("versions-member", row.GetProperty("author").GetString()));
        Assert.Equal(
            """[{"before":"mag < 18","after":"mag < 19"},{"before":null,"after":"is_positive"}]""", compared.GetProperty("clauses").GetRawText());
        Assert.Equal(["removed", "added"], compared.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal(("mag < 18 and drb > 0.5", 1), (filter.GetProperty("expression").GetString(), filter.GetProperty("version").GetInt32()));
        Assert.Equal("""{"age":"age_days"}""", (await member.GetAsync($"/api/filters/{id}/versions/3")).GetProperty("annotations").GetRawText());
    }

    [Fact]
    public async Task Versions_SavedAtOnce_GetNumbersOfTheirOwn()
    {
        var (group, member) = await _site.GroupAsync("at-once", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");

        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            (await member.PostAsync($"/api/filters/{id}/versions", new { expression = $"mag < {i}" })).GetProperty("number").GetInt32()));

        Assert.Equal(Enumerable.Range(2, 8), numbers.Order());
    }

    [Fact]
    public async Task Versions_OfWhoMayNot_AreRefused()
    {
        var (group, admin) = await _site.GroupAsync("rights", "ZTF Public");
        var (_, outsider) = await _site.GroupAsync("rights-elsewhere", "ZTF Public");
        var member = await fixture.Node.ClientAsync("rights-plain", Role.FullUser, (group, false));
        var reader = await fixture.Node.ClientAsync("rights-reader", Role.ViewOnly, (group, true));
        var id = await _site.FilterAsync(admin, group, "ZTF Public", "mag < 18");

        Assert.Equal(200, (await member.SendAsync(HttpMethod.Post, $"/api/filters/{id}/versions", new { expression = "mag < 17" })).Status);
        Assert.Equal(403, (await member.SendAsync(HttpMethod.Post, $"/api/filters/{id}/versions", new { expression = "mag < 17", active = true })).Status);
        Assert.Equal(403, (await member.SendAsync(HttpMethod.Post, $"/api/filters/{id}/versions/1/activate", new { })).Status);
        Assert.Equal(401, (await reader.SendAsync(HttpMethod.Post, $"/api/filters/{id}/versions", new { expression = "mag < 17" })).Status);
        Assert.Equal(200, (await reader.SendAsync(HttpMethod.Get, $"/api/filters/{id}/versions")).Status);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/1"), (HttpMethod.Get, "/1/compare/2"), (HttpMethod.Post, ""), (HttpMethod.Post, "/1/activate") })
        {
            var (status, envelope) = await outsider.SendAsync(method, $"/api/filters/{id}/versions{path}", method == HttpMethod.Post ? new { expression = "mag < 1" } : null);
            Assert.True(status == 400, $"{path}: {status} {envelope}");
        }
    }

    [Theory]
    [InlineData("""{"expression": "mag <"}""", "expression: line 1, column 6")]
    [InlineData("""{"expression": 3}""", "expression")]
    [InlineData("""{"note": "x"}""", "expression")]
    [InlineData("""{"expression": "mag < 1", "annotations": {"a": "magg"}}""", "annotations.a: line 1, column 1")]
    public async Task PostVersion_WithAFault_Answers400ThatNamesIt(string body, string part)
    {
        var (group, member) = await _site.GroupAsync($"fault-{Guid.NewGuid():N}", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");

        var (status, envelope) = await member.SendAsync(HttpMethod.Post, $"/api/filters/{id}/versions", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(400, status);
        Assert.Contains(part, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_ChangedByAnAdministratorOfItsGroup_IsRefused()
    {
        var (group, member) = await _site.GroupAsync("immutable", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 18");
        var viewer = new Viewer { UserId = member.UserId, GroupIds = [group], AdminGroupIds = [group], StreamIds = [await _site.StreamIdAsync("ZTF Public")], Acls = new HashSet<string> { Acl.UploadData, Acl.ManageGroups } };
        await using var db = fixture.Node.Contexts.For(viewer);
        var version = await db.Set<FilterVersion>().SingleAsync(row => row.FilterId == id);

        version.Expression = "mag < 30";

        await Assert.ThrowsAsync<Refusal>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task Candidate_OfAnAlertThatPassed_KeepsTheVersion()
    {
        await _site.AddInstrumentsAsync();
        var (group, member) = await _site.GroupAsync("kept", "ZTF Public");
        var id = await _site.FilterAsync(member, group, "ZTF Public", "mag < 10");
        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 25" });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF21versione", 5_001).Packet());

        Assert.Equal([2], await _site.QueryAsync<int>("select filter_version from candidates where filter_id = $1", id));
    }

    private static string Row(JsonElement row) => $"{row.GetProperty("number")} {row.GetProperty("expression")} {row.GetProperty("note")} {row.GetProperty("is_active")}";
}
