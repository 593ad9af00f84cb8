using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Paging through candidates while they are saved, and saving them by the page.</summary>
public sealed class CandidatePagingTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Pages_WhileCandidatesAreSaved_SkipNoneAndRepeatNone()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 6);
        const string unsaved = "savedStatus=notSavedToAnySelected&numPerPage=2";

        var first = await scene.ListAsync(unsaved);
        var id = first.GetProperty("queryID").GetString();
        await SaveAsync(scene, [.. CandidateScene.Names(first), "c3" + scene.Mark]);
        var second = await scene.ListAsync($"{unsaved}&pageNumber=2&queryID={id}");
        var third = await scene.ListAsync($"{unsaved}&pageNumber=3&queryID={id}");
        var again = await scene.ListAsync($"{unsaved}&pageNumber=1&queryID={id}");

        Assert.Equal(Marked(scene, "c5", "c4"), CandidateScene.Names(first));
        Assert.Equal(Marked(scene, "c2", "c1"), CandidateScene.Names(second));
        Assert.Equal(Marked(scene, "c0"), CandidateScene.Names(third));
        Assert.Equal(CandidateScene.Names(first), CandidateScene.Names(again));
        Assert.All(new[] { first, second, third, again }, page => Assert.Equal(6, page.GetProperty("totalMatches").GetInt32()));
        Assert.All(new[] { second, third, again }, page => Assert.Equal(id, page.GetProperty("queryID").GetString()));
    }

    [Fact]
    public async Task Pages_QueryIdOfSomebodyElseOrUnknown_BeginAnew()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 2);

        var mine = (await scene.ListAsync("")).GetProperty("queryID").GetString();
        var theirs = (await scene.ListAsync($"queryID={mine}", scene.Admin)).GetProperty("queryID").GetString();
        var unknown = (await scene.ListAsync("queryID=nothing")).GetProperty("queryID").GetString();

        Assert.True(Guid.TryParse(mine, out _));
        Assert.Equal(3, new[] { mine, theirs, unknown }.Distinct().Count());
        Assert.True(Guid.TryParse(unknown, out _));
    }

    [Fact]
    public async Task Pages_TotalIsAMultipleOfThePage_EndWithTheLastFullOne()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 4);

        var last = await scene.ListAsync("numPerPage=2&pageNumber=2");
        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/candidates?groupIDs={scene.Group}&numPerPage=2&pageNumber=3");

        Assert.Equal(2, CandidateScene.Names(last).Length);
        Assert.Equal((400, "Page number out of range."), (status, envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Rows_OfAPage_AreBareOldestFirstAndCountedOnTheFirst()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 3);

        var first = await scene.Member.GetAsync($"/api/candidates_filter?filterIDs={scene.Filter}&numPerPage=2");
        var second = await scene.Member.GetAsync($"/api/candidates_filter?filterIDs={scene.Filter}&numPerPage=2&pageNumber=2");

        Assert.Equal(["candidates", "totalMatches"], CandidateScene.Keys(first));
        Assert.Equal(["candidates"], CandidateScene.Keys(second));
        Assert.Equal(3, first.GetProperty("totalMatches").GetInt32());
        Assert.Equal(["created_at", "filter_id", "id", "modified", "obj_id", "passed_at", "passing_alert_id", "uploader_id"], CandidateScene.Keys(second.GetProperty("candidates")[0]));
        Assert.Equal($"c0{scene.Mark}", first.GetProperty("candidates")[0].GetProperty("obj_id").GetString());
    }

    [Fact]
    public async Task NameOnly_Prefix_AnswersNamesInAnyCaseAndNothingElse()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 3);
        var other = await site.Node.ClientAsync($"outsider-{scene.Mark}");

        var found = await scene.Member.GetAsync("/api/candidates?nameOnly=true&numPerPage=2&objID=C");
        var hidden = await other.GetAsync("/api/candidates?nameOnly=true&objID=c0");

        Assert.Equal(["candidates"], CandidateScene.Keys(found));
        Assert.Equal(Marked(scene, "c0", "c1"), CandidateScene.Names(found));
        Assert.Equal(["id"], CandidateScene.Keys(found.GetProperty("candidates")[0]));
        Assert.Equal(0, hidden.GetProperty("candidates").GetArrayLength());
    }

    [Fact]
    public async Task Autosave_OfAPage_SavesItsCandidatesToTheGroupsThatTheyPassedAndOnlyOnce()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 3);

        var page = await scene.ListAsync("autosave=true&numPerPage=2");
        var savedAt = await SavedAtAsync(scene, "c2");
        await scene.ListAsync("autosave=true&numPerPage=2");
        var unsaved = await scene.ListAsync("savedStatus=notSavedToAnySelected");

        Assert.All(page.GetProperty("candidates").EnumerateArray(), item => Assert.True(item.GetProperty("is_source").GetBoolean()));
        Assert.All(page.GetProperty("candidates").EnumerateArray(), item => Assert.Equal(scene.Group, item.GetProperty("saved_groups")[0].GetProperty("id").GetInt32()));
        Assert.Equal(savedAt, await SavedAtAsync(scene, "c2"));
        Assert.Equal(Marked(scene, "c0"), CandidateScene.Names(unsaved));
    }

    [Fact]
    public async Task Autosave_GroupsNamed_SavesToThem()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 1);
        var (second, _) = await CandidateScene.GroupAsync(scene.Admin, $"second {scene.Mark}", scene.Stream);

        var page = await scene.ListAsync($"autosave=true&autosaveGroupIds={scene.Group},{second}", scene.Admin);

        Assert.Equal([scene.Group, second], page.GetProperty("candidates")[0].GetProperty("saved_groups").EnumerateArray().Select(group => group.GetProperty("id").GetInt32()).Order());
    }

    [Fact]
    public async Task Autosave_WhereOneCannotBeSaved_SavesNone()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (second, filter) = await CandidateScene.GroupAsync(scene.Admin, $"second {scene.Mark}", scene.Stream);
        await scene.Admin.PostAsync($"/api/groups/{second}/users", new { userID = scene.Member.UserId, admin = false, canSave = false });
        await scene.PassAsync("mine", "2026-11-20T01:00:00");
        await scene.PassAsync("theirs", "2026-11-20T02:00:00", filters: [filter]);
        var path = $"/api/candidates?groupIDs={scene.Group},{second}";

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"{path}&autosave=true");
        var named = await scene.Member.SendAsync(HttpMethod.Get, $"{path}&autosave=true&autosaveGroupIds={second}");
        var unknown = await scene.Member.SendAsync(HttpMethod.Get, $"{path}&autosave=true&autosaveGroupIds=99999");
        var list = await scene.Member.GetAsync(path);

        Assert.Equal(400, status);
        Assert.Contains($"theirs{scene.Mark}", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains($"autosaveGroupIds: you may not save to group {second}", named.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("autosaveGroupIds: you may not save to group 99999", unknown.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.All(list.GetProperty("candidates").EnumerateArray(), item => Assert.False(item.GetProperty("is_source").GetBoolean()));
    }

    [Fact]
    public async Task Autosave_WithoutTheRightToUpload_IsForbidden()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 1);
        var reader = await site.Node.ClientAsync($"reader-{scene.Mark}", Domain.Access.Role.ViewOnly, (scene.Group, false));

        var (status, envelope) = await reader.SendAsync(HttpMethod.Get, $"/api/candidates?groupIDs={scene.Group}&autosave=true");

        Assert.Equal(403, status);
        Assert.Contains("Upload data", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False((await scene.ListAsync("")).GetProperty("candidates")[0].GetProperty("is_source").GetBoolean());
    }

    [Fact]
    public async Task Autosave_OfAnOutsider_FindsAndSavesNothing()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await FillAsync(scene, 1);
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Mark}");

        var page = await scene.ListAsync("autosave=true", outsider);

        Assert.Equal(0, page.GetProperty("totalMatches").GetInt32());
        Assert.False((await scene.ListAsync("")).GetProperty("candidates")[0].GetProperty("is_source").GetBoolean());
    }

    [Fact]
    public async Task Post_WithoutAPosition_AnswersAlikeForHiddenAndUnknownObjects()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var other = await CandidateScene.MakeAsync(site.Node);
        var hidden = await scene.PassAsync("hidden");
        object Body(string id) => new { id, filter_ids = new[] { other.Filter }, passed_at = "2026-11-20T01:00:00" };

        var known = await other.Member.SendAsync(HttpMethod.Post, "/api/candidates", Body(hidden));
        var unknown = await other.Member.SendAsync(HttpMethod.Post, "/api/candidates", Body("nothing"));
        var own = await scene.Member.SendAsync(HttpMethod.Post, "/api/candidates", new { id = hidden, filter_ids = new[] { scene.Filter }, passed_at = "2026-11-20T02:00:00" });

        Assert.Equal(400, known.Status);
        Assert.Equal(unknown.Envelope.GetRawText(), known.Envelope.GetRawText());
        Assert.Equal("RA must not be null for a new Obj", known.Envelope.GetProperty("message").GetString());
        Assert.Equal(200, own.Status);
    }

    private static async Task FillAsync(CandidateScene scene, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await scene.PassAsync($"c{i}", $"2026-11-20T0{i}:00:00");
        }
    }

    private static async Task SaveAsync(CandidateScene scene, string[] ids)
    {
        foreach (var id in ids)
        {
            await scene.Member.PostAsync("/api/sources", new { id, group_ids = new[] { scene.Group } });
        }
    }

    private static async Task<string?> SavedAtAsync(CandidateScene scene, string name) =>
        (await scene.Member.GetAsync($"/api/sources/{name}{scene.Mark}")).GetProperty("groups")[0].GetProperty("saved_at").GetString();

    private static IEnumerable<string> Marked(CandidateScene scene, params string[] names) => names.Select(name => name + scene.Mark);
}
