using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>Requests that filters make: one for each object and allocation, whatever happens.</summary>
public sealed class AutoFollowupTests(SiteFixture site) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(site.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Passing_OfAFilterThatAsks_MakesOneRequestForTheFiltersGroup()
    {
        var scene = await SceneAsync("afone", "ZTF26afone");
        await SetAsync(scene, new { allocation_id = scene.Allocation, payload = new { observation_choices = new[] { "ztfr" }, priority = 4 }, validity_days = 3, comment = "by the filter" });

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afone", 81_001).Packet());
        await MakeAsync();
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afone", 81_002) { Jd = 2_460_901.75 }.Packet());
        await MakeAsync();
        await TellAsync();

        var request = Assert.Single((await scene.Admin.GetAsync("/api/followup_request?sourceID=ZTF26afone")).GetProperty("followup_requests").EnumerateArray());
        var payload = request.GetProperty("payload");
        Assert.Equal(("submitted", "by the filter", scene.Admin.UserId), (request.GetProperty("status").GetString(), request.GetProperty("comment").GetString(), request.GetProperty("requester_id").GetInt32()));
        Assert.Equal(scene.Group, Assert.Single(request.GetProperty("target_groups").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.Equal((4, 300), (payload.GetProperty("priority").GetDouble(), payload.GetProperty("exposure_time").GetDouble()));
        Assert.Equal(3, DateOnly.Parse(payload.GetProperty("end_date").GetString()!).DayNumber - DateOnly.Parse(payload.GetProperty("start_date").GetString()!).DayNumber);
        Assert.Equal(1, (await GetAsync(scene)).GetProperty("counts").GetProperty("asked").GetInt32());
    }

    [Fact]
    public async Task Passings_OfTwoFiltersOnTwoNodes_MakeOneRequest()
    {
        var scene = await SceneAsync("aftwo", Names(12));
        var other = await _site.FilterAsync(scene.Admin, scene.Group, "ZTF Public", Expression(Names(12)));
        await SetAsync(scene, Right(scene));
        await scene.Admin.DataAsync(HttpMethod.Put, $"/api/filters/{other}/followup", Right(scene));
        var make = site.Node.Services.GetRequiredService<MakeAutoFollowups>();

        await Task.WhenAll(Names(12).Select((name, index) => _site.IngestAsync("ZTF Public", new ZtfPacket(name, 82_001 + index).Packet())));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MakeAsync(make)));
        await Task.WhenAll(Names(12).Select((name, index) => _site.IngestAsync("ZTF Public", new ZtfPacket(name, 82_101 + index) { Jd = 2_460_902.75 }.Packet())));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MakeAsync(make)));

        Assert.Equal(Names(12), await _site.QueryAsync<string>("select obj_id from followup_requests where allocation_id = $1 order by obj_id", scene.Allocation));
    }

    [Fact]
    public async Task Making_ThatIsCutOff_IsDoneAgainAndOnce()
    {
        var scene = await SceneAsync("afcut", "ZTF26afcut");
        await SetAsync(scene, Right(scene));
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afcut", 83_001).Packet());
        var make = site.Node.Services.GetRequiredService<MakeAutoFollowups>();

        // Nothing of what a node begins is seen before its end: holding the row stands for one that dies in between.
        await using (var held = site.Node.Contexts.For(Viewer.System))
        {
            await using var transaction = await held.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await held.Database.ExecuteSqlAsync($"update auto_followups set state = 'asked' where obj_id = 'ZTF26afcut'", TestContext.Current.CancellationToken);
            Assert.False(await make.HandleAsync(CancellationToken.None));
        }

        await MakeAsync(make);

        Assert.Equal([1L], await _site.QueryAsync<long>("select count(*) from followup_requests where obj_id = 'ZTF26afcut'"));
    }

    [Fact]
    public async Task Passing_ThatCannotBeMade_HoldsUpNoOther()
    {
        var broken = await SceneAsync("afbrk", "ZTF26afbrk");
        var right = await SceneAsync("afnext", "ZTF26afnext");
        await SetAsync(broken, Right(broken));
        await SetAsync(right, Right(right));
        await _site.QueryAsync<int>("update filter_followups set constraints = '{\"radius\": \"wide\"}' where filter_id = $1 returning filter_id", broken.Filter);
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afbrk", 88_001).Packet());
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afnext", 88_002).Packet());

        await MakeAsync();

        Assert.Equal(["failed"], await StatesAsync("ZTF26afbrk"));
        Assert.Equal(["asked"], await StatesAsync("ZTF26afnext"));
        Assert.DoesNotContain("wide", Assert.Single((await GetAsync(broken)).GetProperty("last_failures").EnumerateArray()).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passing_WhileItsRequestIsMadeOrWasAsked_WaitsForNobody()
    {
        var scene = await SceneAsync("afheld", "ZTF26afheld");
        await SetAsync(scene, Right(scene));
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afheld", 89_001).Packet());

        foreach (var (state, alert) in new[] { ("waiting", 89_002), ("asked", 89_003) })
        {
            Assert.Equal([state], await StatesAsync("ZTF26afheld"));
            await using (var held = site.Node.Contexts.For(Viewer.System))
            {
                await using var transaction = await held.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
                await held.Database.ExecuteSqlAsync($"select 1 from auto_followups where obj_id = 'ZTF26afheld' for update", TestContext.Current.CancellationToken);
                await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afheld", alert) { Jd = 2_460_904.75 + alert - 89_000 }.Packet()).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            }

            await MakeAsync();
        }

        Assert.Equal(["asked"], await StatesAsync("ZTF26afheld"));
    }

    [Fact]
    public async Task Conditions_SetByWhoSeesAll_SeeNoMoreThanTheFiltersGroup()
    {
        var scene = await SceneAsync("afsees", "ZTF26afseea", "ZTF26afseeb");
        var (elsewhere, _) = await _site.GroupAsync("afelsewhere", "ZTF Public");
        var root = await site.Node.AdminAsync();
        var camera = Assert.Single(await _site.QueryAsync<int>("select instrument_id from allocations where id = $1", scene.Allocation));
        await root.DataAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/followup", new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { not_if_spectra_exist = true } });
        foreach (var (name, alert, group) in new[] { ("ZTF26afseea", 90_001, elsewhere), ("ZTF26afseeb", 90_002, scene.Group) })
        {
            await _site.IngestAsync("ZTF Public", new ZtfPacket(name, alert) { Ra = 200 + alert - 90_000 }.Packet());
            await root.PostAsync("/api/spectra", new { obj_id = name, instrument_id = camera, observed_at = "2026-03-01T00:00:00", wavelengths = new[] { 4000, 5000 }, fluxes = new[] { 1, 2 }, group_ids = new[] { group } });
        }

        await MakeAsync();

        Assert.Equal(["asked"], await StatesAsync("ZTF26afseea"));
        Assert.Equal(["ignored"], await StatesAsync("ZTF26afseeb"));
    }

    [Fact]
    public async Task Condition_AgainstIt_IsToldAndLookedAtAgainAtTheNextPassing()
    {
        var scene = await SceneAsync("afcond", "ZTF26afcond");
        await SetAsync(scene, new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { source_group_ids = new[] { scene.Group } } });
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afcond", 84_001).Packet());
        await MakeAsync();
        Assert.Equal(1, (await GetAsync(scene)).GetProperty("counts").GetProperty("ignored").GetInt32());

        await scene.Admin.PostAsync("/api/sources", new { id = "ZTF26afcond", group_ids = new[] { scene.Group } });
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afcond", 84_002) { Jd = 2_460_903.75 }.Packet());
        await MakeAsync();

        Assert.Equal(1, (await GetAsync(scene)).GetProperty("counts").GetProperty("asked").GetInt32());
    }

    [Fact]
    public async Task Setter_WhoLostTheRight_AsksNothingAndTheTabSaysWhy()
    {
        var scene = await SceneAsync("aflost", "ZTF26aflost");
        await SetAsync(scene, Right(scene));
        await _site.QueryAsync<int>("delete from group_users where user_id = $1 and group_id = $2 returning id", scene.Admin.UserId, scene.Group);
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26aflost", 85_001).Packet());
        await MakeAsync();

        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from followup_requests where obj_id = 'ZTF26aflost'"));
        var failures = (await scene.Member.GetAsync($"/api/filters/{scene.Filter}/followup")).GetProperty("last_failures");
        Assert.Equal("ZTF26aflost", Assert.Single(failures.EnumerateArray()).GetProperty("obj_id").GetString());
    }

    [Fact]
    public async Task SwitchedOff_AsksNothing()
    {
        var scene = await SceneAsync("afoff", "ZTF26afoff");
        await SetAsync(scene, new { autofollowup = false, allocation_id = scene.Allocation, payload = Payload() });
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afoff", 86_001).Packet());

        Assert.Equal([0L], await _site.QueryAsync<long>("select count(*) from auto_followups where obj_id = 'ZTF26afoff'"));
        await scene.Admin.DataAsync(HttpMethod.Delete, $"/api/filters/{scene.Filter}/followup");
        Assert.Equal(JsonValueKind.Null, (await GetAsync(scene)).ValueKind);
    }

    [Fact]
    public async Task Put_WhatIsWrongOrNotTheirs_IsRefused()
    {
        var scene = await SceneAsync("afbad", "ZTF26afbad");
        var elsewhere = await FollowupScene.MakeAsync(site.Node);
        (object Body, string Named)[] wrong =
        [
            (new { }, "allocation_id"),
            (new { allocation_id = elsewhere.Allocation, payload = Payload() }, "allocation_id"),
            (new { allocation_id = scene.Allocation, payload = new { priority = 1 } }, "observation_choices"),
            (new { allocation_id = scene.Allocation, payload = new { observation_choices = new[] { "ztfg" }, end_date = "2026-03-01" } }, "end_date"),
            (new { allocation_id = scene.Allocation, payload = Payload(), validity_days = 0 }, "validity_days"),
            (new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { radius = -1 } }, "radius"),
            (new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { colour = 1 } }, "colour"),
            (new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { source_group_ids = new[] { elsewhere.Group } } }, "source_group_ids"),
            (new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { ignore_source_group_ids = new[] { elsewhere.Group } } }, "ignore_source_group_ids"),
            (new { allocation_id = scene.Allocation, payload = Payload(), constraints = new { ignore_allocation_ids = new[] { elsewhere.Allocation } } }, "ignore_allocation_ids"),
            (new { allocation_id = scene.Allocation, payload = Payload(), comment = new string('x', 2_001) }, "comment"),
        ];
        foreach (var (body, named) in wrong)
        {
            var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/followup", body);
            Assert.Equal(400, status);
            Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            var (status, envelope) = await elsewhere.Member.SendAsync(method, $"/api/filters/{scene.Filter}/followup", method == HttpMethod.Put ? Right(scene) : null);
            Assert.Equal((400, $"Cannot find a filter with ID: {scene.Filter}."), (status, envelope.GetProperty("message").GetString()));
        }

        Assert.Equal(403, (await scene.Member.SendAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/followup", Right(scene))).Status);
    }

    [Fact]
    public async Task Jobs_OfANode_MakeAndTellByThemselves()
    {
        await using var own = await TestSite.StartAsync(runsJobs: true);
        var alerts = new AlertSite(own.Node);
        await alerts.AddInstrumentsAsync();
        var scene = await SceneAsync(alerts, "afjob", "ZTF26afjob");
        await scene.Admin.DataAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/followup", Right(scene));
        var told = new TaskCompletionSource();
        using var news = own.Node.Services.GetRequiredService<Infrastructure.Operations.LiveUpdates>().Subscribe(note => note.Kind == "followup.told" && note.Subject == "ZTF26afjob", _ => told.TrySetResult());

        await alerts.IngestAsync("ZTF Public", new ZtfPacket("ZTF26afjob", 87_001).Packet());
        await told.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(["submitted"], await alerts.QueryAsync<string>("select status from followup_requests where obj_id = 'ZTF26afjob'"));
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(index => $"ZTF26aftwo{(char)('a' + index)}")];

    private static string Expression(string[] objects) => string.Join(" or ", objects.Select(id => $"objectId == '{id}'"));

    private static object Payload() => new { observation_choices = new[] { "ztfg" } };

    private static object Right(Scene scene) => new { allocation_id = scene.Allocation, payload = Payload() };

    private static Task SetAsync(Scene scene, object followup) => scene.Admin.DataAsync(HttpMethod.Put, $"/api/filters/{scene.Filter}/followup", followup);

    private static Task<JsonElement> GetAsync(Scene scene) => scene.Admin.GetAsync($"/api/filters/{scene.Filter}/followup");

    private Task<List<string>> StatesAsync(string name) => _site.QueryAsync<string>("select state from auto_followups where obj_id = $1", name);

    private Task MakeAsync() => MakeAsync(site.Node.Services.GetRequiredService<MakeAutoFollowups>());

    private static async Task MakeAsync(MakeAutoFollowups make)
    {
        while (await make.HandleAsync(CancellationToken.None))
        {
        }
    }

    private async Task TellAsync()
    {
        var tell = site.Node.Services.GetRequiredService<TellFacility>();
        while (await tell.ClaimAsync(CancellationToken.None) is { } begun)
        {
            await tell.RunAsync(begun, somebodyWaits: false, CancellationToken.None);
        }
    }

    private Task<Scene> SceneAsync(string name, params string[] objects) => SceneAsync(_site, name, objects);

    // A filter of a group, its administrator, a plain member, and an allocation of the group.
    private static async Task<Scene> SceneAsync(AlertSite site, string name, params string[] objects)
    {
        var (group, member) = await site.GroupAsync(name, "ZTF Public");
        var admin = await site.Node.ClientAsync($"{name}-admin", Role.FullUser, (group, true));
        await site.QueryAsync<int>("update group_users set admin = false where user_id = $1 and group_id = $2 returning id", member.UserId, group);
        await using var db = site.Node.Contexts.For(Viewer.System);
        var telescope = new Domain.Facilities.Telescope { Name = $"{name} telescope", Nickname = "AT" };
        db.Add(telescope);
        await db.SaveChangesAsync();
        var camera = new Domain.Facilities.Instrument { Name = $"{name} camera", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg", "ztfr"], ApiClassname = "GENERICAPI" };
        db.Add(camera);
        await db.SaveChangesAsync();
        var allocation = (await (await site.Node.AdminAsync()).PostAsync("/api/allocation", new { group_id = group, instrument_id = camera.Id, hours_allocated = 1 })).GetProperty("id").GetInt32();
        var filter = await site.FilterAsync(admin, group, "ZTF Public", Expression(objects));
        return new Scene(group, admin, member, filter, allocation);
    }

    private sealed record Scene(int Group, TestClient Admin, TestClient Member, int Filter, int Allocation);
}
