using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>What follows for an object that passes a filter: saves, annotations, comments, and who is told.</summary>
public sealed class FilterActionsTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(fixture.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Get_NeverSet_TellsWhatHoldsThen()
    {
        var scene = await SceneAsync("actdef", "ZTF26actdef");

        var actions = await scene.Admin.GetAsync($"/api/filters/{scene.Filter}/actions");

        Assert.Equal((false, true, 1), (actions.GetProperty("autosave").GetBoolean(), actions.GetProperty("annotate").GetBoolean(), actions.GetProperty("group_ids").GetArrayLength()));
        Assert.Equal(scene.Group, actions.GetProperty("group_ids")[0].GetInt32());
        Assert.Equal(JsonValueKind.Null, actions.GetProperty("set_by_id").ValueKind);
    }

    [Fact]
    public async Task Ingest_GroupsAndSaverOfChoice_SavesToEachInThatNameWithTheComment()
    {
        var scene = await SceneAsync("actsave", "ZTF26actsave");
        await SetAsync(scene, new { autosave = true, group_ids = new[] { scene.Group, scene.Other }, saver_id = scene.Member.UserId, comment = "young and blue" });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26actsave", 71_001).Packet());
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26actsave", 71_002) { Jd = 2_460_901.75 }.Packet());

        Assert.Equal([scene.Group, scene.Other], await _site.QueryAsync<int>("select group_id from sources where obj_id = 'ZTF26actsave' and active order by group_id"));
        Assert.Equal([scene.Member.UserId], await _site.QueryAsync<int>("select distinct saved_by_id from sources where obj_id = 'ZTF26actsave'"));
        Assert.Equal([scene.Group, scene.Other], await _site.QueryAsync<int>("select unnest(group_ids) from objs where id = 'ZTF26actsave'"));
        Assert.Equal(
            [$"{scene.Admin.UserId} young and blue {scene.Group},{scene.Other} true"],
            await _site.QueryAsync<string>("select concat_ws(' ', author_id, text, array_to_string(group_ids, ','), bot::text) from comments where obj_id = 'ZTF26actsave'"));
        Assert.Equal(200, (await scene.OtherMember.SendAsync(HttpMethod.Get, "/api/sources/ZTF26actsave")).Status);
    }

    [Fact]
    public async Task Ingest_SetterWithoutTheOtherGroup_SavesToItsOwnAlone()
    {
        var scene = await SceneAsync("actlost", "ZTF26actlost");
        await SetAsync(scene, new { autosave = true, group_ids = new[] { scene.Group, scene.Other }, saver_id = scene.Member.UserId });
        await _site.QueryAsync<int>("update group_users set can_save = false where user_id = $1 and group_id = $2 returning id", scene.Admin.UserId, scene.Other);
        await _site.QueryAsync<int>("delete from group_users where user_id = $1 and group_id = $2 returning id", scene.Member.UserId, scene.Group);

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26actlost", 71_101).Packet());

        Assert.Equal([scene.Group], await _site.QueryAsync<int>("select group_id from sources where obj_id = 'ZTF26actlost'"));
        Assert.Equal([true], await _site.QueryAsync<bool>("select saved_by_id is null from sources where obj_id = 'ZTF26actlost'"));
        Assert.Equal([scene.Group], await _site.QueryAsync<int>("select unnest(group_ids) from objs where id = 'ZTF26actlost'"));
        var stopped = (await scene.Admin.GetAsync($"/api/filters/{scene.Filter}/actions")).GetProperty("stopped_group_ids");
        Assert.Equal(scene.Other, Assert.Single(stopped.EnumerateArray()).GetInt32());
    }

    [Fact]
    public async Task Ingest_SavedOrRejectedBefore_IsNotSavedWhereTheConditionsSaySo()
    {
        var scene = await SceneAsync("actcond", "ZTF26actsaved", "ZTF26actrejec", "ZTF26actfresh");
        await SetAsync(scene, new { autosave = true, ignore_group_ids = new[] { scene.Other }, ignore_rejected = true });
        await scene.OtherMember.PostAsync("/api/sources", new { id = "ZTF26actsaved", ra = 1.0, dec = 2.0, group_ids = new[] { scene.Other } });
        await scene.Member.PostAsync("/api/sources", new { id = "ZTF26actrejec", ra = 1.0, dec = 2.0, group_ids = new[] { await OwnGroupAsync(scene.Member.UserId) } });
        await scene.Member.PostAsync("/api/listing", new { obj_id = "ZTF26actrejec", list_name = "rejected_candidates" });

        await _site.IngestAsync(
            "ZTF Public", new ZtfPacket("ZTF26actsaved", 71_201).Packet(), new ZtfPacket("ZTF26actrejec", 71_202).Packet(), new ZtfPacket("ZTF26actfresh", 71_203).Packet());

        Assert.Equal(["ZTF26actfresh"], await _site.QueryAsync<string>("select obj_id from sources where group_id = $1", scene.Group));
    }

    [Fact]
    public async Task Ingest_WithoutAnnotating_KeepsNoValues()
    {
        var scene = await SceneAsync("actnote", "ZTF26actnote");
        await SetAsync(scene, new { annotate = false });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26actnote", 71_301).Packet());

        Assert.Equal([1L], await _site.QueryAsync<long>("select count(*) from candidates where obj_id = 'ZTF26actnote'"));
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from annotations where obj_id = 'ZTF26actnote'"));
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from sources where obj_id = 'ZTF26actnote'"));
    }

    [Fact]
    public async Task Tell_FirstPassing_ReachesTheChosenWhoStillSeeTheFilterAndOnlyOnce()
    {
        var scene = await SceneAsync("acttell", "ZTF26acttela", "ZTF26acttelb");
        await SetAsync(scene, new { notify_user_ids = new[] { scene.Admin.UserId, scene.Member.UserId } });
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26acttela", 71_401).Packet(), new ZtfPacket("ZTF26acttelb", 71_402).Packet());
        await _site.QueryAsync<int>("delete from group_users where user_id = $1 and group_id = $2 returning id", scene.Member.UserId, scene.Group);

        await TellAsync();
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26acttela", 71_403) { Jd = 2_460_902.75 }.Packet());
        await TellAsync();

        await using var db = fixture.Node.Contexts.For(Viewer.System);
        var told = await db.Set<UserNotification>().Where(row => row.NotificationType == "filter_passed" && row.Text.Contains("ZTF26acttel")).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(scene.Admin.UserId, Assert.Single(told).UserId);
        Assert.Contains("*ZTF26acttela*, *ZTF26acttelb* passed the filter", told[0].Text, StringComparison.Ordinal);
        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from passing_notices"));
    }

    [Fact]
    public async Task Put_WhatIsNotTheirs_Answers400ThatNamesIt()
    {
        var scene = await SceneAsync("actbad", "ZTF26actbad");
        var stranger = await fixture.Node.ClientAsync("actbad-stranger");
        var (hidden, _) = await _site.GroupAsync("actbad-hidden", "ZTF Public");
        (object Body, string Named)[] wrong =
        [
            (new { group_ids = new[] { hidden } }, "group_ids"),
            (new { group_ids = new[] { 999_999 } }, "group_ids"),
            (new { autosave = true, group_ids = Array.Empty<int>() }, "group_ids"),
            (new { ignore_group_ids = new[] { hidden } }, "ignore_group_ids"),
            (new { saver_id = stranger.UserId }, "saver_id"),
            (new { saver_id = 999_999 }, "saver_id"),
            (new { notify_user_ids = new[] { stranger.UserId } }, "notify_user_ids"),
            (new { comment = new string('x', 2_001) }, "comment"),
            (new { autosave = "perhaps" }, "autosave"),
            (new { autofollowup = true }, "autofollowup"),
        ];

        foreach (var (body, named) in wrong)
        {
            var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/actions", body);
            Assert.Equal(400, status);
            Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(403, (await scene.Member.SendAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/actions", new { autosave = true })).Status);
    }

    [Fact]
    public async Task Outsider_OfTheFilterOrOfAGroup_LearnsNothingOfIt()
    {
        var scene = await SceneAsync("actout", "ZTF26actout");
        await _site.QueryAsync<int>("update groups set private = true where id = $1 returning id", scene.Other);
        await SetAsync(scene, new { autosave = true, group_ids = new[] { scene.Group, scene.Other }, ignore_group_ids = new[] { scene.Other } });
        var (_, outsider) = await _site.GroupAsync("actout-elsewhere", "ZTF Public");

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put })
        {
            var (status, envelope) = await outsider.SendAsync(method, $"/api/filters/{scene.Filter}/actions", method == HttpMethod.Put ? new { autosave = false } : null);
            Assert.Equal((400, $"Cannot find a filter with ID: {scene.Filter}."), (status, envelope.GetProperty("message").GetString()));
        }

        var reader = await fixture.Node.ClientAsync("actout-reader", Role.ViewOnly, (scene.Group, false));
        var seen = await reader.GetAsync($"/api/filters/{scene.Filter}/actions");
        Assert.Equal(scene.Group, Assert.Single(seen.GetProperty("group_ids").EnumerateArray()).GetInt32());
        Assert.Empty(seen.GetProperty("ignore_group_ids").EnumerateArray());
    }

    private async Task TellAsync()
    {
        var tell = fixture.Node.Services.GetRequiredService<TellPassings>();
        while (await tell.HandleAsync(CancellationToken.None) > 0)
        {
        }
    }

    private static Task SetAsync(Scene scene, object actions) => scene.Admin.DataAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/actions", actions);

    private async Task<int> OwnGroupAsync(int userId) =>
        (await _site.QueryAsync<int>("select g.id from group_users m join groups g on g.id = m.group_id where m.user_id = $1 and g.single_user_group", userId)).Single();

    // A filter of a group, its administrator, who may save to another group, and a plain member of each.
    private async Task<Scene> SceneAsync(string name, params string[] objects)
    {
        var (group, member) = await _site.GroupAsync(name, "ZTF Public");
        var (other, otherMember) = await _site.GroupAsync($"{name}-other", "ZTF Public");
        var admin = await fixture.Node.ClientAsync($"{name}-admin", Role.FullUser, (group, true), (other, false));
        await _site.QueryAsync<int>("update group_users set admin = false where user_id = $1 and group_id = $2 returning id", member.UserId, group);
        // The member may stand as saver in the other group, too.
        await _site.QueryAsync<int>(
            "insert into group_users (group_id, user_id, admin, can_save, can_share_photometry, created_at, modified) values ($1, $2, false, true, false, now(), now()) returning id", other, member.UserId);
        var filter = await _site.FilterAsync(
            admin, group, "ZTF Public", string.Join(" or ", objects.Select(id => $"objectId == '{id}'")), annotations: new { mag = "candidate.magpsf" });
        return new Scene(group, other, admin, member, otherMember, filter);
    }

    private sealed record Scene(int Group, int Other, TestClient Admin, TestClient Member, TestClient OtherMember, int Filter);
}
