using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Operations;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Scan reports over the API.</summary>
public sealed class ScanReportTests : IAsyncLifetime
{
    private readonly SiteFixture _site = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private int _group;
    private int _other;
    private TestClient _member = null!;
    private TestClient _both = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _site.InitializeAsync();
        var night = new SimulatedNight(_site.Node);
        (_group, _) = await night.GroupAsync("reporting");
        (_other, _) = await night.GroupAsync("reporting too");
        await night.AddMeasuredCandidatesAsync(_group, 3);
        _member = await _site.Node.ClientAsync("report-member", Role.FullUser, (_group, false));
        _both = await _site.Node.ClientAsync("report-both", Role.FullUser, (_group, false), (_other, false));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Post_SavedAndPassed_ListsThemWithWhatIsKnown()
    {
        await SaveAsync(_member, "seen0001", _group);
        await SaveAsync(_member, "seen0002", _group);
        await _member.PostAsync("/api/sources/seen0001/comments", new { text = "older", group_ids = new[] { _group } });
        await _member.PostAsync("/api/sources/seen0001/comments", new { text = "rising fast", group_ids = new[] { _group } });
        // What a token posts is marked as a bot's.
        await using (var command = _site.Node.Contexts.DataSource.CreateCommand("update comments set bot = false"))
        {
            await command.ExecuteNonQueryAsync(_ct);
        }

        await _member.DataAsync(HttpMethod.Patch, "/api/sources/seen0001", new { redshift = 0.05 });

        await MakeAsync(_member, _group);

        var list = await _member.GetAsync("/api/candidates/scan_reports");
        var report = Assert.Single(list.GetProperty("reports").EnumerateArray());
        Assert.Equal((1, 1, 10), (list.GetProperty("totalMatches").GetInt32(), list.GetProperty("pageNumber").GetInt32(), list.GetProperty("numPerPage").GetInt32()));
        Assert.Equal("report-member", report.GetProperty("author").GetString());
        Assert.Equal("reporting", Assert.Single(report.GetProperty("groups").EnumerateArray()).GetProperty("name").GetString());
        var items = (await ItemsAsync(_member, report)).ToList();
        Assert.Equal(["seen0001", "seen0002"], items.Select(item => item.GetProperty("obj_id").GetString()));
        var data = items[0].GetProperty("data");
        // The last of twenty points: flux 60 + 10 * 20 + 1 = 261 µJy.
        var mag = 23.9 - (2.5 * Math.Log10(261));
        Assert.Equal(Math.Round(mag, 3), data.GetProperty("current_mag").GetDouble());
        Assert.Equal(Math.Round(23.9 - (2.5 * Math.Log10(251)), 3), data.GetProperty("previous_mag").GetDouble());
        Assert.Equal("ztfg", data.GetProperty("current_filter").GetString());
        Assert.Equal(15.0, data.GetProperty("current_age").GetDouble(), 1);
        // Luminosity distance of redshift 0.05 in the platform's cosmology (Planck 2018): 230 Mpc, a modulus of 36.81.
        Assert.Equal(mag - 36.81, data.GetProperty("abs_mag").GetDouble(), 0.01);
        Assert.Equal("rising fast", data.GetProperty("comment").GetString());
        Assert.Equal("reporting", Assert.Single(data.GetProperty("groups_saved_to").EnumerateArray()).GetString());
        Assert.Equal("reporting", Assert.Single(data.GetProperty("saved_info").EnumerateArray()).GetProperty("group").GetString());
        Assert.Equal(data.GetProperty("current_mag").GetDouble(), data.GetProperty("detections_by_survey").GetProperty("measured").GetProperty("peak").GetProperty("mag").GetDouble());
        Assert.Equal<HashSet<string>>(
            ["tns_name", "associated_objs", "comment", "host_redshift", "desi_redshift", "offset", "current_filter", "current_mag", "current_mjd", "current_age", "abs_mag", "previous_mag",
                "previous_mjd", "previous_filter", "classifications", "saved_info", "groups_saved_to", "followups", "assignments", "detections_by_survey", "gcn_match"],
            data.EnumerateObject().Select(property => property.Name).ToHashSet());
    }

