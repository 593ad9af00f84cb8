using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>A group with a stream, a filter, a member and an instrument of its own.</summary>
internal sealed record CandidateScene(TestNode Node, string Mark, TestClient Admin, TestClient Member, int Stream, int Group, int Filter, int Instrument)
{
    public static async Task<CandidateScene> MakeAsync(TestNode node)
    {
        var admin = await node.AdminAsync();
        var mark = Guid.NewGuid().ToString("N")[..8];
        var stream = (await admin.PostAsync("/api/streams", new { name = $"stream {mark}", altdata = new { collection = "X_alerts", selector = new[] { 1 } } })).GetProperty("id").GetInt32();
        await admin.PostAsync($"/api/streams/{stream}/users", new { user_id = admin.UserId });
        var (group, filter) = await GroupAsync(admin, mark, stream);
        var member = await node.ClientAsync($"member-{mark}", Role.FullUser, (group, false));
        await using var db = node.Contexts.For(Viewer.System);
        var telescope = new Telescope { Name = $"telescope {mark}", Nickname = "T" };
        db.Add(telescope);
        await db.SaveChangesAsync();
        var instrument = new Instrument { Name = $"camera {mark}", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg", "ztfr"] };
        db.Add(instrument);
        await db.SaveChangesAsync();
        return new CandidateScene(node, mark, admin, member, stream, group, filter, instrument.Id);
    }

    /// <summary>Another group of the same stream, with a filter.</summary>
    public static async Task<(int Group, int Filter)> GroupAsync(TestClient admin, string mark, int stream)
    {
        var group = (await admin.PostAsync("/api/groups", new { name = $"group {mark}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await admin.PostAsync($"/api/groups/{group}/streams", new { stream_id = stream });
        return (group, (await admin.PostAsync("/api/filters", new { name = $"filter {mark}", stream_id = stream, group_id = group })).GetProperty("id").GetInt32());
    }

    /// <summary>Posts a passing of an object; its name gets the mark of the scene.</summary>
    public async Task<string> PassAsync(string name, string passedAt = "2026-11-20T01:00:00", double? redshift = null, params int[] filters)
    {
        var id = $"{name}{Mark}";
        await Admin.PostAsync("/api/candidates", new
        {
            id, ra = 234.22, dec = -22.33, redshift, transient = false, filter_ids = filters.Length > 0 ? filters : [Filter], passed_at = passedAt, passing_alert_id = 123,
        });
        return id;
    }

    /// <summary>Posts a point that is shared with the group.</summary>
    public async Task<long> PointAsync(string objId, double mjd = 61000, double flux = 100, int? group = null) =>
        (await Admin.PostAsync("/api/photometry", new
        {
            obj_id = objId, mjd, instrument_id = Instrument, flux, fluxerr = 1.0, zp = 23.9, magsys = "ab", filter = "ztfr", group_ids = new[] { group ?? Group },
        })).GetProperty("ids")[0].GetInt64();

    /// <summary>Lists the group's candidates as its member.</summary>
    public Task<JsonElement> ListAsync(string query, TestClient? client = null) => (client ?? Member).GetAsync($"/api/candidates?groupIDs={Group}&{query}");

    /// <summary>Names on a page.</summary>
    public static string[] Names(JsonElement data) => [.. data.GetProperty("candidates").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    /// <summary>Names of the fields.</summary>
    public static IEnumerable<string> Keys(JsonElement row) => row.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
}
