using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>One source over the API.</summary>
public sealed class SourceApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] ObjKeys =
    [
        "ra_dis", "redshift_error", "mag_nearest_source", "tns_info", "modified", "id", "redshift_origin", "e_mag_nearest_source", "score",
        "created_at", "dec_dis", "redshift_history", "transient", "ra", "dec", "ra_err", "host_id", "varstar", "origin", "dec_err", "summary",
        "is_roid", "alias", "offset", "summary_history", "mpc_name", "healpix", "t0", "altdata", "tns_name", "redshift", "dist_nearest_source",
        "detect_photometry_count", "internal_key", "followup_requests", "galaxies", "duplicates", "assignments", "annotations",
        "classifications", "gal_lat", "gal_lon", "luminosity_distance", "dm", "angular_diameter_distance", "ebv", "tags", "groups", "associated_objs",
    ];

    [Fact]
    public async Task SaveSource_NewObject_AnswersTheWholeSource()
    {
        var (group, member, outsider) = await TeamAsync("new");

        var saved = await member.PostAsync("/api/sources", new
        {
            id = "ZTF_new", ra = 234.22, dec = -22.33, redshift = 0.05, transient = true, ra_dis = 2.3,
            altdata = new { simbad = new { @class = "RRLyr" } }, group_ids = new[] { group },
        });
        var source = await member.GetAsync("/api/sources/ZTF_new");

        Assert.Equal("ZTF_new", saved.GetProperty("id").GetString());
        Assert.Equal([group], saved.GetProperty("saved_to_groups").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(ObjKeys.Order(), source.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(3120579787410559663, source.GetProperty("healpix").GetInt64());
        Assert.Equal(26.401343020728902, source.GetProperty("gal_lat").GetDouble(), 1e-4);
        Assert.Equal(345.9647872456891, source.GetProperty("gal_lon").GetDouble(), 1e-4);
        Assert.Equal(229.8806284648579, source.GetProperty("luminosity_distance").GetDouble(), 0.05);
        Assert.Equal(36.80751187885012, source.GetProperty("dm").GetDouble(), 1e-3);
        var history = Assert.Single(source.GetProperty("redshift_history").EnumerateArray());
        Assert.Equal(0.05, history.GetProperty("value").GetDouble());
        Assert.EndsWith("+00:00", history.GetProperty("set_at_utc").GetString());
        var savedGroup = Assert.Single(source.GetProperty("groups").EnumerateArray());
        Assert.Equal(
            ["active", "auto_accept_requests", "created_at", "description", "id", "modified", "name", "nickname", "private", "requested", "saved_at", "saved_by", "single_user_group"],
            savedGroup.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(
            ["affiliations", "bio", "contact_email", "contact_phone", "created_at", "expiration_date", "first_name", "id", "is_bot", "last_name", "modified", "oauth_uid", "username"],
            savedGroup.GetProperty("saved_by").EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(404, (await outsider.SendAsync(HttpMethod.Get, "/api/sources/ZTF_new")).Status);
        Assert.Equal(404, (await outsider.SendAsync(HttpMethod.Head, "/api/sources/ZTF_new")).Status);
        Assert.Equal(200, (await member.SendAsync(HttpMethod.Head, "/api/sources/ZTF_new")).Status);
    }

    [Theory]
    [InlineData("""{"id": "bad id!", "ra": "x", "dec": 1, "group_ids": [1]}""", "Invalid/missing parameters: {'ra'")]
    [InlineData("""{"id": "bad id!", "ra": 1, "dec": 1, "group_ids": [1]}""", "No spaces allowed in source ID")]
    [InlineData("""{"id": "bad!", "ra": 1, "dec": 1, "group_ids": [1]}""", "Only letters, numbers")]
    [InlineData("""{"id": "..", "ra": 1, "dec": 1, "group_ids": [1]}""", "means something else")]
    [InlineData("""{"id": "comments", "ra": 1, "dec": 1, "group_ids": [1]}""", "means something else")]
    [InlineData("""{"id": "nowhere", "group_ids": [1]}""", "RA must not be null for a new Obj")]
    [InlineData("""{"id": "nowhere", "ra": 1, "group_ids": [1]}""", "Declination must not be null for a new Obj")]
    [InlineData("""{"id": "nowhere", "ra": 1, "dec": 95}""", "'dec'")]
    [InlineData("""{"id": "nowhere", "ra": 1, "dec": 1, "group_ids": [99999]}""", "Cannot find group_id 99999. Please remove and try again.")]
    [InlineData("""{"id": "nowhere", "ra": 1, "dec": 1, "group_ids": []}""", "Invalid group_ids field")]
    [InlineData("""{"id": "nowhere", "ra": 1, "dec": 1, "colour": "red"}""", "{'colour': ['Unknown field.']}")]
    [InlineData("""{"ra": 1, "dec": 1}""", "id must be provided")]
    public async Task SaveSource_BadInput_SaysWhatIsWrong(string body, string reason)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/sources", body);

        Assert.Equal(400, status);
        Assert.StartsWith("Failed to post source: ", envelope.GetProperty("message").GetString());
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task GetSource_CalledExport_IsTheSource()
    {
        var (group, member, _) = await TeamAsync("export");
        await SaveAsync(await site.Node.AdminAsync(), "export", group);

        Assert.Equal("export", (await member.GetAsync("/api/sources/export")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task UnsaveSource_Saved_CanBeSavedAgain()
    {
        var (group, _, outsider) = await TeamAsync("unsave");
        var admin = await site.Node.AdminAsync();
        await SaveAsync(admin, "ZTF_unsave", group);

        Assert.Equal(401, (await outsider.SendAsync(HttpMethod.Delete, "/api/sources/ZTF_unsave", new { group_id = group })).Status);
        Assert.Equal(400, (await admin.SendAsync(HttpMethod.Delete, "/api/sources/ZTF_unsave", new { group_id = group.ToString() })).Status);
        await admin.DataAsync(HttpMethod.Delete, "/api/sources/ZTF_unsave", new { group_id = group });
        Assert.Equal(400, (await admin.SendAsync(HttpMethod.Delete, "/api/sources/ZTF_unsave", new { group_id = group })).Status);
        Assert.Empty((await admin.GetAsync("/api/sources/ZTF_unsave")).GetProperty("groups").EnumerateArray());
        await admin.PostAsync("/api/sources", new { id = "ZTF_unsave", group_ids = new[] { group } });

        Assert.Single((await admin.GetAsync("/api/sources/ZTF_unsave")).GetProperty("groups").EnumerateArray());
        Assert.Equal(["source.saved", "source.unsaved", "source.saved"], await EventsAsync("ZTF_unsave"));
    }

    [Fact]
    public async Task SaveSource_IgnoreIfInGroup_SavesToNeither()
    {
        var (first, _, _) = await TeamAsync("ignore-a");
        var (second, _, _) = await TeamAsync("ignore-b");
        var admin = await site.Node.AdminAsync();
        await SaveAsync(admin, "ZTF_ignore", first);

        var saved = await admin.PostAsync("/api/sources", new
        {
            id = "ZTF_ignore", group_ids = new[] { second },
            ignore_if_in_group_ids = new Dictionary<string, int[]> { [second.ToString()] = [first] },
        });

        Assert.Empty(saved.GetProperty("saved_to_groups").EnumerateArray());
    }

    [Fact]
    public async Task SaveSource_SaverWhoIsNoMember_WarnsAndCountsTheCaller()
    {
        var (group, member, outsider) = await TeamAsync("saver");
        var admin = await site.Node.AdminAsync();

        var mine = await admin.PostAsync("/api/sources", new
        {
            id = "ZTF_saver", ra = 1, dec = 1, group_ids = new[] { group },
            saver_per_group_id = new Dictionary<string, int> { [group.ToString()] = outsider.UserId },
        });
        await admin.PostAsync("/api/sources", new
        {
            id = "ZTF_saver2", ra = 1, dec = 1, group_ids = new[] { group },
            saver_per_group_id = new Dictionary<string, int> { [group.ToString()] = member.UserId },
        });

        Assert.Single(mine.GetProperty("warnings").EnumerateArray());
        Assert.Equal(member.UserId, (await admin.GetAsync("/api/sources/ZTF_saver2")).GetProperty("groups")[0].GetProperty("saved_by").GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task ChangeSource_Redshift_AddsToItsHistoryAndHoldsTheValueBefore()
    {
        var (group, member, outsider) = await TeamAsync("patch");
        await SaveAsync(member, "ZTF_patch", group);

        await member.DataAsync(HttpMethod.Patch, "/api/sources/ZTF_patch", new { redshift = 0.06, redshift_error = 0.001, summary = "bright" });
        var (outside, envelope) = await outsider.SendAsync(HttpMethod.Patch, "/api/sources/ZTF_patch", new { redshift = 1 });
        var (missing, missingEnvelope) = await outsider.SendAsync(HttpMethod.Patch, "/api/sources/ZTF_nothing", new { redshift = 1 });
        var source = await member.GetAsync("/api/sources/ZTF_patch");

        Assert.Equal((400, 400), (outside, missing));
        Assert.Equal(
            envelope.GetProperty("message").GetString()!.Replace("ZTF_patch", "X", StringComparison.Ordinal),
            missingEnvelope.GetProperty("message").GetString()!.Replace("ZTF_nothing", "X", StringComparison.Ordinal));
        Assert.Equal(0.06, source.GetProperty("redshift").GetDouble());
        Assert.Equal(0.001, source.GetProperty("redshift_history")[0].GetProperty("uncertainty").GetDouble());
        Assert.Equal("bright", source.GetProperty("summary_history")[0].GetProperty("summary").GetString());
        await using var db = site.Node.Contexts.For(Viewer.System);
        var change = await db.Set<OutboxEvent>().SingleAsync(item => item.Kind == "source.updated" && item.Subject == "ZTF_patch");
        Assert.Equal(JsonValueKind.Null, change.Payload!.Value.GetProperty("before").GetProperty("redshift").ValueKind);
        Assert.Equal(0.06, change.Payload!.Value.GetProperty("after").GetProperty("redshift").GetDouble());
    }

    [Fact]
    public async Task ShareSource_OtherGroup_IsOfferedAndAccepted()
    {
        var (first, member, _) = await TeamAsync("share-a");
        var (second, other, _) = await TeamAsync("share-b");
        await SaveAsync(member, "ZTF_share", first);

        await member.PostAsync("/api/source_groups", new { objId = "ZTF_share", inviteGroupIds = new[] { second }, unsaveGroupIds = Array.Empty<int>() });
        var pending = await other.GetAsync($"/api/sources?pendingOnly=true&group_ids={second}");
        await other.DataAsync(HttpMethod.Patch, "/api/source_groups/ZTF_share", new { groupID = second, active = true, requested = false });
        var accepted = await other.GetAsync("/api/sources/ZTF_share/groups");
        var (again, _) = await other.SendAsync(HttpMethod.Post, "/api/source_groups", new { objId = "ZTF_share", inviteGroupIds = new[] { second } });
        var (missing, _) = await other.SendAsync(HttpMethod.Post, "/api/source_groups", new { objId = "ZTF_nothing", inviteGroupIds = new[] { second } });
        await member.PostAsync("/api/source_groups", new { objId = "ZTF_share", unsaveGroupIds = new[] { first } });

        Assert.Equal(1, pending.GetProperty("totalMatches").GetInt32());
        Assert.Equal(second, Assert.Single(accepted.EnumerateArray()).GetProperty("id").GetInt32());
        Assert.Equal((400, 404), (again, missing));
        Assert.Empty((await member.GetAsync("/api/sources/ZTF_share")).GetProperty("groups").EnumerateArray());
    }

    [Fact]
    public async Task LabelSource_TwiceThenUnlabel_LeavesNone()
    {
        var (group, member, outsider) = await TeamAsync("label");
        await SaveAsync(member, "ZTF_label", group);

        await member.PostAsync("/api/sources/ZTF_label/labels", new { groupIds = new[] { group } });
        await member.PostAsync("/api/sources/ZTF_label/labels", new { groupIds = new[] { group } });
        var labelled = await member.GetAsync($"/api/sources?hasBeenLabelled=true&currentUserLabeller=true&includeLabellers=true&group_ids={group}");
        var (outside, _) = await outsider.SendAsync(HttpMethod.Post, "/api/sources/ZTF_label/labels", new { groupIds = new[] { group } });
        await member.DataAsync(HttpMethod.Delete, "/api/sources/ZTF_label/labels", new { groupIds = new[] { group } });

        Assert.Single(labelled.GetProperty("sources")[0].GetProperty("labellers").EnumerateArray());
        Assert.Equal(400, outside);
        Assert.Empty((await member.GetAsync("/api/sources/ZTF_label?includeLabellers=true")).GetProperty("labellers").EnumerateArray());
    }

    [Fact]
    public async Task GetSource_Neighbours_AreThoseOfTheViewerWithinFourArcseconds()
    {
        var (group, member, _) = await TeamAsync("near");
        var (hidden, _, _) = await TeamAsync("near-hidden");
        var admin = await site.Node.AdminAsync();
        await SaveAsync(admin, "ZTF_near1", group, 100, 10);
        await SaveAsync(admin, "ZTF_near2", group, 100, 10 + (3 / 3600.0));
        await SaveAsync(admin, "ZTF_near3", group, 100, 10 + (5 / 3600.0));
        await SaveAsync(admin, "ZTF_near4", hidden, 100, 10);

        var near = Assert.Single((await member.GetAsync("/api/sources/ZTF_near1")).GetProperty("duplicates").EnumerateArray());

        Assert.Equal("ZTF_near2", near.GetProperty("obj_id").GetString());
        Assert.Equal(3, near.GetProperty("separation").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task GetSource_WithEverything_HoldsCommentsAndFlags()
    {
        var (group, member, _) = await TeamAsync("full");
        await SaveAsync(member, "ZTF_full", group);
        await site.Node.Services.GetRequiredService<PostComment>().HandleAsync(
            await ViewerAsync(member), new NewComment("ZTF_full", "look", [group]), CancellationToken.None);

        var source = await member.GetAsync(
            "/api/sources/ZTF_full?includeComments=true&includeThumbnails=true&includePhotometry=true&includePhotometryExists=true&includeCommentExists=true"
            + "&includeSpectrumExists=true&includePeriodExists=true&includeDetectionStats=true&includeLabellers=true&includeColorMagnitude=true&includeCandidates=true");

        var comment = Assert.Single(source.GetProperty("comments").EnumerateArray());
        Assert.Equal(
            ["attachment_name", "author", "author_id", "bot", "channel", "created_at", "groups", "id", "modified", "obj_id", "origin", "system", "text"],
            comment.EnumerateObject().Select(field => field.Name).Order());
        Assert.StartsWith("https://secure.gravatar.com/avatar/", comment.GetProperty("author").GetProperty("gravatar_url").GetString());
        Assert.True(source.GetProperty("comment_exists").GetBoolean());
        Assert.False(source.GetProperty("photometry_exists").GetBoolean());
        Assert.False(source.GetProperty("period_exists").GetBoolean());
        Assert.All(["thumbnails", "photometry", "photstats", "labellers", "color_magnitude", "candidates"], part =>
            Assert.Empty(source.GetProperty(part).EnumerateArray()));
    }

    [Fact]
    public async Task SourceExists_ByNameAndPlace_TellsOnlyWhatTheViewerSees()
    {
        var (group, member, outsider) = await TeamAsync("exists");
        await SaveAsync(member, "ZTF_exists", group, 200, 20);

        var named = await member.GetAsync("/api/source_exists/ZTF_exists");
        var placed = await member.GetAsync("/api/source_exists?ra=200&dec=20&radius=0.001");
        var hidden = await outsider.GetAsync("/api/source_exists/ZTF_exists");
        var hiddenPlace = await outsider.GetAsync("/api/source_exists?ra=200&dec=20&radius=0.001");

        Assert.True(named.GetProperty("source_exists").GetBoolean());
        Assert.Equal("A source with the name ZTF_exists already exists.", named.GetProperty("message").GetString());
        Assert.Contains("ZTF_exists", placed.GetProperty("message").GetString());
        Assert.False(hidden.GetProperty("source_exists").GetBoolean());
        Assert.False(hiddenPlace.GetProperty("source_exists").GetBoolean());
        Assert.Equal(400, (await member.SendAsync(HttpMethod.Get, "/api/source_exists")).Status);
    }

    [Fact]
    public async Task DeleteObj_Administrator_DeletesWhatIsBare()
    {
        var (group, member, _) = await TeamAsync("delete");
        var admin = await site.Node.AdminAsync();
        await SaveAsync(member, "ZTF_delete", group);
        await site.Node.Services.GetRequiredService<PostComment>().HandleAsync(
            await ViewerAsync(member), new NewComment("ZTF_delete", "keep me", [group]), CancellationToken.None);
        await SaveAsync(member, "ZTF_bare", group);

        var (notAllowed, _) = await member.SendAsync(HttpMethod.Delete, "/api/objs/ZTF_bare");
        var (busy, envelope) = await admin.SendAsync(HttpMethod.Delete, "/api/objs/ZTF_delete");
        await admin.DataAsync(HttpMethod.Delete, "/api/objs/ZTF_bare");

        Assert.Equal((400, 400), (notAllowed, busy));
        Assert.Contains("Please remove all associated comments", envelope.GetProperty("message").GetString());
        Assert.Equal(404, (await admin.SendAsync(HttpMethod.Get, "/api/sources/ZTF_bare")).Status);
    }

    private static Task<JsonElement> SaveAsync(TestClient client, string id, int group, double ra = 150, double dec = 2) =>
        client.PostAsync("/api/sources", new { id, ra, dec, group_ids = new[] { group } });

    private async Task<Viewer> ViewerAsync(TestClient client) =>
        (await site.Node.Services.GetRequiredService<Infrastructure.Access.ReadViewer>().ByTokenAsync(client.Token, CancellationToken.None)).Viewer!;

    private async Task<List<string>> EventsAsync(string objId)
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        return await db.Set<OutboxEvent>().Where(item => item.Subject == objId).OrderBy(item => item.Id).Select(item => item.Kind).ToListAsync();
    }

    private Task<(int Group, TestClient Member, TestClient Outsider)> TeamAsync(string name) => Team.MakeAsync(site.Node, name);
}