    [Fact]
    public async Task Post_FollowupAsked_TellsThatToWhoseAllocationItIs()
    {
        await SaveAsync(_member, "seen0001", _group);
        int camera;
        await using (var db = _site.Node.Contexts.For(Viewer.System))
        {
            var telescope = new Telescope { Name = "Report telescope", Nickname = "RT", Lat = 33, Lon = -116, Elevation = 1700 };
            db.Add(telescope);
            await db.SaveChangesAsync(_ct);
            var instrument = new Instrument { Name = "Report camera", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg"], ApiClassname = "GENERICAPI" };
            db.Add(instrument);
            await db.SaveChangesAsync(_ct);
            camera = instrument.Id;
        }

        var admin = await _site.Node.AdminAsync();
        var allocation = (await admin.PostAsync("/api/allocation", new { group_id = _group, instrument_id = camera, hours_allocated = 1 })).GetProperty("id").GetInt32();
        await _member.PostAsync(
            "/api/followup_request", new { obj_id = "seen0001", allocation_id = allocation, payload = new { observation_choices = new[] { "ztfg" }, priority = 3, start_date = "2026-11-21", end_date = "2026-11-28" } });

        await MakeAsync(_both, _group);
        await MakeAsync(_both, _group, _other);

        var reports = (await _both.GetAsync("/api/candidates/scan_reports")).GetProperty("reports").EnumerateArray().ToList();
        var own = reports.Single(report => report.GetProperty("groups").GetArrayLength() == 1);
        var told = Assert.Single((await ItemsAsync(_both, own)).Single().GetProperty("data").GetProperty("followups").EnumerateArray());
        Assert.Equal(
            ("Report camera", "photometry", "3", "2026-11-21", "2026-11-28", "submitted", "report-member"),
            (Text(told, "instrument"), Text(told, "type"), Text(told, "priority"), Text(told, "start_date"), Text(told, "end_date"), Text(told, "status"), Text(told, "requester")));
        // Members of the other group alone, who read the second report, have no part in the allocation.
        var shared = reports.Single(report => report.GetProperty("groups").GetArrayLength() == 2);
        Assert.All(await ItemsAsync(_both, shared), item => Assert.Equal(JsonValueKind.Null, item.GetProperty("data").GetProperty("followups").ValueKind));
    }

    [Fact]
    public async Task Post_WrongOrTwice_SaysWhy()
    {
        await SaveAsync(_member, "seen0001", _group);
        var range = new { start_date = "2020-01-01", end_date = "2040-01-01" };
        var saved = new { start_saved_date = "2020-01-01", end_saved_date = "2040-01-01" };
        await _member.PostAsync(Path, new { group_ids = new[] { _group }, passed_filters_range = range, saved_candidates_range = saved });

        Assert.Equal("No groups provided", await RefusalAsync(new { passed_filters_range = range, saved_candidates_range = saved }));
        Assert.Equal("No passed filters range provided", await RefusalAsync(new { group_ids = new[] { _group }, saved_candidates_range = saved }));
        Assert.Equal("No saved candidates range provided", await RefusalAsync(new { group_ids = new[] { _group }, passed_filters_range = range }));
        Assert.Equal(
            "passed_filters_window_hours must be a number of hours",
            await RefusalAsync(new { group_ids = new[] { _group }, passed_filters_window_hours = "soon", saved_candidates_range = saved }));
        Assert.Equal(
            "GCN event not found or not accessible",
            await RefusalAsync(new { group_ids = new[] { _group }, passed_filters_range = range, saved_candidates_range = saved, gcn_event_dateobs = "2026-01-01T00:00:00" }));
        Assert.StartsWith(
            "Invalid gcn_event_dateobs",
            await RefusalAsync(new { group_ids = new[] { _group }, passed_filters_range = range, saved_candidates_range = saved, gcn_event_dateobs = "never" }), StringComparison.Ordinal);
        Assert.Equal(
            "This report already exists for the given groups and options",
            await RefusalAsync(new { group_ids = new[] { _group }, passed_filters_range = range, saved_candidates_range = saved }));
        Assert.Equal(
            "No saved sources found for the given options",
            await RefusalAsync(new { group_ids = new[] { _group }, passed_filters_range = new { start_date = "2020-01-01", end_date = "2020-01-02" }, saved_candidates_range = saved }));
        Assert.Equal("Some groups provided do not exist", await RefusalAsync(new { group_ids = new[] { 999_999 }, passed_filters_range = range, saved_candidates_range = saved }));
        Assert.Equal("Some groups provided do not exist", await RefusalAsync(new { group_ids = new[] { _other }, passed_filters_range = range, saved_candidates_range = saved }));
    }

    [Fact]
    public async Task Report_OfAnotherGroup_IsNotThere()
    {
        await SaveAsync(_member, "seen0001", _group);
        await MakeAsync(_member, _group);
        var report = (await _member.GetAsync(Path)).GetProperty("reports")[0];
        var item = (await ItemsAsync(_member, report)).First().GetProperty("id").GetInt64();
        var outsider = await _site.Node.ClientAsync("report-outsider", Role.FullUser, (_other, false));
        var id = report.GetProperty("id").GetInt32();

        var list = await outsider.GetAsync(Path);
        var items = await outsider.SendAsync(HttpMethod.Get, $"{Path}/{id}/items");
        var none = await outsider.SendAsync(HttpMethod.Get, $"{Path}/{id + 1000}/items");
        var edit = await outsider.SendAsync(HttpMethod.Patch, $"{Path}/{id}/items/{item}", new { comment = "mine" });
        var export = await outsider.Http.GetAsync($"{Path}/{id}/export", _ct);

        Assert.Equal((0, 0), (list.GetProperty("totalMatches").GetInt32(), list.GetProperty("reports").GetArrayLength()));
        Assert.Equal((400, none.Envelope.GetProperty("message").GetString()), (items.Status, items.Envelope.GetProperty("message").GetString()));
        Assert.Equal((400, "Report item not found"), (edit.Status, edit.Envelope.GetProperty("message").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, export.StatusCode);
        await using var db = _site.Node.Contexts.For(Viewer.System);
        Assert.Empty((await db.Set<OutboxEvent>().SingleAsync(row => row.Kind == "scanreport.made", _ct)).GroupIds.Except([_group]));
    }

    [Fact]
    public async Task Report_OfTwoGroups_SaysOnlyWhatEitherMaySee()
    {
        await using (var command = _site.Node.Contexts.DataSource.CreateCommand("update objs set group_ids = array[$1, $2]"))
        {
            command.Parameters.AddWithValue(_group);
            command.Parameters.AddWithValue(_other);
            await command.ExecuteNonQueryAsync(_ct);
        }

        await SaveAsync(_both, "seen0001", _group);
        await _both.PostAsync("/api/sources/seen0001/comments", new { text = "for one group", group_ids = new[] { _group } });
        await using (var command = _site.Node.Contexts.DataSource.CreateCommand("update comments set bot = false"))
        {
            await command.ExecuteNonQueryAsync(_ct);
        }

        await MakeAsync(_both, _group, _other);
        var reader = await _site.Node.ClientAsync("report-reader", Role.FullUser, (_other, false));

        var item = Assert.Single(await ItemsAsync(reader, (await reader.GetAsync(Path)).GetProperty("reports")[0])).GetProperty("data");

        // The points and the comment are shared with the first group alone.
        Assert.Equal(JsonValueKind.Null, item.GetProperty("current_mag").ValueKind);
        Assert.Equal(JsonValueKind.Null, item.GetProperty("comment").ValueKind);
        Assert.Equal("reporting", Assert.Single(item.GetProperty("groups_saved_to").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Patch_Comment_ChangesItAloneAndExportsTellIt()
    {
        await SaveAsync(_member, "seen0001", _group);
        await MakeAsync(_member, _group);
        var report = (await _member.GetAsync(Path)).GetProperty("reports")[0];
        var before = (await ItemsAsync(_member, report)).Single();

        await _member.DataAsync(HttpMethod.Patch, $"{Path}/{report.GetProperty("id")}/items/{before.GetProperty("id")}", new { comment = "=1+1, \"look\" *again*" });

        var after = (await ItemsAsync(_member, report)).Single();
        Assert.Equal("=1+1, \"look\" *again*", after.GetProperty("data").GetProperty("comment").GetString());
        Assert.Equal(before.GetProperty("data").GetProperty("current_mag").GetDouble(), after.GetProperty("data").GetProperty("current_mag").GetDouble());
        var csv = await _member.Http.GetStringAsync($"{Path}/{report.GetProperty("id")}/export?format=csv", _ct);
        Assert.StartsWith("obj_id,tns_name,comment,saved_info", csv, StringComparison.Ordinal);
        Assert.Contains("\"'=1+1, \"\"look\"\" *again*\"", csv, StringComparison.Ordinal);
        var text = await _member.Http.GetStringAsync($"{Path}/{report.GetProperty("id")}/export?format=md", _ct);
        Assert.Contains("- Comment: =1+1, \"look\" \\*again\\*", text, StringComparison.Ordinal);
        Assert.Contains("## [seen0001](", text, StringComparison.Ordinal);
    }

    private const string Path = "/api/candidates/scan_reports";

    private static Task SaveAsync(TestClient who, string objId, int group) => who.PostAsync("/api/sources", new { id = objId, group_ids = new[] { group } });

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private static Task MakeAsync(TestClient who, params int[] groups) =>
        who.PostAsync(Path, new { group_ids = groups, passed_filters_window_hours = 24, saved_candidates_window_hours = 24 });

    private static async Task<IEnumerable<JsonElement>> ItemsAsync(TestClient who, JsonElement report) =>
        (await who.GetAsync($"{Path}/{report.GetProperty("id")}/items")).EnumerateArray();

    private async Task<string?> RefusalAsync(object body)
    {
        var (status, envelope) = await _member.SendAsync(HttpMethod.Post, Path, body);
        Assert.Equal(400, status);
        return envelope.GetProperty("message").GetString();
    }
}
