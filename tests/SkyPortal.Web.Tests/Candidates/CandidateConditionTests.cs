using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>The conditions of the list of candidates that speak of points, detections, saves and annotations.</summary>
public sealed class CandidateConditionTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("photometryAnnotationsFilter=quality", "a,b")]
    [InlineData("photometryAnnotationsFilter=quality:0.5:gt", "a")]
    [InlineData("photometryAnnotationsFilter=quality:0.5:le", "b")]
    [InlineData("photometryAnnotationsFilter=quality:0.9:eq", "a")]
    [InlineData("photometryAnnotationsFilter=quality:0.9:ne", "a,b")]
    [InlineData("photometryAnnotationsFilter=kind:blue:eq", "a")]
    [InlineData("photometryAnnotationsFilter=good:true:eq", "a")]
    [InlineData("photometryAnnotationsFilter=quality:0.5:gt,kind:blue:eq", "a")]
    [InlineData("photometryAnnotationsFilter=quality:0.5:lt,kind:blue:eq", "")]
    [InlineData("photometryAnnotationsFilter=huge:1:gt", "b")]
    [InlineData("photometryAnnotationsFilter=nothing", "")]
    [InlineData("photometryAnnotationsFilterOrigin=BOT", "a")]
    [InlineData("photometryAnnotationsFilterOrigin=person,bot", "a,b")]
    [InlineData("photometryAnnotationsFilterBefore=2020-01-01", "")]
    [InlineData("photometryAnnotationsFilterAfter=2020-01-01", "a,b")]
    [InlineData("photometryAnnotationsFilter=quality&photometryAnnotationsFilterMinCount=2", "a")]
    [InlineData("photometryAnnotationsFilter=quality&photometryAnnotationsFilterMinCount=3", "")]
    [InlineData("photometryAnnotationsFilterMinCount=2", "a,b,c")]
    public async Task AnnotationsOfPoints_Condition_KeepsWhatMeetsIt(string query, string expected)
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (a, b, _) = (await scene.PassAsync("a", "2026-11-20T03:00:00"), await scene.PassAsync("b", "2026-11-20T02:00:00"), await scene.PassAsync("c"));
        await AnnotateAsync(scene, await scene.PointAsync(a, 61000), "bot", """{"quality": 0.9, "kind": "blue", "good": true}""");
        await AnnotateAsync(scene, await scene.PointAsync(a, 61001), "bot", """{"quality": 0.7}""");
        await AnnotateAsync(scene, await scene.PointAsync(b), "person", """{"quality": 0.1, "kind": "red", "good": false, "huge": 1e300}""");

        var data = await scene.ListAsync(query);

        string[] names = expected.Length == 0 ? [] : [.. expected.Split(',').Select(name => name + scene.Mark)];
        Assert.Equal(names, CandidateScene.Names(data));
        Assert.Equal(names.Length, data.GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task AnnotationsOfPoints_HiddenFromTheCaller_DoNotCount()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (group, _) = await CandidateScene.GroupAsync(scene.Admin, $"other {scene.Mark}", scene.Stream);
        var (points, annotations) = (await scene.PassAsync("points"), await scene.PassAsync("annotations"));
        await AnnotateAsync(scene, await scene.PointAsync(points, group: group), "bot", """{"quality": 1}""", scene.Group);
        await AnnotateAsync(scene, await scene.PointAsync(annotations), "bot", """{"quality": 1}""", group);

        Assert.Equal(0, (await scene.ListAsync("photometryAnnotationsFilter=quality")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(2, (await scene.ListAsync("photometryAnnotationsFilter=quality", scene.Admin)).GetProperty("totalMatches").GetInt32());
    }

    [Theory]
    [InlineData("firstDetectionAfter=2025-11-01", "two")]
    [InlineData("lastDetectionBefore=2025-11-01", "one")]
    [InlineData("numberDetections=1", "two,one")]
    [InlineData("numberDetections=2", "two")]
    [InlineData("numberDetections=2&requireDetections=false", "two,one,none")]
    [InlineData("numberDetections=1&excludeForcedPhotometry=true", "two,one")]
    public async Task Detections_Condition_KeepsWhatMeetsIt(string query, string expected)
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (two, one, _) = (await scene.PassAsync("two", "2026-11-20T03:00:00"), await scene.PassAsync("one", "2026-11-20T02:00:00"), await scene.PassAsync("none"));
        await scene.PointAsync(two, 61000);
        await scene.PointAsync(two, 61001);
        await scene.PointAsync(one, 60900);

        var data = await scene.ListAsync(query);

        Assert.Equal(expected.Split(',').Select(name => name + scene.Mark), CandidateScene.Names(data));
    }

    [Fact]
    public async Task Detections_HiddenFromTheCaller_DoNotCount()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (group, _) = await CandidateScene.GroupAsync(scene.Admin, $"other {scene.Mark}", scene.Stream);
        await scene.PointAsync(await scene.PassAsync("secret"), group: group);

        Assert.Equal(0, (await scene.ListAsync("numberDetections=1")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(1, (await scene.ListAsync("numberDetections=1", scene.Admin)).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task Annotation_BeyondDoublePrecision_DoesNotBreakTheList()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (huge, fine) = (await scene.PassAsync("huge"), await scene.PassAsync("fine", "2026-11-20T02:00:00"));
        await scene.Admin.PostAsync($"/api/sources/{huge}/annotations", $$"""{"origin": "bot", "data": {"v": 1}, "group_ids": [{{scene.Group}}]}""");
        // The API refuses such a number; a row of another origin may still hold one.
        await using (var command = site.Node.Contexts.DataSource.CreateCommand("update annotations set data = '{\"v\": 1e400}' where obj_id = $1"))
        {
            command.Parameters.AddWithValue(huge);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await scene.Admin.PostAsync($"/api/sources/{fine}/annotations", $$"""{"origin": "bot", "data": {"v": 0.5}, "group_ids": [{{scene.Group}}]}""");

        var data = await scene.ListAsync("annotationFilterList={\"origin\":\"bot\",\"key\":\"v\",\"min\":0.5,\"max\":\"1\"}");

        Assert.Equal([fine], CandidateScene.Names(data));
    }

    [Theory]
    [InlineData("asc", "low,high,null,keyless,bare")]
    [InlineData("desc", "high,low,null,keyless,bare")]
    [InlineData("anything", "low,high,null,keyless,bare")]
    public async Task Sort_ByAnnotation_PutsThoseOfTheOriginFirstAndNullsLast(string order, string expected)
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        await scene.PassAsync("bare", "2026-11-20T09:00:00");
        foreach (var (name, data, hour) in new[] { ("low", """{"v": 1}""", 1), ("high", """{"v": 2}""", 2), ("keyless", """{"w": 2}""", 3), ("null", """{"v": null}""", 4) })
        {
            var id = await scene.PassAsync(name, $"2026-11-20T0{hour}:00:00");
            await scene.Admin.PostAsync($"/api/sources/{id}/annotations", $$"""{"origin": "bot", "data": {{data}}, "group_ids": [{{scene.Group}}]}""");
        }

        var list = await scene.ListAsync($"sortByAnnotationOrigin=bot&sortByAnnotationKey=v&sortByAnnotationOrder={order}");

        Assert.Equal(expected.Split(',').Select(name => name + scene.Mark), CandidateScene.Names(list));
    }

    [Theory]
    [InlineData("savedToAllSelected", "both")]
    [InlineData("savedToAnySelected", "both,first")]
    [InlineData("savedToAnyAccessible", "both,first")]
    [InlineData("notSavedToAnyAccessible", "undone,never")]
    [InlineData("notSavedToAnySelected", "undone,never")]
    [InlineData("notSavedToAllSelected", "first,undone,never")]
    [InlineData("all", "both,first,undone,never")]
    public async Task SavedStatus_OfTheChosenGroups_CountsActiveSavesOnly(string status, string expected)
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var second = (await scene.Admin.PostAsync("/api/groups", new { name = $"second {scene.Mark}", group_admins = new[] { scene.Admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync($"both-{scene.Mark}", Role.FullUser, (scene.Group, false), (second, false));
        await scene.PassAsync("never", "2026-11-20T01:00:00");
        foreach (var (name, hour, groups) in new[] { ("undone", 2, new[] { scene.Group }), ("first", 3, [scene.Group]), ("both", 4, [scene.Group, second]) })
        {
            var id = await scene.PassAsync(name, $"2026-11-20T0{hour}:00:00");
            await member.PostAsync("/api/sources", new { id, group_ids = groups });
        }

        await scene.Admin.PostAsync("/api/source_groups", new { objId = $"undone{scene.Mark}", unsaveGroupIds = new[] { scene.Group } });

        var list = await member.GetAsync($"/api/candidates?groupIDs={scene.Group},{second}&savedStatus={status}");
        var rows = await member.GetAsync($"/api/candidates_filter?groupIDs={scene.Group},{second}&savedStatus={status}");

        Assert.Equal(expected.Split(',').Select(name => name + scene.Mark), CandidateScene.Names(list));
        Assert.Equal(
            expected.Split(',').Reverse().Select(name => name + scene.Mark),
            rows.GetProperty("candidates").EnumerateArray().Select(row => row.GetProperty("obj_id").GetString()));
        Assert.Equal(expected.Split(',').Length, rows.GetProperty("totalMatches").GetInt32());
    }

    [Theory]
    [InlineData("groupIDs=one", "groupIDs")]
    [InlineData("groupIDs=,", "groupIDs")]
    [InlineData("filterIDs=1.5", "filterIDs")]
    [InlineData("savedStatus=never", "savedStatus: never")]
    [InlineData("startDate=never", "startDate")]
    [InlineData("endDate=32", "endDate")]
    [InlineData("minRedshift=high", "minRedshift")]
    [InlineData("maxRedshift=NaN", "maxRedshift")]
    [InlineData("listName=a%00b", "listName")]
    [InlineData("annotationFilterList={", "Could not parse JSON objects for annotation filtering")]
    [InlineData("annotationFilterList={\"origin\":\"a\"}", "\"key\"")]
    [InlineData("annotationFilterList={\"key\":\"a\"}", "\"origin\"")]
    [InlineData("annotationFilterList={\"origin\":\"a\",\"key\":\"b\",\"min\":1}", "\"max\"")]
    [InlineData("annotationFilterList={\"origin\":\"a\",\"key\":\"b\",\"min\":1e999,\"max\":1}", "min")]
    [InlineData("annotationFilterList=1", "\"origin\"")]
    [InlineData("annotationExcludeOrigin=a", "annotationExcludeOrigin is no longer supported")]
    [InlineData("annotationExcludeOutdatedDate=2026-01-01", "annotationExcludeOutdatedDate is no longer supported")]
    [InlineData("photometryAnnotationsFilter=a:b", "photometryAnnotationsFilter")]
    [InlineData("photometryAnnotationsFilter=a:1:over", "operator: over")]
    [InlineData("photometryAnnotationsFilterBefore=never", "photometryAnnotationsFilterBefore")]
    [InlineData("photometryAnnotationsFilterAfter=never", "photometryAnnotationsFilterAfter")]
    [InlineData("photometryAnnotationsFilterMinCount=few", "photometryAnnotationsFilterMinCount")]
    [InlineData("photometryAnnotationsFilterMinCount=0", "photometryAnnotationsFilterMinCount")]
    [InlineData("firstDetectionAfter=never", "firstDetectionAfter")]
    [InlineData("lastDetectionBefore=never", "lastDetectionBefore")]
    [InlineData("numberDetections=1.5", "numberDetections")]
    [InlineData("sortByAnnotationOrigin=a", "sortByAnnotationKey")]
    [InlineData("autosaveGroupIds=a", "autosaveGroupIds")]
    [InlineData("pageNumber=one", "Invalid page number value.")]
    [InlineData("pageNumber=0", "Page number must be greater than 0.")]
    [InlineData("numPerPage=many", "Invalid numPerPage value.")]
    [InlineData("numPerPage=0", "numPerPage must be greater than 0.")]
    [InlineData("pageNumber=2", "Page number out of range.")]
    [InlineData("localizationDateobs=never", "localizationDateobs")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00", "firstDetectionAfter, lastDetectionBefore and numberDetections")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00&firstDetectionAfter=2026-11-20&lastDetectionBefore=2026-11-19&numberDetections=1", "firstDetectionAfter must be before")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00&firstDetectionAfter=2006-11-20&lastDetectionBefore=2026-11-19&numberDetections=1", "less than 3720 days")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00&firstDetectionAfter=2026-11-18&lastDetectionBefore=2026-11-19&numberDetections=1", "Localization of 2026-11-20T00:00:00 not found")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00&requireDetections=false&localizationName=bayestar", "Localization bayestar of 2026-11-20T00:00:00 not found")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00&requireDetections=false&localizationCumprob=1.5", "localizationCumprob")]
    [InlineData("localizationDateobs=2026-11-20T00:00:00&requireDetections=false&localizationCumprob=all", "localizationCumprob")]
    public async Task List_BadValue_Answers400ThatNamesIt(string query, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, $"/api/candidates?filterIDs=99999&{query}");

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("startDate=never", "startDate")]
    [InlineData("savedStatus=never", "savedStatus")]
    [InlineData("groupIDs=one", "groupIDs")]
    [InlineData("pageNumber=-1", "Page number")]
    public async Task ListRows_BadValue_Answers400ThatNamesIt(string query, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, $"/api/candidates_filter?{query}");

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task AnnotateAsync(CandidateScene scene, long point, string origin, string data, int? group = null) =>
        scene.Admin.PostAsync($"/api/photometry/{point}/annotations", $$"""{"origin": "{{origin}}", "data": {{data}}, "group_ids": [{{group ?? scene.Group}}]}""");
}
