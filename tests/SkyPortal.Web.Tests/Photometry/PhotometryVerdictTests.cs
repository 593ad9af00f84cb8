using System.Text.Json;
using SkyPortal.Domain.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Validations of points, and statistics of many objects beside each other.</summary>
public sealed class PhotometryVerdictTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Validation_PostedChangedRemoved_IsOnThePoint()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var point = (await scene.PostAsync([58000, 58001]))[0];
        var path = $"/api/photometry/{point}/validation";

        var (before, envelope) = await scene.Admin.SendAsync(HttpMethod.Patch, path, new { validated = true });
        var id = (await scene.Admin.PostAsync(path, new { validated = true, explanation = "good", magsys = "ab" })).GetProperty("id").GetInt64();
        var again = (await scene.Admin.PostAsync(path, new { validated = "rejected", notes = "a ghost" })).GetProperty("id").GetInt64();
        var rows = (await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry?includeValidationInfo=true")).EnumerateArray().ToList();
        var one = (await scene.Member.GetAsync($"/api/photometry/{point}?includeValidationInfo=true")).GetProperty("validations")[0];
        var plain = await scene.Member.GetAsync($"/api/photometry/{point}");
        await scene.Admin.DataAsync(HttpMethod.Patch, path, new { validated = (bool?)null });
        var unsure = (await scene.Member.GetAsync($"/api/photometry/{point}?includeValidationInfo=true")).GetProperty("validations")[0];
        var removed = (await scene.Admin.DataAsync(HttpMethod.Delete, path)).GetProperty("id").GetInt64();
        var (gone, goneEnvelope) = await scene.Admin.SendAsync(HttpMethod.Delete, path);

        Assert.Equal((400, "Photometry is not validated/rejected"), (before, PhotometryScene.Message(envelope)));
        Assert.Equal((id, id), (again, removed));
        Assert.Equal(["created_at", "explanation", "id", "modified", "notes", "photometry_id", "validated", "validator_id"], PhotometryScene.Keys(one));
        Assert.Equal([1, 0], rows.Select(row => row.GetProperty("validations").GetArrayLength()));
        Assert.False(one.GetProperty("validated").GetBoolean());
        Assert.Equal(("good", "a ghost"), (one.GetProperty("explanation").GetString(), one.GetProperty("notes").GetString()));
        Assert.False(plain.TryGetProperty("validations", out _));
        Assert.Equal(JsonValueKind.Null, unsure.GetProperty("validated").ValueKind);
        Assert.Equal((400, "Photometry is not validated/rejected"), (gone, PhotometryScene.Message(goneEnvelope)));
    }

    [Theory]
    [InlineData("{}", "validated: Field required")]
    [InlineData("{\"validated\":\"perhaps\"}", "validated")]
    [InlineData("{\"validated\":7}", "validated")]
    [InlineData("{\"validated\":true,\"notes\":5}", "notes")]
    [InlineData("{\"validated\":true,\"magsys\":\"nosuch\"}", "magsys")]
    [InlineData("{\"validated\":true,\"other\":1}", "other")]
    public async Task Validation_WrongBody_Answers400ThatNamesIt(string body, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var point = (await scene.PostAsync([58000]))[0];

        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Post, $"/api/photometry/{point}/validation", body);

        Assert.Equal(400, status);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validation_OfADeletedPoint_IsGone()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var point = (await scene.PostAsync([58000]))[0];
        await scene.Admin.PostAsync($"/api/photometry/{point}/validation", new { validated = true });

        await scene.Admin.DataAsync(HttpMethod.Delete, $"/api/photometry/{point}");

        await using var command = site.Node.Contexts.DataSource.CreateCommand($"select count(*) from photometry_validations where photometry_id = {point}");
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Validation_Outsider_LearnsNothing()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var point = (await scene.PostAsync([58000]))[0];
        await scene.Admin.PostAsync($"/api/photometry/{point}/validation", new { validated = true });
        var outsider = await site.Node.ClientAsync($"validator-{scene.Mark}", Role.GroupAdmin);

        foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Post, new { validated = false }), (HttpMethod.Patch, new { validated = false }), (HttpMethod.Delete, null) })
        {
            var (status, envelope) = await outsider.SendAsync(method, $"/api/photometry/{point}/validation", body);
            var (plain, _) = await scene.Outsider.SendAsync(method, $"/api/photometry/{point}/validation", body);
            var (missing, missingEnvelope) = await outsider.SendAsync(method, "/api/photometry/99999999/validation", body);
            Assert.Equal(status, missing);
            Assert.Equal(PhotometryScene.Message(missingEnvelope).Replace("99999999", $"{point}", StringComparison.Ordinal), PhotometryScene.Message(envelope));
            Assert.True(status is 400 or 401 && plain is 400 or 401);
        }
    }

    [Fact]
    public async Task Aggregate_TwoOrThreeFields_GivesASavedObjectOnce()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000, 58001]);
        var query = $"xField=num_obs_global&yField=peak_mag_global&obj_ids={scene.ObjId},{scene.OtherId}";

        var fields = await scene.Member.GetAsync("/api/phot_stats/aggregate");
        var two = await scene.Member.GetAsync($"/api/phot_stats/aggregate?{query}&group_id={scene.GroupId}");
        var three = await scene.Member.GetAsync($"/api/phot_stats/aggregate?{query}&zField=rise_rate");
        var classified = await scene.Member.GetAsync($"/api/phot_stats/aggregate?{query}&classifications=SN");
        var all = await scene.Admin.GetAsync("/api/phot_stats/aggregate?xField=num_obs_global&yField=num_obs_global&maxMatches=1");

        Assert.Equal(["count", "fields", "points", "truncated"], PhotometryScene.Keys(fields));
        Assert.Equal((15, 0), (fields.GetProperty("fields").GetArrayLength(), fields.GetProperty("points").GetArrayLength()));
        var point = two.GetProperty("points").EnumerateArray().Single();
        Assert.Equal(["classification", "dec", "first_detected_mjd", "id", "peak_mjd", "ra", "redshift", "tns_discovery_date", "x", "y"], PhotometryScene.Keys(point));
        Assert.Equal((scene.ObjId, 2.0), (point.GetProperty("id").GetString(), point.GetProperty("x").GetDouble()));
        Assert.True(three.GetProperty("points")[0].TryGetProperty("z", out _));
        Assert.Equal(0, classified.GetProperty("count").GetInt32());
        Assert.Equal(1, all.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("xField=password", "Invalid xField: password")]
    [InlineData("xField=rise_rate&yField=obj_id", "Invalid yField: obj_id")]
    [InlineData("xField=rise_rate&yField=rise_rate&zField=1", "Invalid zField: 1")]
    [InlineData("maxMatches=0", "maxMatches")]
    [InlineData("maxMatches=100001", "maxMatches")]
    [InlineData("group_id=99999", "group_id")]
    [InlineData("classificationProbThreshold=x", "classificationProbThreshold")]
    public async Task Aggregate_WrongQuery_Answers400ThatNamesIt(string query, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/phot_stats/aggregate?{query}");

        Assert.Equal(400, status);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aggregate_HiddenPointsOrOutsider_GivesNothing()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000]);
        await scene.PostAsync([58005], withGroup: false);
        var query = $"/api/phot_stats/aggregate?xField=num_obs_global&yField=last_detected_mjd&obj_ids={scene.ObjId}";

        Assert.Equal(1, (await scene.Member.GetAsync(query)).GetProperty("count").GetInt32());
        Assert.Equal(0, (await scene.Colleague.GetAsync(query)).GetProperty("count").GetInt32());
        Assert.Equal(0, (await scene.Outsider.GetAsync(query)).GetProperty("count").GetInt32());
        Assert.Equal(400, (await scene.Outsider.SendAsync(HttpMethod.Get, $"{query}&group_id={scene.GroupId}")).Status);
    }
}
