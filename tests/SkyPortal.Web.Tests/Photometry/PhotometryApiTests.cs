using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Photometry from outside: wire shape, refusals, and who sees what.</summary>
public sealed class PhotometryApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] PointKeys =
    [
        "obj_id", "ra", "dec", "filter", "mjd", "snr", "instrument_id", "instrument_name", "ra_unc", "dec_unc", "origin", "id", "altdata",
        "created_at", "groups",
    ];

    [Fact]
    public async Task Post_OnePointInFlux_IsReadBackInAllFormats()
    {
        var world = await ArrangeAsync();
        var member = world.Member;

        var posted = await member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031));
        var id = posted.GetProperty("ids")[0].GetInt64();
        var flux = await member.GetAsync($"/api/photometry/{id}?format=flux");
        var mag = await member.GetAsync($"/api/photometry/{id}?format=mag&magsys=ab");
        var vega = await member.GetAsync($"/api/photometry/{id}?format=both&magsys=vega");

        Assert.Equal(36, posted.GetProperty("upload_id").GetString()!.Length);
        Assert.Equal([.. PointKeys, "annotations", "flux", "fluxerr", "magsys", "zp"], Keys(flux), Same);
        Assert.Equal([.. PointKeys, "annotations", "mag", "magerr", "magsys", "limiting_mag"], Keys(mag), Same);
        Assert.Equal(4.444075390386034, flux.GetProperty("flux").GetDouble(), 12);
        Assert.Equal(0.011255419697873126, flux.GetProperty("fluxerr").GetDouble(), 14);
        Assert.Equal(394.83870967741933, flux.GetProperty("snr").GetDouble(), 9);
        Assert.Equal(22.280546455476145, mag.GetProperty("mag").GetDouble(), 12);
        Assert.Equal(0.0027498220872142166, mag.GetProperty("magerr").GetDouble(), 14);
        Assert.Equal(27.02417075457427, mag.GetProperty("limiting_mag").GetDouble(), 11);
        Assert.Equal("None", mag.GetProperty("origin").GetString());
        Assert.Equal(4.444075390386034, vega.GetProperty("flux").GetDouble(), 12);
        Assert.Equal(vega.GetProperty("zp").GetDouble() - 23.9, vega.GetProperty("mag").GetDouble() - mag.GetProperty("mag").GetDouble(), 9);
        Assert.Contains(flux.GetProperty("groups").EnumerateArray(), group => group.GetProperty("single_user_group").GetBoolean());
    }

    [Fact]
    public async Task Post_Magnitudes_KeepsOrderLimitsAndStatistics()
    {
        var world = await ArrangeAsync();
        await world.Member.PostAsync("/api/photometry", world.Flux(58000, 11, 1));
        var posted = await world.Member.PostAsync("/api/photometry", world.Mags());

        var rows = (await world.Member.GetAsync($"/api/sources/{world.ObjId}/photometry")).EnumerateArray().ToList();
        var plot = await world.Member.GetAsync($"/api/sources/{world.ObjId}/photometry?format=plot");
        var stat = await world.Member.GetAsync($"/api/sources/{world.ObjId}/phot_stat");

        Assert.Equal(5, posted.GetProperty("ids").GetArrayLength());
        Assert.Equal([58000, 58001, 58002, 58003, 58004, 58005], rows.Select(row => row.GetProperty("mjd").GetDouble()));
        Assert.Equal([.. PointKeys, "mag", "magerr", "magsys", "limiting_mag"], Keys(rows[0]), Same);
        Assert.Equal(18.1, rows[1].GetProperty("mag").GetDouble(), 12);
        Assert.Equal(20.5, rows[1].GetProperty("limiting_mag").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows[3].GetProperty("mag").ValueKind);
        Assert.Equal(["filter", "id", "limiting_mag", "mag", "magerr", "mjd", "obj_id", "origin"], Keys(plot[0]), Same);
        Assert.Equal(6, stat.GetProperty("num_obs_global").GetInt32());
        Assert.Equal(5, stat.GetProperty("num_det_global").GetInt32());
        Assert.Equal(4.296518287104437, stat.GetProperty("rise_rate").GetDouble(), 9);
        Assert.Equal(JsonValueKind.Null, stat.GetProperty("decay_rate").ValueKind);
        Assert.Equal(1.5599346237564287, stat.GetProperty("mag_rms_global").GetDouble(), 9);
        Assert.Equal(0.5988394290348147, stat.GetProperty("mean_color").GetProperty("ztfg-ztfi").GetDouble(), 9);
        Assert.Equal(20.5, stat.GetProperty("deepest_limit_per_filter").GetProperty("ztfr").GetDouble());
        Assert.Equal(19.379303657420888, stat.GetProperty("mean_mag_global").GetDouble(), 9);
        Assert.Equal(43, Keys(stat).Count());
        Assert.Empty(stat.GetProperty("predetection_mjds").EnumerateArray());
    }

    [Fact]
    public async Task Post_ADuplicate_IsRefusedAndNothingIsStored()
    {
        var world = await ArrangeAsync();
        await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031));

        var (status, envelope) = await world.Member.SendAsync(HttpMethod.Post, "/api/photometry", world.Flux(new[] { 58007.0, 58000.0 }, 12.24, 0.031));
        var rows = await world.Member.GetAsync($"/api/sources/{world.ObjId}/photometry");

        Assert.Equal(400, status);
        Assert.StartsWith("The following photometry already exists in the database: row 1", Message(envelope), StringComparison.Ordinal);
        Assert.Equal(1, rows.GetArrayLength());
    }

    [Fact]
    public async Task Put_ADuplicate_KeepsItsIdAndGainsTheGroup()
    {
        var world = await ArrangeAsync();
        var posted = await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031, withGroup: false));
        var before = await world.Colleague.GetAsync($"/api/sources/{world.ObjId}/photometry");

        var put = await world.Member.DataAsync(HttpMethod.Put, "/api/photometry", world.Flux(58000, 12.24, 0.031));
        var after = await world.Colleague.GetAsync($"/api/sources/{world.ObjId}/photometry");

        Assert.Equal(["ids"], Keys(put));
        Assert.Equal(posted.GetProperty("ids")[0].GetInt64(), put.GetProperty("ids")[0].GetInt64());
        Assert.Equal(0, before.GetArrayLength());
        Assert.Equal(1, after.GetArrayLength());
    }

    [Fact]
    public async Task Put_IgnoringFlux_IsForAdministratorsAndMayOverwrite()
    {
        var world = await ArrangeAsync();
        var admin = await site.Node.AdminAsync();
        var first = world.Flux(58000, 12.24, 0.031, origin: "fp");
        var posted = await world.Member.PostAsync("/api/photometry", first);

        var (status, _) = await world.Member.SendAsync(HttpMethod.Put, "/api/photometry?duplicate_ignore_flux=true", first);
        var put = await admin.DataAsync(HttpMethod.Put, "/api/photometry?duplicate_ignore_flux=true&overwrite_flux=true", world.Flux(58000, 13, 0.05, origin: "fp"));
        var row = await world.Member.GetAsync($"/api/photometry/{posted.GetProperty("ids")[0]}?format=flux");

        Assert.Equal(400, status);
        Assert.Equal(posted.GetProperty("ids")[0].GetInt64(), put.GetProperty("ids")[0].GetInt64());
        Assert.Equal(13 * Math.Pow(10, -0.44), row.GetProperty("flux").GetDouble(), 9);
    }

    [Theory]
    [InlineData("""{"filter":"nosuch"}""", "nosuch")]
    [InlineData("""{"filter":"sdssg"}""", "has no filter sdssg")]
    [InlineData("""{"magsys":"nosuch"}""", "nosuch")]
    [InlineData("""{"fluxerr":0}""", "fluxerr must be positive")]
    [InlineData("""{"fluxerr":null}""", "missing required field fluxerr")]
    [InlineData("""{"mjd":"abc"}""", "mjd: row 0")]
    [InlineData("""{"mjd":[58000,null]}""", "missing required field mjd in row 1")]
    [InlineData("""{"mjd":[58000,58001],"flux":[1,2,3]}""", "mjd: the list has 2 values")]
    [InlineData("""{"mjd":[]}""", "no rows")]
    [InlineData("""{"flux":1e300}""", "flux: row 0")]
    [InlineData("""{"ra":400}""", "ra: row 0")]
    [InlineData("""{"nonsense":1}""", "nonsense")]
    [InlineData("""{"instrument_id":99999}""", "Invalid instrument ID: 99999")]
    [InlineData("""{"instrument_id":1.5}""", "instrument_id: row 0")]
    [InlineData("""{"obj_id":"missing"}""", "Invalid object ID: missing")]
    [InlineData("""{"group_ids":[99999]}""", "Invalid group IDs: 99999")]
    [InlineData("""{"group_ids":"some"}""", "Invalid group_ids")]
    [InlineData("""{"stream_ids":[99999]}""", "Invalid stream IDs: 99999")]
    [InlineData("""{"altdata":{"a":[1,2,3]},"mjd":[1,2]}""", "a in altdata incorrect length")]
    [InlineData("""{"altdata":5}""", "altdata")]
    [InlineData("""{"flux":null,"fluxerr":null,"zp":null,"mag":null,"magerr":null}""", "Non-detections (mag=null) require a limiting_mag")]
    public async Task Post_WrongBody_Answers400ThatNamesIt(string changes, string named)
    {
        var world = await ArrangeAsync();
        var body = JsonSerializer.SerializeToNode(world.Flux(58000, 12.24, 0.031))!.AsObject();
        foreach (var change in System.Text.Json.Nodes.JsonNode.Parse(changes)!.AsObject().ToList())
        {
            body[change.Key] = change.Value?.DeepClone();
            if (changes.Contains("\"mag\"", StringComparison.Ordinal) && change.Value is null && !change.Key.StartsWith("mag", StringComparison.Ordinal))
            {
                body.Remove(change.Key);
            }
        }

        var (status, envelope) = await world.Member.SendAsync(HttpMethod.Post, "/api/photometry", body);

        Assert.Equal(400, status);
        Assert.Contains(named, Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_OwnPoint_ChangesItAndTheStatistics()
    {
        var world = await ArrangeAsync();
        var id = (await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031))).GetProperty("ids")[0].GetInt64();

        var data = await world.Member.DataAsync(HttpMethod.Patch, $"/api/photometry/{id}", world.Flux(58001, 11, 1, withGroup: false));
        var (foreign, envelope) = await world.Colleague.SendAsync(HttpMethod.Patch, $"/api/photometry/{id}", world.Flux(58001, 11, 1));
        var row = await world.Member.GetAsync($"/api/photometry/{id}");
        var stat = await world.Member.GetAsync($"/api/sources/{world.ObjId}/phot_stat");

        Assert.Empty(data.EnumerateObject());
        Assert.Equal(400, foreign);
        Assert.StartsWith($"You do not have permission to update photometry point {id}", Message(envelope), StringComparison.Ordinal);
        Assert.Equal(58001, row.GetProperty("mjd").GetDouble());
        Assert.Equal("v", row.GetProperty("altdata").GetProperty("some_key").GetString());
        Assert.Equal(58001, stat.GetProperty("first_detected_mjd").GetDouble());
    }

    [Fact]
    public async Task Delete_PointUploadAndObject_RemoveWhatTheCallerMay()
    {
        var world = await ArrangeAsync();
        var admin = await site.Node.AdminAsync();
        var id = (await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031))).GetProperty("ids")[0].GetInt64();
        var upload = (await world.Member.PostAsync("/api/photometry", world.Mags())).GetProperty("upload_id").GetString();
        await world.Member.PostAsync("/api/photometry", world.Flux(58010, 12.24, 0.031));

        var (foreign, _) = await world.Colleague.SendAsync(HttpMethod.Delete, $"/api/photometry/{id}");
        var one = await world.Member.DataAsync(HttpMethod.Delete, $"/api/photometry/{id}");
        var bulk = await admin.DataAsync(HttpMethod.Delete, $"/api/photometry/bulk_delete/{upload}");
        var (again, gone) = await admin.SendAsync(HttpMethod.Delete, $"/api/photometry/bulk_delete/{upload}");
        var rest = await admin.DataAsync(HttpMethod.Delete, $"/api/sources/{world.ObjId}/photometry");
        var (none, _) = await admin.SendAsync(HttpMethod.Delete, $"/api/sources/{world.ObjId}/photometry");

        Assert.Equal(400, foreign);
        Assert.Empty(one.EnumerateObject());
        Assert.Equal("Deleted 5 photometry point(s).", bulk.GetString());
        Assert.Equal((400, "Invalid bulk upload id."), (again, Message(gone)));
        Assert.Equal($"Deleted 1 photometry point(s) of {world.ObjId}.", rest.GetString());
        Assert.Equal(400, none);
    }

    [Fact]
    public async Task EveryRoute_AnOutsider_GetsNothing()
    {
        var world = await ArrangeAsync();
        var id = (await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031))).GetProperty("ids")[0].GetInt64();
        var outsider = world.Outsider;

        Assert.Equal((400, $"Cannot find photometry point with ID: {id}."), await ErrorAsync(outsider, HttpMethod.Get, $"/api/photometry/{id}"));
        Assert.Equal((400, $"Cannot find photometry point with ID: {id}."), await ErrorAsync(outsider, HttpMethod.Patch, $"/api/photometry/{id}", world.Flux(58000, 1, 1)));
        Assert.Equal((400, $"Cannot find photometry point with ID: {id}."), await ErrorAsync(outsider, HttpMethod.Delete, $"/api/photometry/{id}"));
        Assert.Equal((400, $"Invalid object ID: {world.ObjId}"), await ErrorAsync(outsider, HttpMethod.Post, "/api/photometry", world.Flux(58000, 1, 1)));
        Assert.Equal((400, $"Invalid object ID: {world.ObjId}"), await ErrorAsync(outsider, HttpMethod.Put, "/api/photometry", world.Flux(58000, 1, 1)));
        Assert.Equal(
            (403, $"Insufficient permissions for User {outsider.UserId} to read Obj {world.ObjId}"),
            await ErrorAsync(outsider, HttpMethod.Get, $"/api/sources/{world.ObjId}/photometry"));
        Assert.Equal((400, $"No PhotStat for object {world.ObjId}."), await ErrorAsync(outsider, HttpMethod.Get, $"/api/sources/{world.ObjId}/phot_stat"));
        Assert.Equal((401, "HTTP 401: Unauthorized"), await ErrorAsync(outsider, HttpMethod.Put, $"/api/sources/{world.ObjId}/phot_stat"));
        Assert.Equal((401, "HTTP 401: Unauthorized"), await ErrorAsync(outsider, HttpMethod.Get, "/api/phot_stats"));
    }

    [Fact]
    public async Task PhotStat_PartOfThePointsHidden_IsOfTheVisiblePoints()
    {
        var world = await ArrangeAsync();
        await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031));
        await world.Member.PostAsync("/api/photometry", world.Flux(58001, 24, 0.031, withGroup: false));

        var whole = await world.Member.GetAsync($"/api/sources/{world.ObjId}/phot_stat");
        var part = await world.Colleague.GetAsync($"/api/sources/{world.ObjId}/phot_stat");

        Assert.Equal(2, whole.GetProperty("num_obs_global").GetInt32());
        Assert.Equal(1, part.GetProperty("num_obs_global").GetInt32());
        Assert.Equal(58000, part.GetProperty("last_detected_mjd").GetDouble());
    }

    [Theory]
    [InlineData("format=nosuch")]
    [InlineData("magsys=nosuch")]
    [InlineData("individualOrSeries=nosuch")]
    [InlineData("phaseFoldData=true")]
    public async Task GetOfSource_WrongQuery_Answers400(string query)
    {
        var world = await ArrangeAsync();
        await world.Member.PostAsync("/api/photometry", world.Flux(58000, 12.24, 0.031));

        var (status, _) = await world.Member.SendAsync(HttpMethod.Get, $"/api/sources/{world.ObjId}/photometry?{query}");

        Assert.Equal(400, status);
    }

    private static readonly IEqualityComparer<IEnumerable<string>> Same =
        EqualityComparer<IEnumerable<string>>.Create((one, other) => one!.Order(StringComparer.Ordinal).SequenceEqual(other!.Order(StringComparer.Ordinal)));

    private static IEnumerable<string> Keys(JsonElement row) => row.EnumerateObject().Select(property => property.Name);

    private static string Message(JsonElement envelope) => envelope.GetProperty("message").GetString()!;

    private static async Task<(int, string)> ErrorAsync(TestClient client, HttpMethod method, string path, object? body = null)
    {
        var (status, envelope) = await client.SendAsync(method, path, body);
        return (status, Message(envelope));
    }

    private async Task<World> ArrangeAsync()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        await using var db = site.Node.Contexts.For(Viewer.System);
        var group = new Group { Name = $"group-{mark}" };
        var telescope = new Telescope { Name = $"P48_{mark}", Nickname = "P48" };
        db.AddRange(group, telescope);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var instrument = new Instrument { Name = $"ZTF_{mark}", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg", "ztfr", "ztfi"] };
        db.AddRange(instrument, new Obj { Id = $"ZTF{mark}", Ra = 234.22, Dec = -22.33, GroupIds = [group.Id], InternalKey = Guid.NewGuid() });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return new World(
            $"ZTF{mark}",
            instrument.Id,
            group.Id,
            await site.Node.ClientAsync($"member-{mark}", Role.FullUser, (group.Id, false)),
            await site.Node.ClientAsync($"colleague-{mark}", Role.FullUser, (group.Id, false)),
            await site.Node.ClientAsync($"outsider-{mark}"));
    }

    private sealed record World(string ObjId, int InstrumentId, int GroupId, TestClient Member, TestClient Colleague, TestClient Outsider)
    {
        public Dictionary<string, object> Flux(object mjd, double flux, double fluxerr, bool withGroup = true, string? origin = null)
        {
            var body = new Dictionary<string, object>
            {
                ["obj_id"] = ObjId, ["mjd"] = mjd, ["instrument_id"] = InstrumentId, ["flux"] = flux, ["fluxerr"] = fluxerr, ["zp"] = 25.0,
                ["magsys"] = "ab", ["filter"] = "ztfg",
            };
            if (withGroup)
            {
                body["group_ids"] = new[] { GroupId };
                body["altdata"] = new { some_key = "v", empty = "" };
            }

            if (origin is not null)
            {
                body["origin"] = origin;
            }

            return body;
        }

        public object Mags() => new
        {
            obj_id = ObjId,
            mjd = new[] { 58001.0, 58002, 58003, 58004, 58005 },
            instrument_id = InstrumentId,
            mag = new double?[] { 18.1, 18.3, null, 18.9, 19.2 },
            magerr = new double?[] { 0.05, 0.05, null, 0.07, 0.1 },
            limiting_mag = new[] { 20.5, 20.5, 20.5, 20.5, 20.5 },
            magsys = "ab",
            filter = new[] { "ztfg", "ztfr", "ztfr", "ztfg", "ztfi" },
            group_ids = new[] { GroupId },
            origin = new[] { "a", "b", "c", "d", "e" },
            ra = Enumerable.Repeat(234.22, 5),
            dec = Enumerable.Repeat(-22.33, 5),
        };
    }
}
