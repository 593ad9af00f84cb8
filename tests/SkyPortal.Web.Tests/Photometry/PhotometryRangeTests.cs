using System.Globalization;
using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Points by time over all objects, copies, and light curves as files.</summary>
public sealed class PhotometryRangeTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private const string Header =
        "id,obj_id,mjd,filter,flux,fluxerr,zp,mag,magerr,limiting_mag,magsys,snr,instrument_id,instrument_name,origin,ra,dec,ra_unc,dec_unc,ref_flux,ref_fluxerr,altdata,created_at";

    [Fact]
    public async Task Range_BoundsInBodyOrQuery_GivesThePointsBetween()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var ids = await scene.PostAsync([58000, 58001, 58002.5]);
        var body = new { instrument_ids = new[] { scene.InstrumentId }, min_date = "2017-09-05T00:00:00", max_date = "2017-09-06" };

        var inBody = await scene.Member.DataAsync(HttpMethod.Get, "/api/photometry/range?format=flux", body);
        var inQuery = await scene.Member.GetAsync($"/api/photometry/range?instrument_ids={scene.InstrumentId}&min_date=2017-09-05&max_date=2017-09-06&magsys=vega");
        var elsewhere = await scene.Member.GetAsync("/api/photometry/range?instrument_ids=999999");

        Assert.Equal([ids[1]], inBody.EnumerateArray().Select(row => row.GetProperty("id").GetInt64()));
        Assert.Equal([ids[1]], inQuery.EnumerateArray().Select(row => row.GetProperty("id").GetInt64()));
        Assert.True(inBody[0].TryGetProperty("flux", out _));
        Assert.True(inQuery[0].TryGetProperty("mag", out _));
        Assert.Equal(0, elsewhere.GetArrayLength());
    }

    [Theory]
    [InlineData("format=both", "{}", "Invalid output format")]
    [InlineData("magsys=nosuch", "{}", "Invalid mag system")]
    [InlineData("min_date=2020-01-02&max_date=2020-01-01", "{}", "min_date")]
    [InlineData("instrument_ids=x", "{}", "instrument_ids")]
    [InlineData("", "{\"instrument_ids\":[\"x\"]}", "instrument_ids")]
    [InlineData("", "{\"min_date\":\"yesterday\"}", "min_date")]
    [InlineData("", "{\"minDate\":\"2020-01-01\"}", "minDate")]
    public async Task Range_WrongQuery_Answers400ThatNamesIt(string query, string body, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/photometry/range?{query}", body);

        Assert.Equal(400, status);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Range_MoreThanOnePart_GivesAllOfThemByTime()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([.. Enumerable.Range(0, 12_001).Select(index => 40_000 + (index * 0.25)).Reverse()]);

        var all = await scene.Colleague.GetAsync($"/api/photometry/range?instrument_ids={scene.InstrumentId}");
        var narrowed = await scene.Colleague.GetAsync($"/api/photometry/range?instrument_ids={scene.InstrumentId}&max_date=1968-06-01&format=flux");

        Assert.Equal(Enumerable.Range(0, 12_001).Select(index => 40_000 + (index * 0.25)), all.EnumerateArray().Select(row => row.GetProperty("mjd").GetDouble()));
        Assert.Contains(all[12_000].GetProperty("groups").EnumerateArray(), group => group.GetProperty("id").GetInt32() == scene.GroupId);
        Assert.InRange(narrowed.GetArrayLength(), 1, 9_999);
    }

    [Fact]
    public async Task Range_OfABandWithoutAZeroPoint_Answers400ThatNamesIt()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000]);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/photometry/range?instrument_ids={scene.InstrumentId}&magsys=bd17&min_date=2017-01-01");

        Assert.Equal(400, status);
        Assert.Contains("zero point for ztfg", PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_ALightCurve_IsTheCopiersAndTwiceAddsNothing()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000, 58001]);
        await scene.PostAsync([58002], withGroup: false);
        var body = new { origin_id = scene.ObjId, group_ids = new[] { scene.GroupId } };

        var copied = await scene.Colleague.PostAsync($"/api/sources/{scene.OtherId}/copy_photometry", body);
        var again = await scene.Colleague.PostAsync($"/api/sources/{scene.OtherId}/copy_photometry", body);
        var rows = await scene.Member.GetAsync($"/api/sources/{scene.OtherId}/photometry?format=flux&includeOwnerInfo=true");
        var originals = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry?format=flux");
        var stat = await scene.Member.GetAsync($"/api/sources/{scene.OtherId}/phot_stat");

        Assert.Equal(2, copied.GetProperty("ids").GetArrayLength());
        Assert.Equal(copied.GetProperty("ids").ToString(), again.GetProperty("ids").ToString());
        Assert.Equal(originals.EnumerateArray().Select(Measured), rows.EnumerateArray().Select(Measured));
        Assert.All(rows.EnumerateArray(), row => Assert.Equal(scene.Colleague.UserId, row.GetProperty("owner").GetProperty("id").GetInt32()));
        Assert.Equal(2, stat.GetProperty("num_obs_global").GetInt32());
    }

    [Theory]
    [InlineData("{}", "group_ids")]
    [InlineData("{\"group_ids\":[]}", "origin_id")]
    [InlineData("{\"group_ids\":[],\"origin_id\":\"nosuch\"}", "Invalid object ID: nosuch")]
    [InlineData("{\"group_ids\":[],\"origin_id\":\"B\"}", "target itself")]
    [InlineData("{\"group_ids\":[],\"origin_id\":\"A\"}", "has no photometry")]
    [InlineData("{\"group_ids\":[99999],\"origin_id\":\"A\"}", "Invalid group IDs: 99999")]
    [InlineData("{\"group_ids\":[],\"origin_id\":\"A\",\"x\":1}", "x: Extra")]
    public async Task Copy_WrongBody_Answers400ThatNamesIt(string body, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var filled = body.Replace("\"A\"", $"\"{scene.ObjId}\"", StringComparison.Ordinal).Replace("\"B\"", $"\"{scene.OtherId}\"", StringComparison.Ordinal);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, $"/api/sources/{scene.OtherId}/copy_photometry", filled);

        Assert.Equal(400, status);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_BothKinds_HoldWhatTheCallerMaySee()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = scene.Flux([58000, 58001.5]);
        body["origin"] = "a \"name\", quoted";
        body["altdata"] = new { k = "v, w" };
        await scene.Member.PostAsync("/api/photometry", body);
        await scene.PostAsync([58002], withGroup: false);

        var csv = await TextAsync(scene.Colleague, scene, "csv");
        var lines = (await TextAsync(scene.Member, scene, "ndjson")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var rows = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(("text/csv", Header, 3), (csv.Type, rows[0], rows.Length));
        Assert.Contains("\"a \"\"name\"\", quoted\"", rows[1], StringComparison.Ordinal);
        Assert.Contains("\"{\"\"k\"\":", rows[1], StringComparison.Ordinal);
        Assert.Equal([58000, 58001.5, 58002], lines.Select(line => line.GetProperty("mjd").GetDouble()));
        Assert.All(lines, line => Assert.Equal(Header, string.Join(',', line.EnumerateObject().Select(item => item.Name))));
        Assert.Equal(10.0.ToString("R", CultureInfo.InvariantCulture), rows[1].Split(',')[4]);
    }

    [Theory]
    [InlineData("export=xml", "export")]
    [InlineData("export=csv&magsys=nosuch", "Invalid mag system")]
    [InlineData("export=csv&magsys=bd17", "mag system")]
    [InlineData("export=csv&format=plot", "format")]
    [InlineData("export=csv&individualOrSeries=series", "individualOrSeries")]
    [InlineData("export=csv&phaseFoldData=true", "No period")]
    public async Task Export_WrongQuery_Answers400ThatNamesIt(string query, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000]);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/photometry?{query}");

        Assert.Equal(400, status);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRoute_Outsider_GetsNothing()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000]);
        var copy = new { origin_id = scene.ObjId, group_ids = new[] { scene.GroupId } };
        await scene.Outsider.PostAsync("/api/sources", new { id = $"C{scene.Mark}", ra = 1.0, dec = 2.0 });

        var range = await scene.Outsider.GetAsync($"/api/photometry/range?instrument_ids={scene.InstrumentId}");
        var export = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/photometry?export=csv");
        var into = await scene.Outsider.SendAsync(HttpMethod.Post, $"/api/sources/{scene.OtherId}/copy_photometry", copy);
        var outOf = await scene.Outsider.SendAsync(HttpMethod.Post, $"/api/sources/C{scene.Mark}/copy_photometry", copy);

        Assert.Equal(0, range.GetArrayLength());
        Assert.Equal((403, $"Insufficient permissions for User {scene.Outsider.UserId} to read Obj {scene.ObjId}"), (export.Status, PhotometryScene.Message(export.Envelope)));
        Assert.Equal((400, $"Invalid object ID: {scene.OtherId}"), (into.Status, PhotometryScene.Message(into.Envelope)));
        Assert.Equal((400, $"Invalid object ID: {scene.ObjId}"), (outOf.Status, PhotometryScene.Message(outOf.Envelope)));
    }

    private static (double, double, double, string?) Measured(JsonElement row) =>
        (row.GetProperty("mjd").GetDouble(), row.GetProperty("flux").GetDouble(), row.GetProperty("fluxerr").GetDouble(), row.GetProperty("filter").GetString());

    private static async Task<(string? Type, string Text)> TextAsync(TestClient client, PhotometryScene scene, string kind)
    {
        using var response = await client.Http.GetAsync($"/api/sources/{scene.ObjId}/photometry?export={kind}", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return (response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
