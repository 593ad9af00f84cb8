using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Catalogs;

/// <summary>Light curves of archives: asked, fetched by the queue, stored as photometry.</summary>
public sealed class ArchiveTests : IAsyncLifetime
{
    private ArchiveScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ArchiveScene.MakeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Ask_EveryArchive_BecomesPhotometryOfItsInstruments()
    {
        var id = await _scene.SourceAsync("ARCHIVED1");

        var asked = await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { group_ids = new[] { _scene.Group } });
        Assert.Equal(14, asked.GetProperty("ids").GetArrayLength());
        await _scene.DrainAsync();

        var list = await _scene.Member.GetAsync($"/api/sources/{id}/archives");
        Assert.All(list.EnumerateArray(), archive => Assert.Equal("done", archive.GetProperty("queries")[0].GetProperty("state").GetString()));
        Assert.All(list.EnumerateArray(), archive => Assert.Equal(archive.GetProperty("queries")[0].GetProperty("found").GetInt32(), archive.GetProperty("queries")[0].GetProperty("added").GetInt32()));
        var points = (await _scene.Member.GetAsync($"/api/sources/{id}/photometry?format=flux")).EnumerateArray().ToList();
        Assert.Equal(
            ["ANTARES", "ASAS-SN", "ATLAS", "AllWISE", "CRTS DR2", "FIRST", "Gaia Alerts", "Gaia DR3", "LINEAR", "NEOWISE", "PS1 DR2", "SDSS", "ZTF DR", "fp"],
            points.Select(point => point.GetProperty("origin").GetString()!).Distinct().Order(StringComparer.Ordinal));
        var negative = Assert.Single(points, point => point.GetProperty("origin").GetString() == "ANTARES" && point.GetProperty("filter").GetString() == "ztfr");
        Assert.Equal((-100.0, "ZTF"), (Math.Round(negative.GetProperty("flux").GetDouble(), 6), negative.GetProperty("instrument_name").GetString()));
        Assert.Equal(list.EnumerateArray().Sum(archive => archive.GetProperty("queries")[0].GetProperty("found").GetInt32()), points.Count);
    }

    [Fact]
    public async Task Rerun_SameReply_AddsNothing()
    {
        var id = await _scene.SourceAsync("ARCHIVED2");
        var query = (await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" } })).GetProperty("ids")[0].GetInt64();
        await _scene.DrainAsync();

        await _scene.Member.PostAsync($"/api/sources/{id}/archives/{query}/rerun", new { });
        await _scene.DrainAsync();

        var again = await ArchiveScene.QueryAsync(_scene.Member, id, "ztf");
        Assert.Equal((query, "done", 3, 0), (again.GetProperty("id").GetInt64(), again.GetProperty("state").GetString(), again.GetProperty("found").GetInt32(), again.GetProperty("added").GetInt32()));
        Assert.Equal(3, (await _scene.Member.GetAsync($"/api/sources/{id}/photometry")).GetArrayLength());
    }

    [Fact]
    public async Task Ask_ForChosenGroups_IsSeenByThemAlone()
    {
        var id = await _scene.SourceAsync("ARCHIVED3");
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" }, group_ids = new[] { _scene.Group } });
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "crts" } });
        await _scene.DrainAsync();

        var mine = (await _scene.Member.GetAsync($"/api/sources/{id}/photometry")).EnumerateArray().Select(point => point.GetProperty("origin").GetString());
        var theirs = (await _scene.Colleague.GetAsync($"/api/sources/{id}/photometry")).EnumerateArray().Select(point => point.GetProperty("origin").GetString());
        var archives = (await _scene.Colleague.GetAsync($"/api/sources/{id}/archives")).EnumerateArray().ToList();

        Assert.Equal(["CRTS DR2", "ZTF DR"], mine.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["ZTF DR"], theirs.Distinct());
        Assert.Equal(["ztf"], archives.Where(archive => archive.GetProperty("queries").GetArrayLength() > 0).Select(archive => archive.GetProperty("name").GetString()));
        Assert.All(archives, archive => Assert.Equal(System.Text.Json.JsonValueKind.Null, archive.GetProperty("last_transaction").ValueKind));
        Assert.Equal(404, (await _scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{id}/archives")).Status);
        Assert.Equal(404, (await _scene.Outsider.SendAsync(HttpMethod.Post, $"/api/sources/{id}/archives", new { archives = new[] { "ztf" } })).Status);
    }

    [Fact]
    public async Task Ask_WithoutUploadData_IsRefused()
    {
        var id = await _scene.SourceAsync("ARCHIVED4");
        var viewer = await _scene.Node.ClientAsync("archives-viewer", Role.ViewOnly, (_scene.Group, false));

        Assert.Equal(200, (await viewer.SendAsync(HttpMethod.Get, $"/api/sources/{id}/archives")).Status);
        var (status, _) = await viewer.SendAsync(HttpMethod.Post, $"/api/sources/{id}/archives", new { archives = new[] { "ztf" } });

        Assert.True(status is 401 or 403, $"{status}");
        Assert.Empty(_scene.Outside.Requests);
    }

    [Theory]
    [InlineData("""{"archives":["nosuch"]}""", "nosuch")]
    [InlineData("""{"archives":[]}""", "archives")]
    [InlineData("""{"archives":["ztf"],"group_ids":[999999]}""", "999999")]
    public async Task Ask_BadInput_IsRefusedByName(string body, string named)
    {
        var id = await _scene.SourceAsync("ARCHIVED5");

        var (status, envelope) = await _scene.Member.SendAsync(HttpMethod.Post, $"/api/sources/{id}/archives", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ArchiveIsDown_WaitsLongerEachTimeAndThenGivesUp()
    {
        var id = await _scene.SourceAsync("ARCHIVED6");
        _scene.Outside.On("Irsa", _ => SimulatedReply.Fault(503, "maintenance"));
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" } });

        foreach (var pause in new[] { 30, 60, 120 })
        {
            Assert.Equal(1, await _scene.DrainAsync());
            var waiting = await ArchiveScene.QueryAsync(_scene.Member, id, "ztf");
            Assert.Equal("queued", waiting.GetProperty("state").GetString());
            Assert.StartsWith($"the next try is at {_scene.Clock.GetUtcNow().AddSeconds(pause):HH:mm} UTC, after ", waiting.GetProperty("stage").GetString()!, StringComparison.Ordinal);
            Assert.Equal(0, await _scene.DrainAsync());
            _scene.Clock.Advance(TimeSpan.FromSeconds(pause + 1));
        }

        Assert.Equal(1, await _scene.DrainAsync());
        var failed = await ArchiveScene.QueryAsync(_scene.Member, id, "ztf");
        Assert.Equal(("failed", "IRSA answered 503 ServiceUnavailable: maintenance."), (failed.GetProperty("state").GetString(), failed.GetProperty("error").GetString()));
        var call = (await _scene.Member.GetAsync($"/api/sources/{id}/archives")).EnumerateArray().First(item => item.GetProperty("name").GetString() == "ztf").GetProperty("last_transaction");
        Assert.Equal((503, 3), (call.GetProperty("status").GetInt32(), call.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task Run_ReplyThatCannotBeRead_FailsAtOnceWithTheReason()
    {
        var id = await _scene.SourceAsync("ARCHIVED7");
        _scene.Outside.On("Irsa", _ => SimulatedReply.Text("<html><body>Sorry, moved</body></html>", "text/html"));
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "neowise" } });

        await _scene.DrainAsync();

        var failed = await ArchiveScene.QueryAsync(_scene.Member, id, "neowise");
        Assert.Equal(("failed", "IRSA answered what cannot be read: Sorry, moved"), (failed.GetProperty("state").GetString(), failed.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Cancel_QueuedOrRunning_StoresNothing()
    {
        var id = await _scene.SourceAsync("ARCHIVED8");
        var query = (await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" }, group_ids = new[] { _scene.Group } })).GetProperty("ids")[0].GetInt64();
        var path = $"/api/sources/{id}/archives/{query}";
        _scene.Outside.On("Irsa", async (_, _) =>
        {
            await _scene.Member.PostAsync($"{path}/cancel", new { });
            return SimulatedReply.Text(TestSupport.RecordedReplies.Ztf);
        });

        Assert.Equal(403, (await _scene.Colleague.SendAsync(HttpMethod.Post, $"{path}/cancel", new { })).Status);
        Assert.Equal(404, (await _scene.Outsider.SendAsync(HttpMethod.Post, $"{path}/cancel", new { })).Status);
        Assert.Equal(409, (await _scene.Member.SendAsync(HttpMethod.Post, $"{path}/rerun", new { })).Status);
        await _scene.DrainAsync();

        Assert.Equal("cancelled", (await ArchiveScene.QueryAsync(_scene.Member, id, "ztf")).GetProperty("state").GetString());
        Assert.Equal(0, (await _scene.Member.GetAsync($"/api/sources/{id}/photometry")).GetArrayLength());
        Assert.Equal(409, (await _scene.Member.SendAsync(HttpMethod.Post, $"{path}/cancel", new { })).Status);
        await _scene.Member.PostAsync($"{path}/rerun", new { });
        Assert.Equal("queued", (await ArchiveScene.QueryAsync(_scene.Member, id, "ztf")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Claim_TwoNodes_TakeAQueryOnceAndASilentNodesAgain()
    {
        var id = await _scene.SourceAsync("ARCHIVED9");
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" } });
        var run = _scene.Node.Services.GetRequiredService<RunArchiveQueries>();

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => run.ClaimAsync(CancellationToken.None)));
        var first = Assert.Single(claims.OfType<ClaimedArchiveQuery>());
        _scene.Clock.Advance(RunArchiveQueries.Silence + TimeSpan.FromSeconds(1));
        var second = await run.ClaimAsync(CancellationToken.None);

        Assert.Equal((first.Id, 2), (second!.Id, second.Attempt));
        Assert.False(await run.TellAsync(first, 0.5, "late", CancellationToken.None));
        Assert.True(await run.TellAsync(second, 0.5, "half", CancellationToken.None));
    }

    [Fact]
    public async Task Run_PersonLeftTheGroup_FailsAndStoresNothing()
    {
        var id = await _scene.SourceAsync("ARCHIVED10");
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" }, group_ids = new[] { _scene.Group } });
        await (await _scene.Node.AdminAsync()).DataAsync(HttpMethod.Delete, $"/api/groups/{_scene.Group}/users/{_scene.Member.UserId}");

        await _scene.DrainAsync();

        var query = await ArchiveScene.QueryAsync(_scene.Colleague, id, "ztf");
        Assert.Equal("failed", query.GetProperty("state").GetString());
        Assert.Empty(_scene.Outside.Requests);
    }

    [Fact]
    public async Task GaiaAlerts_ByAlias_DoesNotReadTheIndex()
    {
        var id = await _scene.SourceAsync("Gaia21xyz");
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "gaia_alerts" } });
        await _scene.DrainAsync();

        Assert.Equal(["alerts/alert/Gaia21xyz/lightcurve.csv/"], _scene.Outside.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task Atlas_Token_IsSentAndNeverStored()
    {
        var id = await _scene.SourceAsync("ARCHIVED11");
        await _scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "atlas", "atlas_server" } });
        await _scene.DrainAsync();

        Assert.All(_scene.Outside.Requests, request => Assert.Equal(request.Service == "AtlasForced" ? "Token forced-token" : "Token server-token", request.Headers["Authorization"]));
        Assert.DoesNotContain("-token", (await (await _scene.Node.AdminAsync()).GetAsync("/api/outside/transactions?numPerPage=500")).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ArchiveStates.Queued, "running cancelled")]
    [InlineData(ArchiveStates.Running, "queued done failed cancelled")]
    [InlineData(ArchiveStates.Done, "queued")]
    [InlineData(ArchiveStates.Failed, "queued")]
    [InlineData(ArchiveStates.Cancelled, "queued")]
    public void States_EachEdge_IsAsSaid(string from, string to) =>
        Assert.Equal(to.Split(' ').Order(), ArchiveStates.All.Where(state => ArchiveStates.MayMove(from, state)).Order());
}

/// <summary>The queue of a running node.</summary>
public sealed class ArchiveQueueTests
{
    [Fact]
    public async Task Run_ServerLeftAloneForAnotherArchive_SaysWhenItIsTriedNext()
    {
        await using var scene = await ArchiveScene.MakeAsync(breakerFailures: 3);
        var id = await scene.SourceAsync("ARCHIVED6B");
        scene.Outside.On("Irsa", _ => SimulatedReply.Fault(503, "maintenance"));
        await scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf", "neowise" } });

        Assert.Equal(2, await scene.DrainAsync());

        var stages = new List<string>();
        var errors = new List<string>();
        foreach (var name in new[] { "ztf", "neowise" })
        {
            var waiting = await ArchiveScene.QueryAsync(scene.Member, id, name);
            stages.Add(waiting.GetProperty("stage").GetString()!);
            errors.Add(waiting.GetProperty("error").GetString()!);
        }

        Assert.All(stages, stage => Assert.StartsWith($"the next try is at {scene.Clock.GetUtcNow().AddSeconds(30):HH:mm} UTC", stage, StringComparison.Ordinal));
        Assert.Single(stages, stage => stage.EndsWith(", after 1 of 4", StringComparison.Ordinal));
        Assert.Contains("IRSA did not answer lately.", errors);
    }

    [Fact]
    public async Task Ask_NodeWithJobs_FetchesByItselfAndTellsOpenPages()
    {
        await using var scene = await ArchiveScene.MakeAsync(runsJobs: true);
        var id = await scene.SourceAsync("LIVE1");
        var kinds = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var news = scene.Node.Services.GetRequiredService<LiveUpdates>().Subscribe(note => note.Subject == Archives.Subject + id, note =>
        {
            kinds.Enqueue(note.Kind);
            if (note.Kind is "archive.done" or "archive.failed")
            {
                done.TrySetResult();
            }
        });

        await scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" } });
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("done", (await ArchiveScene.QueryAsync(scene.Member, id, "ztf")).GetProperty("state").GetString());
        Assert.Equal(["archive.queued", "archive.running", "archive.progress", "archive.progress", "archive.done"], kinds);
    }

    [Fact]
    public async Task Cancel_WhileTheArchiveIsSilent_EndsTheCall()
    {
        await using var scene = await ArchiveScene.MakeAsync(runsJobs: true);
        var id = await scene.SourceAsync("LIVE2");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Outside.On("Irsa", async (_, callerGone) =>
        {
            callerGone.Register(() => gone.TrySetResult());
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, callerGone);
            return SimulatedReply.Text("");
        });

        var query = (await scene.Member.PostAsync($"/api/sources/{id}/archives", new { archives = new[] { "ztf" } })).GetProperty("ids")[0].GetInt64();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await scene.Member.PostAsync($"/api/sources/{id}/archives/{query}/cancel", new { });
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("cancelled", (await ArchiveScene.QueryAsync(scene.Member, id, "ztf")).GetProperty("state").GetString());
    }
}
