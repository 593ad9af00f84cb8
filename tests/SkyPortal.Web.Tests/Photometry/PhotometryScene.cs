using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Two objects of a group that are saved to it, an instrument that takes any filter, and people in and out of the group.</summary>
internal sealed record PhotometryScene(string Mark, int InstrumentId, int GroupId, TestClient Admin, TestClient Member, TestClient Colleague, TestClient Outsider)
{
    public string ObjId => $"A{Mark}";

    public string OtherId => $"B{Mark}";

    public static async Task<PhotometryScene> MakeAsync(TestNode node)
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = $"group-{mark}" };
        var telescope = new Telescope { Name = $"telescope-{mark}", Nickname = "T" };
        db.AddRange(group, telescope);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var instrument = new Instrument { Name = $"camera-{mark}", Type = "spectrograph", TelescopeId = telescope.Id };
        db.Add(instrument);
        var member = await node.ClientAsync($"member-{mark}", Role.FullUser, (group.Id, false));
        foreach (var id in new[] { $"A{mark}", $"B{mark}" })
        {
            db.Add(new Obj { Id = id, Ra = 10, Dec = 20, GroupIds = [group.Id], InternalKey = Guid.NewGuid() });
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        foreach (var id in new[] { $"A{mark}", $"B{mark}" })
        {
            db.Add(new Source { ObjId = id, GroupId = group.Id, SavedById = member.UserId, SavedAt = db.UtcNow });
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return new PhotometryScene(
            mark,
            instrument.Id,
            group.Id,
            await node.AdminAsync(),
            member,
            await node.ClientAsync($"colleague-{mark}", Role.FullUser, (group.Id, false)),
            await node.ClientAsync($"outsider-{mark}"));
    }

    /// <summary>Fluxes at some times, one per time.</summary>
    public Dictionary<string, object?> Flux(double[] mjds, bool withGroup = true) => new()
    {
        ["obj_id"] = ObjId,
        ["mjd"] = mjds,
        ["instrument_id"] = InstrumentId,
        ["flux"] = mjds.Select(mjd => 10 + (mjd % 10)).ToArray(),
        ["fluxerr"] = 1.0,
        ["zp"] = 23.9,
        ["magsys"] = "ab",
        ["filter"] = "ztfg",
        ["group_ids"] = withGroup ? [GroupId] : Array.Empty<int>(),
    };

    /// <summary>Posts fluxes and answers their keys.</summary>
    public async Task<long[]> PostAsync(double[] mjds, bool withGroup = true) =>
        [.. (await Member.PostAsync("/api/photometry", Flux(mjds, withGroup))).GetProperty("ids").EnumerateArray().Select(id => id.GetInt64())];

    /// <summary>Posts a file with what all rows share in the query.</summary>
    public static async Task<(int Status, JsonElement Envelope)> PostFileAsync(TestClient client, string query, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/csv");
        using var response = await client.Http.PostAsync($"/api/photometry?{query}", content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Posts a file that is the member's, of the first object.</summary>
    public Task<(int Status, JsonElement Envelope)> PostFileAsync(string file, string more = "") =>
        PostFileAsync(Member, $"obj_id={ObjId}&instrument_id={InstrumentId}&group_ids={GroupId}{more}", Encoding.UTF8.GetBytes(file));

    public static string Message(JsonElement envelope) => envelope.GetProperty("message").GetString()!;

    public static string[] Keys(JsonElement row) => [.. row.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];
}
