using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Facilities;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>Allocations over the API: their values, their secrets, and who may see and change them.</summary>
public sealed class AllocationTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Post_WithEverything_ComesBackWithoutItsSecrets()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var id = (await scene.Manager.PostAsync("/api/allocation", new
        {
            group_id = scene.Group, instrument_id = scene.Instrument, hours_allocated = 12.5, pi = "B. Person", proposal_id = "P7", types = new[] { "triggered", "observation_plan" },
            validity_ranges = new[] { new { start_date = "2026-01-01", end_date = "2026-02-01" } }, default_share_group_ids = new[] { scene.Group },
            allocation_admin_ids = new[] { scene.Member.UserId }, _altdata = FollowupScene.Api(),
        })).GetProperty("id").GetInt32();

        var one = (await scene.Member.GetAsync($"/api/allocation/{id}")).GetProperty("allocation");
        var listed = (await scene.Member.GetAsync($"/api/allocation?instrument_id={scene.Instrument}")).EnumerateArray().Single(row => row.GetProperty("id").GetInt32() == id);

        Assert.Equal((12.5, "B. Person", "P7"), (one.GetProperty("hours_allocated").GetDouble(), one.GetProperty("pi").GetString(), one.GetProperty("proposal_id").GetString()));
        Assert.Equal("2026-01-01", one.GetProperty("validity_ranges")[0].GetProperty("start_date").GetString());
        Assert.Equal(scene.Instrument, one.GetProperty("instrument").GetProperty("id").GetInt32());
        Assert.Equal("FT", one.GetProperty("telescope").GetProperty("nickname").GetString());
        Assert.True(one.GetProperty("ephemeris").TryGetProperty("sunset_utc", out _));
        Assert.Equal(scene.Member.UserId, Assert.Single(listed.GetProperty("allocation_users").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.DoesNotContain("altdata", $"{one}{listed}", StringComparison.Ordinal);
        Assert.DoesNotContain(FollowupScene.Token, $"{one}{listed}", StringComparison.Ordinal);
        await using var db = site.Node.Contexts.For(Viewer.System);
        var kept = await db.Set<Allocation>().SingleAsync(row => row.Id == id, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(FollowupScene.Token, kept.SealedAltdata!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_OtherEndpointWithoutTheToken_IsRefusedSoThatTheTokenGoesNowhereElse()
    {
        var scene = await FollowupScene.MakeAsync(site.Node, FollowupScene.Api());

        var (status, envelope) = await scene.Manager.SendAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", new { _altdata = new { endpoint = "https://elsewhere.example.org" } });
        await scene.Manager.DataAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", new { _altdata = new { endpoint = "https://elsewhere.example.org", api_token = "new" }, allocation_admin_ids = new[] { scene.Member.UserId } });
        await scene.Manager.DataAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", new { hours_allocated = 3 });

        Assert.Equal(400, status);
        Assert.Contains("api_token", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        var listed = Assert.Single((await scene.Member.GetAsync($"/api/allocation?instrument_id={scene.Instrument}")).EnumerateArray());
        Assert.Equal(3, listed.GetProperty("hours_allocated").GetDouble());
        Assert.Empty(listed.GetProperty("allocation_users").EnumerateArray());
    }

    [Fact]
    public async Task Put_FirstEndpointWithoutTheKeptToken_IsRefused()
    {
        var scene = await FollowupScene.MakeAsync(site.Node, new { notification_type = "email", email = "a@example.org", api_token = FollowupScene.Token });
        object Moved(string? token) => new { _altdata = new { notification_type = "API", endpoint = "https://elsewhere.example.org", api_token = token } };

        var (status, envelope) = await scene.Manager.SendAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", Moved(null));

        Assert.Equal(400, status);
        Assert.Contains("api_token: enter it again", Message((status, envelope)), StringComparison.Ordinal);
        await scene.Manager.DataAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", Moved("new"));
    }

    [Fact]
    public async Task Put_OtherInstrumentThatTheKeptSettingsDoNotFit_IsRefused()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        await using var db = site.Node.Contexts.For(Viewer.System);
        var plain = new Instrument { Name = $"No interface {scene.Group}", Type = "imager", TelescopeId = await db.Set<Instrument>().Where(row => row.Id == scene.Instrument).Select(row => row.TelescopeId).SingleAsync(TestContext.Current.CancellationToken) };
        db.Add(plain);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var id = (await scene.Manager.PostAsync("/api/allocation", new { group_id = scene.Group, instrument_id = plain.Id, hours_allocated = 1, _altdata = new { colour = "red" } })).GetProperty("id").GetInt32();

        var refused = await scene.Manager.SendAsync(HttpMethod.Put, $"/api/allocation/{id}", new { instrument_id = scene.Instrument });

        Assert.Equal(400, refused.Status);
        Assert.Contains("notification_type", Message(refused), StringComparison.Ordinal);
        await scene.Manager.DataAsync(HttpMethod.Put, $"/api/allocation/{id}", new { instrument_id = scene.Instrument, _altdata = FollowupScene.Api() });
    }

    [Fact]
    public async Task Put_SettingsAtTheSameTime_LosesNone()
    {
        var scene = await FollowupScene.MakeAsync(site.Node, new { notification_type = "email", email = "a@example.org" });

        await Task.WhenAll(Enumerable.Range(0, 6).Select(number => scene.Manager.DataAsync(
            HttpMethod.Put, $"/api/allocation/{scene.Allocation}", new { _altdata = new Dictionary<string, string> { [$"note{number}"] = "x" } })));

        await using var db = site.Node.Contexts.For(Viewer.System);
        var kept = await db.Set<Allocation>().Where(row => row.Id == scene.Allocation).Select(row => row.SealedAltdata).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(8, site.Node.Services.GetRequiredService<FacilityClasses>().Open(kept)!.Count);
    }

    [Fact]
    public async Task List_ByInterface_HoldsThoseThatCanDoIt()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);

        async Task<int> CountAsync(string query) => (await scene.Member.GetAsync($"/api/allocation?{query}")).GetArrayLength();

        Assert.Equal(1, await CountAsync("apiType=api_classname&apiImplements=delete"));
        Assert.Equal(0, await CountAsync("apiType=api_classname&apiImplements=get"));
        Assert.Equal(0, await CountAsync("apiType=api_classname_obsplan"));
        foreach (var wrong in new[] { "apiType=api", "apiImplements=submit", "apiType=api_classname&apiImplements=validate_altdata", "instrument_id=x" })
        {
            Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/allocation?{wrong}")).Status);
        }

        var form = (await scene.Member.GetAsync("/api/internal/instrument_forms")).GetProperty($"{scene.Instrument}");
        Assert.True(form.GetProperty("methodsImplemented").GetProperty("update").GetBoolean());
        Assert.Equal(["ztfg", "ztfr"], form.GetProperty("formSchema").GetProperty("properties").GetProperty("observation_choices").GetProperty("items").GetProperty("enum").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public async Task Outsider_SeesAndChangesNothing()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var elsewhere = await FollowupScene.MakeAsync(site.Node);
        var stranger = await ManagerAsync(elsewhere);

        Assert.DoesNotContain((await stranger.GetAsync("/api/allocation")).EnumerateArray(), row => row.GetProperty("id").GetInt32() == scene.Allocation);
        foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Get, null), (HttpMethod.Put, new { pi = "X" }), (HttpMethod.Delete, null) })
        {
            var hidden = await stranger.SendAsync(method, $"/api/allocation/{scene.Allocation}", body);
            var missing = await stranger.SendAsync(method, "/api/allocation/987654", body);
            Assert.Equal(400, hidden.Status);
            Assert.Equal(Message(missing).Replace("987654", $"{scene.Allocation}", StringComparison.Ordinal), Message(hidden));
        }

        Assert.Equal(400, (await stranger.SendAsync(HttpMethod.Post, "/api/allocation", new { group_id = scene.Group, instrument_id = scene.Instrument, hours_allocated = 1 })).Status);
        Assert.Equal(400, (await stranger.SendAsync(HttpMethod.Put, $"/api/allocation/{elsewhere.Allocation}", new { group_id = scene.Group })).Status);
        Assert.Equal(200, (await stranger.SendAsync(HttpMethod.Put, $"/api/allocation/{elsewhere.Allocation}", new { pi = "X" })).Status);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            Assert.Equal(401, (await scene.Member.SendAsync(method, $"/api/allocation/{scene.Allocation}", new { })).Status);
        }
    }

    [Fact]
    public async Task Values_ThatAreWrong_Answer400ThatNamesThem()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        (object Body, string Named)[] wrong =
        [
            (new { hours_allocated = -1 }, "hours_allocated"),
            (new { instrument_id = 987654 }, "instrument_id"),
            (new { group_id = 987654 }, "group_id"),
            (new { types = new[] { "other" } }, "types"),
            (new { validity_ranges = new[] { new { start_date = "2026-02-01", end_date = "2026-01-01" } } }, "validity_ranges"),
            (new { validity_ranges = new[] { new { start_date = "soon" } } }, "validity_ranges"),
            (new { allocation_admin_ids = new[] { 987654 } }, "allocation_admin_ids"),
            (new { default_share_group_ids = new[] { 987654 } }, "default_share_group_ids"),
            (new { _altdata = new { notification_type = "pigeon" } }, "notification_type"),
            (new { _altdata = new { notification_type = "API", endpoint = "ftp://a", api_token = "t" } }, "endpoint"),
            (new { _altdata = new { notification_type = "slack", slack_workspace = "a/b" } }, "slack_workspace"),
            (new { _altdata = new { notification_type = "email", email = "nobody" } }, "email"),
            (new { colour = "red" }, "colour"),
        ];

        foreach (var (body, named) in wrong)
        {
            var (status, envelope) = await scene.Manager.SendAsync(HttpMethod.Put, $"/api/allocation/{scene.Allocation}", body);
            Assert.Equal(400, status);
            Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    // A full user of one group who manages allocations.
    private async Task<TestServer.TestClient> ManagerAsync(FollowupScene scene)
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        var name = $"allocation-manager-{scene.Group}";
        var user = await site.Node.ClientAsync(name, Role.FullUser, (scene.Group, false));
        await db.Set<User>().Where(row => row.Id == user.UserId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Acls, new[] { Acl.ManageAllocations }), TestContext.Current.CancellationToken);
        return await site.Node.ClientAsync(name);
    }

    private static string Message((int Status, JsonElement Envelope) reply) => reply.Envelope.GetProperty("message").GetString()!;
}
