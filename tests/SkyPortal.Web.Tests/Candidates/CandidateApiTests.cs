using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Candidates over the wire: posting, listing with every condition, and what an outsider sees.</summary>
public sealed class CandidateApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] ItemKeys =
    [
        "ra_dis", "redshift_error", "mag_nearest_source", "tns_info", "modified", "id", "redshift_origin", "e_mag_nearest_source", "score",
        "created_at", "dec_dis", "redshift_history", "transient", "ra", "dec", "ra_err", "host_id", "varstar", "origin", "dec_err", "summary",
        "is_roid", "alias", "offset", "summary_history", "mpc_name", "healpix", "t0", "altdata", "tns_name", "redshift", "dist_nearest_source",
        "detect_photometry_count", "photstats", "thumbnails", "is_source", "passing_group_ids", "internal_key", "associated_objs",
        "annotations", "last_detected_at", "gal_lon", "gal_lat", "luminosity_distance", "dm", "angular_diameter_distance", "tags",
    ];

    [Fact]
    public async Task Post_Twice_AnswersTheSameCandidate()
    {
        var scene = await SceneAsync();
        var body = Body(scene, "Twice1", "2026-11-20T01:00:00");

        var first = await scene.Admin.PostAsync("/api/candidates", body);
        var second = await scene.Admin.PostAsync("/api/candidates", body);

        Assert.Equal(first.GetProperty("ids").GetRawText(), second.GetProperty("ids").GetRawText());
    }

    [Fact]
    public async Task List_AsTheReference_HasItsKeysAndDerivedValues()
    {
        var scene = await SceneAsync();
        await scene.Admin.PostAsync("/api/candidates", Body(scene, "Keys1", "2026-11-20T01:00:00", redshift: 3));

        var data = await scene.Member.GetAsync($"/api/candidates?groupIDs={scene.Group}&numPerPage=5");

        Assert.Equal(1, data.GetProperty("totalMatches").GetInt32());
        var item = data.GetProperty("candidates")[0];
        Assert.Empty(ItemKeys.Except(item.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(26016.016, item.GetProperty("luminosity_distance").GetDouble(), 2);
        Assert.False(item.GetProperty("is_source").GetBoolean());
    }

    [Fact]
    public async Task List_NewestFirst_PagesAndRefusesBeyondTheEnd()
    {
        var scene = await SceneAsync();
        for (var i = 0; i < 5; i++)
        {
            await scene.Admin.PostAsync("/api/candidates", Body(scene, $"Page{scene.Group}-{i}", $"2026-11-20T0{i}:00:00"));
        }

        var first = await scene.Member.GetAsync($"/api/candidates?groupIDs={scene.Group}&numPerPage=2");
        var id = first.GetProperty("queryID").GetString();
        await scene.Admin.PostAsync("/api/candidates", Body(scene, $"Page{scene.Group}-late", "2026-11-20T09:00:00"));
        var second = await scene.Member.GetAsync($"/api/candidates?groupIDs={scene.Group}&numPerPage=2&pageNumber=2&queryID={id}");
        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/candidates?groupIDs={scene.Group}&numPerPage=2&pageNumber=9");

        Assert.Equal([$"Page{scene.Group}-4", $"Page{scene.Group}-3"], CandidateScene.Names(first));
        Assert.Equal([$"Page{scene.Group}-2", $"Page{scene.Group}-1"], CandidateScene.Names(second));
        Assert.Equal(400, status);
        Assert.Equal("Page number out of range.", envelope.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("savedStatus=notSavedToAnySelected", "b")]
    [InlineData("savedStatus=savedToAnySelected", "a")]
    [InlineData("minRedshift=0.5", "b")]
    [InlineData("maxRedshift=0.5", "a")]
    [InlineData("startDate=2026-11-20T02:30:00", "b")]
    [InlineData("endDate=2026-11-20T02:30:00", "a")]
    [InlineData("annotationFilterList={\"origin\":\"bot\",\"key\":\"drb\",\"min\":0.5,\"max\":1}", "a")]
    [InlineData("annotationFilterList={\"origin\":\"bot\",\"key\":\"kind\",\"value\":\"blue\"}", "a")]
    [InlineData("classifications=Ia", "a")]
    [InlineData("classificationsReject=Ia", "b")]
    [InlineData("sortByAnnotationOrigin=bot&sortByAnnotationKey=drb&sortByAnnotationOrder=desc", "a,b")]
    public async Task List_Condition_KeepsWhatMeetsIt(string query, string expected)
    {
        var scene = await SceneAsync();
        var (a, b) = ($"Cond{scene.Group}a", $"Cond{scene.Group}b");
        await scene.Admin.PostAsync("/api/candidates", Body(scene, a, "2026-11-20T02:00:00", redshift: 0.1));
        await scene.Admin.PostAsync("/api/candidates", Body(scene, b, "2026-11-20T03:00:00", redshift: 0.9));
        await scene.Member.PostAsync("/api/sources", new { id = a, group_ids = new[] { scene.Group } });
        await scene.Member.PostAsync($"/api/sources/{a}/annotations", new { origin = "bot", data = new { drb = 0.9, kind = "blue" } });
        var taxonomy = (await scene.Member.GetAsync("/api/taxonomy"))[0].GetProperty("id").GetInt32();
        await scene.Member.PostAsync("/api/classification", new { obj_id = a, classification = "Ia", taxonomy_id = taxonomy, group_ids = new[] { scene.Group } });

        var data = await scene.Member.GetAsync($"/api/candidates?groupIDs={scene.Group}&{query}");

        Assert.Equal(expected.Split(',').Select(name => $"Cond{scene.Group}{name}"), CandidateScene.Names(data));
        Assert.Equal(expected.Split(',').Length, data.GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task AnyRoute_Outsider_LearnsNothing()
    {
        var scene = await SceneAsync();
        var name = $"Hidden{scene.Group}";
        await scene.Admin.PostAsync("/api/candidates", Body(scene, name, "2026-11-20T01:00:00"));
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Group}");

        var list = await outsider.GetAsync($"/api/candidates?groupIDs={scene.Group}");
        var names = await outsider.GetAsync($"/api/candidates?nameOnly=true&objID={name}");
        var rows = await outsider.GetAsync($"/api/candidates_filter?groupIDs={scene.Group}");
        var one = await outsider.SendAsync(HttpMethod.Get, $"/api/candidates/{name}");
        var none = await outsider.SendAsync(HttpMethod.Get, "/api/candidates/NoSuchThing");
        var head = await outsider.SendAsync(HttpMethod.Head, $"/api/candidates/{name}");
        var delete = await outsider.SendAsync(HttpMethod.Delete, $"/api/candidates/{name}/{scene.Filter}");
        var post = await outsider.SendAsync(HttpMethod.Post, "/api/candidates", Body(scene, name, "2026-11-20T01:00:00"));

        Assert.Equal(0, list.GetProperty("totalMatches").GetInt32());
        Assert.Equal(0, names.GetProperty("candidates").GetArrayLength());
        Assert.Equal(0, rows.GetProperty("candidates").GetArrayLength());
        Assert.Equal(none.Envelope.GetRawText(), one.Envelope.GetRawText());
        Assert.Equal(404, head.Status);
        Assert.Equal(400, delete.Status);
        Assert.Equal(400, post.Status);
    }

    [Theory]
    [InlineData("{}", "id")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"filter_ids\":[1]}", "passed_at")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"never\",\"filter_ids\":[1]}", "passedAt")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\"}", "filter_ids")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[99999]}", "filter ID")]
    [InlineData("{\"id\":\"x1\",\"ra\":1e400,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1]}", "ra")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":123,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1]}", "dec")]
    [InlineData("{\"id\":\"x 1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1]}", "id")]
    [InlineData("{\"id\":\"x1\",\"nonsense\":1,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1]}", "nonsense")]
    [InlineData("{\"id\":\"x1\\n\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1]}", "id")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[]}", "filter ID")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[9999999999]}", "filter_ids")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1],\"passing_alert_id\":\"last\"}", "passing_alert_id")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":0,\"filter_ids\":[1]}", "passedAt")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"0001-01-01\",\"filter_ids\":[1]}", "passedAt")]
    [InlineData("{\"id\":\"x1\",\"ra\":1,\"dec\":2,\"passed_at\":\"2026-11-20\",\"filter_ids\":[1],\"altdata\":{\"a\":[\"\\u0000\"]}}", "altdata")]
    [InlineData("{\"id\":", "JSON")]
    [InlineData("[1,2]", "JSON")]
    public async Task Post_BadBody_NamesWhatIsWrong(string body, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/candidates", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static object Body(CandidateScene scene, string id, string passedAt, double? redshift = null) => new
    {
        id, ra = 234.22, dec = -22.33, redshift, transient = false, filter_ids = new[] { scene.Filter }, passed_at = passedAt, passing_alert_id = 123,
    };

    private Task<CandidateScene> SceneAsync() => CandidateScene.MakeAsync(site.Node);
}
