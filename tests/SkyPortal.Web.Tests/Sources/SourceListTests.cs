using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>The list of sources over the API.</summary>
public sealed class SourceListTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task List_OfAGroup_AnswersItsSourcesNewestFirst()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "list");
        await SaveAsync(member, group, "ZTF_list1", redshift: 0.05);
        await SaveAsync(member, group, "ZTF_list2", redshift: 3);

        var list = await member.GetAsync($"/api/sources?numPerPage=3&group_ids={group}");
        var (refused, envelope) = await outsider.SendAsync(HttpMethod.Get, $"/api/sources?group_ids={group}");

        Assert.Equal(["group_id", "numPerPage", "pageNumber", "sources", "totalMatches"], list.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(["ZTF_list2", "ZTF_list1"], Ids(list));
        var fields = list.GetProperty("sources")[0].EnumerateObject().Select(field => field.Name).ToList();
        Assert.Equal(43, fields.Count);
        Assert.All(
            ["internal_key", "groups", "gal_lon", "gal_lat", "luminosity_distance", "dm", "angular_diameter_distance", "classifications", "annotations", "tags"],
            part => Assert.Contains(part, fields));
        Assert.Equal(400, refused);
        Assert.Equal("Cannot retrieve sources: Selected group(s) not all accessible to user.", envelope.GetProperty("message").GetString());
        Assert.Empty(Ids(await outsider.GetAsync("/api/sources?sourceID=ZTF_list")));
        Assert.Equal(0, (await outsider.GetAsync("/api/sources?sourceID=ZTF_list")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task List_SavedToTwoGroups_HoldsItOnce()
    {
        var (first, member, _) = await Team.MakeAsync(site.Node, "twice");
        var admin = await site.Node.AdminAsync();
        await SaveAsync(member, first, "ZTF_twice");
        await admin.PostAsync("/api/sources", new { id = "ZTF_twice", group_ids = new[] { 1 } });

        var list = await member.GetAsync("/api/sources?sourceID=ZTF_twice");
        var newest = await member.GetAsync("/api/sources?numPerPage=1");
        var page2 = await member.GetAsync("/api/sources?numPerPage=1&pageNumber=99999");
        var saves = await member.GetAsync("/api/sources?saveSummary=true&sourceID=ZTF_twice");

        Assert.Equal(["ZTF_twice"], Ids(list));
        Assert.Equal(2, list.GetProperty("sources")[0].GetProperty("groups").GetArrayLength());
        Assert.Equal(newest.GetProperty("totalMatches").GetInt32(), page2.GetProperty("totalMatches").GetInt32());
        Assert.Empty(Ids(page2));
        Assert.Equal(2, saves.GetProperty("totalMatches").GetInt32());
        Assert.Equal(
            ["active", "created_at", "group_id", "id", "modified", "obj_id", "requested", "saved_at", "saved_by_id", "unsaved_at", "unsaved_by_id"],
            saves.GetProperty("sources")[0].EnumerateObject().Select(field => field.Name).Order());
    }

    [Theory]
    [InlineData("ra=30&dec=-5&radius=0.01", "a")]
    [InlineData("ra=30&dec=-5&radius=20", "abc")]
    [InlineData("minRedshift=0.1", "bc")]
    [InlineData("minRedshift=0.1&maxRedshift=0.2", "b")]
    [InlineData("origin=ALPHA", "a")]
    [InlineData("alias=second", "b")]
    [InlineData("simbadClass=rrl", "a")]
    [InlineData("hasTNSname=true", "b")]
    [InlineData("hasNoTNSname=true", "ac")]
    [InlineData("sourceID=2023abc", "b")]
    [InlineData("rejectedSourceIDs=F_a,F_b", "c")]
    [InlineData("objIDs=F_a,F_c,F_x", "ac")]
    [InlineData("anyName=SECOND", "b")]
    [InlineData("anyName=f_A", "a")]
    [InlineData("listName=favorites", "c")]
    [InlineData("hasBeenLabelled=true", "a")]
    [InlineData("hasNotBeenLabelled=true", "bc")]
    [InlineData("annotationsFilter=drb", "ab")]
    [InlineData("annotationsFilter=drb:0.5:gt", "a")]
    [InlineData("annotationsFilter=drb:0.5:le&annotationsFilterOrigin=Kowalski", "b")]
    [InlineData("annotationsFilterOrigin=nobody", "")]
    [InlineData("commentsFilter=nothing,BRIGHT", "c")]
    [InlineData("classified=true", "b")]
    [InlineData("unclassified=true", "ac")]
    [InlineData("classifications=List taxonomy: Ia", "b")]
    [InlineData("classifications=List taxonomy: Ia,List taxonomy: SN&classifications_simul=true", "")]
    [InlineData("nonclassifications=List taxonomy: Ia", "ac")]
    [InlineData("savedAfter=2020-01-01", "abc")]
    [InlineData("savedBefore=2020-01-01", "")]
    [InlineData("createdOrModifiedAfter=2020-01-01", "abc")]
    [InlineData("savedByCurrentUser=true", "abc")]
    [InlineData("startDate=2020-01-01", "")]
    [InlineData("numberDetections=1", "")]
    [InlineData("requireDetections=false&startDate=2020-01-01", "abc")]
    [InlineData("hasSpectrum=true", "")]
    [InlineData("sortBy=redshift&sortOrder=asc", "abc")]
    [InlineData("sortBy=dec", "abc")]
    [InlineData("sortBy=id&sortOrder=desc", "cba")]
    [InlineData("sortBy=annotation.kowalski.drb&sortOrder=asc", "bac")]
    [InlineData("sortBy=altdata.simbad.class", "abc")]
    [InlineData("sortBy=favorites", "cab")]
    [InlineData("sortBy=classification", "bac")]
    [InlineData("sortBy=tns_name", "bac")]
    [InlineData("sortBy=peak_mag", "abc")]
    [InlineData("sortBy=num_detections&sortOrder=asc", "abc")]
    [InlineData("sortBy=gal_lat", "abc")]
    [InlineData("sortBy=gal_lon&sortOrder=asc", "abc")]
    public async Task List_Filtered_HoldsWhatMatches(string query, string expected)
    {
        var (group, member) = await WorldAsync();

        var list = await member.GetAsync($"/api/sources?group_ids={group}&{query.Replace(" ", "%20", StringComparison.Ordinal)}");

        var found = string.Concat(Ids(list).Select(id => id[2..]));
        Assert.Equal(expected, query.Contains("sortBy", StringComparison.Ordinal) ? found : string.Concat(found.Order()));
        Assert.Equal(expected.Length, list.GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task List_ByDetections_CountsStatisticsOfVisiblePointsOnly()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var (other, _) = await CandidateScene.GroupAsync(scene.Admin, $"other {scene.Mark}", scene.Stream);
        var (open, hidden) = (await scene.PassAsync("open"), await scene.PassAsync("hidden"));
        await scene.PointAsync(open);
        await scene.PointAsync(hidden, group: other);
        await scene.ListAsync("autosave=true");

        var list = await scene.Member.GetAsync($"/api/sources?group_ids={scene.Group}&numberDetections=1");

        Assert.Equal([open], Ids(list));
        Assert.Equal(1, list.GetProperty("totalMatches").GetInt32());
    }

    [Theory]
    [InlineData("sortBy=nope", "Cannot retrieve sources: Invalid sort_by: nope")]
    [InlineData("sortOrder=up", "Invalid sort_order")]
    [InlineData("ra=1&dec=2", "all three are required")]
    [InlineData("ra=1&dec=200&radius=1", "Declination")]
    [InlineData("ra=x&dec=2&radius=1", "Invalid ra: x")]
    [InlineData("minRedshift=red", "Invalid minRedshift: red")]
    [InlineData("savedAfter=yesterday", "Error parsing query params: {'savedAfter'")]
    [InlineData("group_ids=one", "Invalid group_ids: one")]
    [InlineData("classifications=Nobody: Ia", "Invalid taxonomy_name: Nobody")]
    [InlineData("classifications=Ia", "Invalid classifications")]
    [InlineData("annotationsFilter=drb:0.5", "1 or 3 values")]
    [InlineData("annotationsFilter=drb:x:gt", "is not a number")]
    [InlineData("annotationsFilter=drb:1:like", "Invalid operator")]
    [InlineData("annotationsFilter=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30", "at most 30")]
    [InlineData("pageNumber=0", "Page number must be greater than 0.")]
    [InlineData("sourceID=%00", "Invalid sourceID")]
    [InlineData("useCache=true&pageNumber=2", "queryID is required")]
    [InlineData("spatialCatalogName=x", "spatialCatalogEntryName")]
    public async Task List_BadInput_SaysWhatIsWrong(string query, string reason)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, $"/api/sources?{query.Replace(" ", "%20", StringComparison.Ordinal)}");

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task List_WithEverything_TakesAKnownNumberOfStatements()
    {
        var (group, member) = await WorldAsync();
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByTokenAsync(member.Token, CancellationToken.None)).Viewer!;
        var search = site.Node.Services.GetRequiredService<SearchSources>();
        var get = site.Node.Services.GetRequiredService<GetSource>();
        var everything = new SourceListIncludes { Thumbnails = true, Comments = true, PhotometryExists = true, Labellers = true, SpectrumExists = true };

        var plain = await CountAsync(() => search.HandleAsync(viewer, new SourceCriteria { GroupIds = [group], NumPerPage = 2 }, new SourceListIncludes(), null, CancellationToken.None));
        var full = await CountAsync(() => search.HandleAsync(viewer, new SourceCriteria { GroupIds = [group], NumPerPage = 2 }, everything, null, CancellationToken.None));
        var one = await CountAsync(() => get.HandleAsync(viewer, "F_a", new SourceIncludes(), CancellationToken.None));
        var oneFull = await CountAsync(() => get.HandleAsync(
            viewer, "F_a", new SourceIncludes { Thumbnails = true, Comments = true, PhotometryExists = true }, CancellationToken.None));

        // Of one source its follow-up requests are a statement of their own.
        Assert.Equal((6, 10, 9, 12), (plain, full, one, oneFull));
    }

    private async Task<int> CountAsync(Func<Task> read)
    {
        var database = new NpgsqlConnectionStringBuilder(site.Node.Contexts.DataSource.ConnectionString).Database;
        var count = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Key is "db.name" or "db.namespace" && Equals(tag.Value, database))
                    && activity.TagObjects.Any(tag => tag.Key is "db.statement" or "db.query.text"))
                {
                    Interlocked.Increment(ref count);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await read();
        return count;
    }

    private async Task<(int Group, TestClient Member)> WorldAsync()
    {
        var admin = await site.Node.AdminAsync();
        var known = (await admin.GetAsync("/api/source_exists/F_c")).GetProperty("source_exists").GetBoolean();
        if (known)
        {
            await using var db = site.Node.Contexts.For(Viewer.System);
            return (db.Set<Group>().Single(group => group.Name == "world").Id, await site.Node.ClientAsync("world-member"));
        }

        var (group, member, _) = await Team.MakeAsync(site.Node, "world");
        await member.PostAsync("/api/sources", new
        {
            id = "F_a", ra = 30, dec = -5, redshift = 0.01, origin = "Alpha survey", altdata = new { simbad = new { @class = "RRLyr" } }, group_ids = new[] { group },
        });
        await member.PostAsync("/api/sources", new { id = "F_b", ra = 31, dec = -6, redshift = 0.2, alias = new[] { "first", "Second" }, tns_name = "SN 2023abc", group_ids = new[] { group } });
        await member.PostAsync("/api/sources", new { id = "F_c", ra = 32, dec = -7, redshift = 0.5, group_ids = new[] { group } });
        await member.PostAsync("/api/listing", new { obj_id = "F_c", list_name = "favorites" });
        await member.PostAsync("/api/sources/F_a/labels", new { groupIds = new[] { group } });
        await member.PostAsync("/api/sources/F_a/annotations", new { origin = "kowalski", data = new { drb = 0.9 }, group_ids = new[] { group } });
        await member.PostAsync("/api/sources/F_b/annotations", new { origin = "kowalski", data = new { drb = 0.1 }, group_ids = new[] { group } });
        await member.PostAsync("/api/sources/F_c/comments", new { text = "very Bright", group_ids = new[] { group } });
        var taxonomy = await admin.PostAsync("/api/taxonomy", new
        {
            name = "List taxonomy", version = "1", hierarchy = new { @class = "SN", subclasses = new[] { new { @class = "Ia" } } }, group_ids = new[] { group },
        });
        await member.PostAsync("/api/classification", new
        {
            obj_id = "F_b", classification = "Ia", taxonomy_id = taxonomy.GetProperty("taxonomy_id").GetInt32(), group_ids = new[] { group }, label = false,
        });
        return (group, member);
    }

    private static IEnumerable<string> Ids(JsonElement list) => list.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("id").GetString()!);

    private static Task<JsonElement> SaveAsync(TestClient client, int group, string id, double? redshift = null) =>
        client.PostAsync("/api/sources", new { id, ra = 150, dec = 2, redshift, group_ids = new[] { group } });
}
