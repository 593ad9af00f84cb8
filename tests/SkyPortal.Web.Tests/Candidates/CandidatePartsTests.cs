using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>What replies about candidates carry: the parts that were asked for, in their wire form.</summary>
public sealed class CandidatePartsTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] OneKeys =
    [
        "ra_dis", "redshift_error", "mag_nearest_source", "tns_info", "modified", "id", "redshift_origin", "e_mag_nearest_source", "score",
        "created_at", "dec_dis", "redshift_history", "transient", "ra", "dec", "ra_err", "host_id", "varstar", "origin", "dec_err", "summary",
        "is_roid", "alias", "offset", "summary_history", "mpc_name", "healpix", "t0", "altdata", "tns_name", "redshift", "dist_nearest_source",
        "detect_photometry_count", "photstats", "thumbnails", "internal_key", "associated_objs", "annotations", "is_source", "last_detected_at",
        "gal_lon", "gal_lat", "luminosity_distance", "dm", "angular_diameter_distance",
    ];

    private static readonly string[] GroupKeys =
        ["auto_accept_requests", "created_at", "description", "id", "modified", "name", "nickname", "private", "single_user_group"];

    private static readonly string[] PartKeys = ["comments", "filter_ids", "followup_requests", "passing_alerts", "photometry", "spectra"];

    private const string AllParts = "includeAlerts=true&includePhotometry=true&includeSpectra=true&includeComments=true&includeFollowupRequests=true";

    [Fact]
    public async Task Get_WithoutParts_HasTheKeysOfTheReferenceAndNoOthers()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var id = await scene.PassAsync("Plain");

        var one = await scene.Member.GetAsync($"/api/candidates/{id}");
        var bare = await scene.Member.GetAsync($"/api/candidates/{id}?includeAssociatedObjs=false");
        await scene.Member.PostAsync("/api/sources", new { id, group_ids = new[] { scene.Group } });
        var saved = await scene.Member.GetAsync($"/api/candidates/{id}");

        Assert.Equal(OneKeys.Order(StringComparer.Ordinal), CandidateScene.Keys(one));
        Assert.Equal(0, one.GetProperty("is_source").GetInt32());
        Assert.Equal(OneKeys.Except(["associated_objs"]).Order(StringComparer.Ordinal), CandidateScene.Keys(bare));
        Assert.Equal(1, saved.GetProperty("is_source").GetInt32());
        Assert.Equal(GroupKeys, CandidateScene.Keys(saved.GetProperty("saved_groups").EnumerateArray().Single()));
        Assert.Equal(0, saved.GetProperty("classifications").GetArrayLength());
    }

    [Fact]
    public async Task List_AllParts_AreThereAndInTheFormOfTheirOwnRoutes()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (empty, full) = (await scene.PassAsync("Empty", "2026-11-20T01:00:00"), await scene.PassAsync("Full", "2026-11-20T02:00:00"));
        await scene.PassAsync("Full", "2026-11-20T03:00:00");
        var point = await scene.PointAsync(full);
        await scene.Member.PostAsync($"/api/sources/{full}/comments", new { text = "first", group_ids = new[] { scene.Group } });
        await scene.Member.PostAsync($"/api/sources/{full}/comments", new { text = "second", group_ids = new[] { scene.Group } });

        var items = (await scene.ListAsync(AllParts)).GetProperty("candidates").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);
        var route = (await scene.Member.GetAsync($"/api/sources/{full}/photometry?format=both"))[0];

        Assert.All(items.Values, item => Assert.Empty(PartKeys.Except(CandidateScene.Keys(item))));
        var photometry = items[full].GetProperty("photometry").EnumerateArray().Single();
        Assert.Equal(CandidateScene.Keys(route).Append("instrument").Order(StringComparer.Ordinal), CandidateScene.Keys(photometry));
        Assert.Equal(point, photometry.GetProperty("id").GetInt64());
        Assert.Equal(100, photometry.GetProperty("flux").GetDouble(), 9);
        Assert.Equal($"camera {scene.Mark}", photometry.GetProperty("instrument").GetProperty("name").GetString());
        Assert.Equal(["second", "first"], items[full].GetProperty("comments").EnumerateArray().Select(row => row.GetProperty("text").GetString()));
        Assert.Equal([scene.Filter], items[full].GetProperty("filter_ids").EnumerateArray().Select(row => row.GetInt32()));
        Assert.Equal(
            ["2026-11-20T03:00:00", "2026-11-20T02:00:00"], items[full].GetProperty("passing_alerts").EnumerateArray().Select(row => row.GetProperty("passed_at").GetString()));
        Assert.Equal(["filter_id", "passed_at", "passing_alert_id"], CandidateScene.Keys(items[full].GetProperty("passing_alerts")[0]));
        Assert.Equal(0, items[empty].GetProperty("photometry").GetArrayLength());
        Assert.Equal(0, items[empty].GetProperty("spectra").GetArrayLength());
    }

    [Fact]
    public async Task Get_WithPhotometry_CarriesTheAnnotationsOfPoints()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var id = await scene.PassAsync("Points");
        var point = await scene.PointAsync(id);
        await scene.Member.PostAsync($"/api/photometry/{point}/annotations", new { origin = "bot", data = new { quality = 1 } });

        var one = await scene.Member.GetAsync($"/api/candidates/{id}?{AllParts}");

        var annotation = one.GetProperty("photometry")[0].GetProperty("annotations").EnumerateArray().Single();
        Assert.Equal(["author_id", "created_at", "data", "id", "modified", "obj_id", "origin", "photometry_id"], CandidateScene.Keys(annotation));
        Assert.Equal(1, one.GetProperty("passing_alerts").GetArrayLength());
    }

    [Fact]
    public async Task Parts_OfOtherGroups_AreNotTold()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (group, filter) = await CandidateScene.GroupAsync(scene.Admin, $"other {scene.Mark}", scene.Stream);
        var id = await scene.PassAsync("Shared", filters: [scene.Filter, filter]);
        await scene.PointAsync(id, group: group);
        await scene.Admin.PostAsync($"/api/sources/{id}/comments", new { text = "secret", group_ids = new[] { group } });
        await scene.Admin.PostAsync($"/api/sources/{id}/annotations", new { origin = "secret", data = new { value = 1 }, group_ids = new[] { group } });

        foreach (var item in new[] { await scene.Member.GetAsync($"/api/candidates/{id}?{AllParts}"), (await scene.ListAsync(AllParts)).GetProperty("candidates")[0] })
        {
            Assert.Equal([scene.Filter], item.GetProperty("filter_ids").EnumerateArray().Select(row => row.GetInt32()));
            Assert.Equal(0, item.GetProperty("photometry").GetArrayLength());
            Assert.Equal(0, item.GetProperty("photstats").GetArrayLength());
            Assert.Equal(0, item.GetProperty("comments").GetArrayLength());
            Assert.Equal(0, item.GetProperty("annotations").GetArrayLength());
            Assert.Equal(JsonValueKind.Null, item.GetProperty("last_detected_at").ValueKind);
        }
    }
}
