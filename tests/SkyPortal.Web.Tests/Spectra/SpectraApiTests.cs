using System.IO.Compression;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Web.Tests.Spectra;

/// <summary>Spectra over the wire, and what an outsider sees of them.</summary>
public sealed class SpectraApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] Columns =
    [
        "altdata", "assignment_id", "created_at", "errors", "fluxes", "followup_request_id", "id", "instrument_id", "label", "modified", "obj_id", "observed_at",
        "origin", "original_file_filename", "owner_id", "type", "units", "wavelengths",
    ];

    private static readonly string[] Related =
        ["annotations", "comments", "groups", "instrument", "instrument_name", "observers", "owner", "pis", "reducers", "telescope_id", "telescope_name"];

    [Fact]
    public async Task Spectrum_PostedAndRead_HasTheShapeThatClientsKnow()
    {
        var scene = await SceneAsync();
        var id = await scene.PostAsync();

        var one = await scene.Member.GetAsync($"/api/spectrum/{id}");
        var list = await scene.Member.GetAsync($"/api/sources/{scene.Obj}/spectra");

        Assert.Equal([.. Columns.Concat(Related).Order(StringComparer.Ordinal)], Keys(one));
        Assert.Equal([.. Columns.Concat(Related).Append("observed_at_mjd").Order(StringComparer.Ordinal)], Keys(list.GetProperty("spectra")[0]));
        Assert.Equal(
            ["across_id", "api_classname", "api_classname_obsplan", "band", "configuration_data", "created_at", "filters", "has_fields", "has_region", "id",
             "last_status_update", "listener_classname", "modified", "name", "sensitivity_data", "telescope", "telescope_id", "tns_id", "treasuremap_id", "type"],
            Keys(one.GetProperty("instrument")));
        Assert.Equal(
            ["affiliations", "bio", "contact_email", "contact_phone", "created_at", "expiration_date", "first_name", "id", "is_bot", "last_name", "modified", "oauth_uid", "username"],
            Keys(one.GetProperty("owner")));
        Assert.Equal("2020-01-01T00:00:00", one.GetProperty("observed_at").GetString());
        Assert.Equal("source", one.GetProperty("type").GetString());
        Assert.Equal([664.0, 665.0, 666.0], Numbers(one.GetProperty("wavelengths")));
        Assert.Equal(58849.0, list.GetProperty("spectra")[0].GetProperty("observed_at_mjd").GetDouble());
        Assert.Equal(scene.Obj, list.GetProperty("obj_id").GetString());
        Assert.Contains(one.GetProperty("groups").EnumerateArray(), group => group.GetProperty("id").GetInt32() == scene.Group);
        Assert.Contains(one.GetProperty("groups").EnumerateArray(), group => group.GetProperty("single_user_group").GetBoolean());
    }

    [Fact]
    public async Task Spectrum_PutAndDelete_ChangeWhatIsTheOwners()
    {
        var scene = await SceneAsync();
        var id = await scene.PostAsync();
        var other = await site.Node.ClientAsync($"other-{scene.Obj}", Role.FullUser, (scene.Group, false));

        await scene.Member.DataAsync(HttpMethod.Put, $"/api/spectra/{id}", new
        {
            label = "Peak", fluxes = new[] { 1.0, 2, 3 }, pi = new[] { scene.Member.UserId }, external_pi = "A. Nobody", reduced_by = new[] { other.UserId }, group_ids = Array.Empty<int>(),
        });
        var changed = await scene.Member.GetAsync($"/api/spectra/{id}");
        var (foreignPut, _) = await other.SendAsync(HttpMethod.Put, $"/api/spectra/{id}", new { label = "Mine" });
        var (foreignDelete, _) = await other.SendAsync(HttpMethod.Delete, $"/api/spectra/{id}");
        var (mismatch, envelope) = await scene.Member.SendAsync(HttpMethod.Put, $"/api/spectra/{id}", new { fluxes = new[] { 1.0 } });
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/spectra/{id}");
        var (gone, _) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/spectra/{id}");

        Assert.Equal("Peak", changed.GetProperty("label").GetString());
        Assert.Equal([1.0, 2, 3], Numbers(changed.GetProperty("fluxes")));
        Assert.Equal([664.0, 665.0, 666.0], Numbers(changed.GetProperty("wavelengths")));
        Assert.Equal("A. Nobody", changed.GetProperty("external_pi").GetString());
        Assert.Equal(other.UserId, changed.GetProperty("reducers")[0].GetProperty("id").GetInt32());
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("external_reducer").ValueKind);
        Assert.True(changed.GetProperty("groups").GetArrayLength() >= 2);
        Assert.Equal((400, 400, 400, 403), (foreignPut, foreignDelete, mismatch, gone));
        Assert.Contains("fluxes", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spectrum_Changes_AreRecordedForOpenPages()
    {
        var scene = await SceneAsync();
        var id = await scene.PostAsync();
        await scene.Member.DataAsync(HttpMethod.Put, $"/api/spectra/{id}", new { label = "New" });
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/spectra/{id}");

        await using var db = site.Node.Contexts.For(Viewer.System);
        var kinds = db.Set<Domain.Operations.OutboxEvent>().Where(item => item.Subject == scene.Obj && item.Kind.StartsWith("spectrum.")).OrderBy(item => item.Id).Select(item => item.Kind).ToList();

        Assert.Equal(["spectrum.posted", "spectrum.edited", "spectrum.deleted"], kinds);
    }

    [Fact]
    public async Task Ascii_ParsedAndPosted_KeepsTheFileByteForByte()
    {
        var scene = await SceneAsync();
        const string text = "# EXPTIME: 600\n# µ remark\r\n4000\t1e-16 1e-17\n4001  nan 1e-17\n4002 3e-16  1e-17   ";

        var parsed = await scene.Member.PostAsync("/api/spectra/parse/ascii", new { ascii = "1.0 2.0\n3.0 4.0\n5.0 6.0\n", wave_column = 0, flux_column = 1 });
        var posted = await scene.Member.PostAsync("/api/spectrum/ascii", new
        {
            ascii = text, filename = "..\\..\\a/../sn.ascii", obj_id = scene.Obj, instrument_id = scene.Instrument, observed_at = "2020-02-01T10:00:00", fluxerr_column = 2, group_ids = new[] { scene.Group },
        });
        var id = posted.GetProperty("id").GetInt64();
        var one = await scene.Member.GetAsync($"/api/spectra/{id}?includeOriginalFile=true");
        using var file = await scene.Member.Http.GetAsync($"/api/spectra/{id}/file");
        using var zip = new ZipArchive(await scene.Member.Http.GetStreamAsync($"/api/sources/{scene.Obj}/spectra/files"));

        Assert.Equal(
            ["altdata", "fluxes", "instrument_id", "label", "obj_id", "observed_at", "original_file_string", "owner_id", "type", "wavelengths"], Keys(parsed));
        Assert.Equal([2.0, 4.0, 6.0], Numbers(parsed.GetProperty("fluxes")));
        Assert.Equal(1, posted.GetProperty("skipped_rows").GetInt32());
        Assert.Equal(text, one.GetProperty("original_file_string").GetString());
        Assert.Equal("sn.ascii", one.GetProperty("original_file_filename").GetString());
        Assert.Equal(600, one.GetProperty("altdata").GetProperty("EXPTIME").GetInt32());
        Assert.Equal([4000.0, 4002.0], Numbers(one.GetProperty("wavelengths")));
        Assert.Equal(Encoding.UTF8.GetBytes(text), await file.Content.ReadAsByteArrayAsync());
        using var reader = new StreamReader(Assert.Single(zip.Entries).Open());
        Assert.Equal(text, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Fits_Posted_IsReadAndKeptByteForByte()
    {
        var scene = await SceneAsync();
        string[] cards = ["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 3", "CRVAL1  = 4000.0", "CDELT1  = 2.0", "DATE-OBS= '2020-03-04T05:06:07'", "BUNIT   = 'Jy'", "END"];
        byte[] bytes = [.. Encoding.ASCII.GetBytes(string.Concat(cards.Select(card => card.PadRight(80))).PadRight(2880)), 1, 2, 3, .. new byte[2877]];

        var id = (await scene.Member.PostAsync("/api/spectra/fits", new { fits = Convert.ToBase64String(bytes), filename = "a.fits", obj_id = scene.Obj, instrument_id = scene.Instrument })).GetProperty("id").GetInt64();
        var one = await scene.Member.GetAsync($"/api/spectra/{id}?includeOriginalFile=true");

        Assert.Equal([4000.0, 4002.0, 4004.0], Numbers(one.GetProperty("wavelengths")));
        Assert.Equal("Jy", one.GetProperty("units").GetString());
        Assert.Equal("2020-03-04T05:06:07", one.GetProperty("observed_at").GetString());
        Assert.Equal(JsonValueKind.Null, one.GetProperty("original_file_string").ValueKind);
        Assert.Equal(bytes, await scene.Member.Http.GetByteArrayAsync($"/api/spectra/{id}/file"));
    }

    [Fact]
    public async Task Lists_Filtered_HoldWhatMatches()
    {
        var scene = await SceneAsync();
        var early = await scene.PostAsync(new() { ["observed_at"] = "2019-01-01", ["origin"] = "Lowell", ["type"] = "host" });
        var late = await scene.PostAsync(new() { ["observed_at"] = "2021-01-01", ["label"] = "peak" });
        async Task<List<long>> FindAsync(string query) =>
            [.. (await scene.Member.GetAsync($"/api/spectra?objID={scene.Obj}&{query}")).EnumerateArray().Select(row => row.GetProperty("id").GetInt64())];

        Assert.Equal([early, late], await FindAsync(""));
        Assert.Equal([early], await FindAsync("observedBefore=2020-01-01"));
        Assert.Equal([late], await FindAsync("observedAfter=2020-01-01"));
        Assert.Equal([early], await FindAsync("origin=low,none&type=host,source"));
        Assert.Equal([late], await FindAsync("label=PEAK"));
        Assert.Equal([early, late], await FindAsync($"instrumentIDs={scene.Instrument}&groupIDs={scene.Group}&modifiedAfter=2020-01-01"));
        Assert.Equal([], await FindAsync("commentsFilter=nice"));
        var range = await scene.Member.GetAsync($"/api/spectra/range?instrument_ids={scene.Instrument}&min_date=2018-01-01&max_date=2020-01-01");
        Assert.Equal([.. Columns.Append("original_file_string").Order(StringComparer.Ordinal)], Keys(Assert.Single(range.EnumerateArray())));
        var minimal = (await scene.Member.GetAsync($"/api/spectra?objID={scene.Obj}&minimalPayload=true"))[0];
        Assert.Equal([.. Columns.Except(["wavelengths", "fluxes", "errors", "units"]).Order(StringComparer.Ordinal)], Keys(minimal));
        var newest = await scene.Member.GetAsync($"/api/sources/{scene.Obj}/spectra?sortBy=observed_at&sortOrder=desc&normalization=median");
        Assert.Equal(late, newest.GetProperty("spectra")[0].GetProperty("id").GetInt64());
        Assert.Equal(1.0, newest.GetProperty("spectra")[0].GetProperty("fluxes")[0].GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Bulk_OfSources_GivesSpectraOldestFirst()
    {
        var scene = await SceneAsync();
        await scene.PostAsync();

        var bulk = await scene.Member.PostAsync("/api/spectra/bulk", new { obj_ids = $"{scene.Obj},nothing", group_id = scene.Group });

        Assert.Equal(["first_detected_mjd", "id", "peak_mjd", "redshift", "tns_discovery_date"], Keys(Assert.Single(bulk.GetProperty("sources").EnumerateArray())));
        Assert.Equal(["fluxes", "obj_id", "observed_at", "wavelengths"], Keys(Assert.Single(bulk.GetProperty("spectra").EnumerateArray())));
        Assert.False(bulk.GetProperty("truncated").GetBoolean());
    }

    // The row of the statistics has the very id of the viewer's group: only the groups within it may count.
    [Fact]
    public async Task Bulk_StatisticsOfHiddenPoints_AreNotTold()
    {
        var scene = await SceneAsync();
        await scene.PostAsync();
        await using (var db = site.Node.Contexts.For(Viewer.System))
        {
            db.Add(new Domain.Photometry.PhotStat
            {
                Id = scene.Group, ObjId = scene.Obj, FirstDetectedMjd = 60000, PeakMjdGlobal = 60001,
                Visibility = JsonSerializer.SerializeToElement(new[] { new { groups = new[] { 999_999 }, streams = Array.Empty<int>() } }),
            });
            await db.SaveChangesAsync();
        }

        async Task<JsonElement> ReadAsync(TestClient client) =>
            Assert.Single((await client.PostAsync("/api/spectra/bulk", new { obj_ids = new[] { scene.Obj } })).GetProperty("sources").EnumerateArray()).GetProperty("first_detected_mjd");

        Assert.Equal(JsonValueKind.Null, (await ReadAsync(scene.Member)).ValueKind);
        Assert.Equal(60000, (await ReadAsync(scene.Admin)).GetDouble());
        Assert.Equal(0, (await scene.Member.GetAsync($"/api/sources?group_ids={scene.Group}&startDate=2020-01-01")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task SyntheticPhotometry_OfAFlatSpectrum_HasItsMagnitude()
    {
        var scene = await SceneAsync();
        var wavelengths = Enumerable.Range(0, 600).Select(index => 3500.0 + (10 * index)).ToArray();
        var id = await scene.PostAsync(new()
        {
            ["wavelengths"] = wavelengths, ["fluxes"] = wavelengths.Select(_ => 1e-3).ToArray(), ["errors"] = null, ["units"] = "Jy",
        });

        await scene.Member.PostAsync($"/api/spectra/synthphot/{id}", new { filters = new[] { "ztfg", "ztfr" } });
        await scene.Member.PostAsync($"/api/spectra/synthphot/{id}", new { filters = new[] { "ztfg", "ztfr" } });
        var points = await scene.Member.GetAsync($"/api/sources/{scene.Obj}/photometry");
        var (outside, envelope) = await scene.Member.SendAsync(HttpMethod.Post, $"/api/spectra/synthphot/{id}", new { filters = new[] { "2massj" } });
        var (unitless, _) = await scene.Member.SendAsync(HttpMethod.Post, $"/api/spectra/synthphot/{await scene.PostAsync(new() { ["units"] = null })}", new { filters = new[] { "ztfr" } });

        Assert.Equal(2, points.GetArrayLength());
        Assert.All(points.EnumerateArray(), point => Assert.Equal(16.4, point.GetProperty("mag").GetDouble(), 1e-3));
        Assert.Equal((400, 400), (outside, unitless));
        Assert.Contains("outside spectral range", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_WithSpectrum_SaysSo()
    {
        var scene = await SceneAsync();
        async Task<(bool One, int With, int Without)> LookAsync() => (
            (await scene.Member.GetAsync($"/api/sources/{scene.Obj}?includeSpectrumExists=true")).GetProperty("spectrum_exists").GetBoolean(),
            (await scene.Member.GetAsync($"/api/sources?group_ids={scene.Group}&hasSpectrum=true&hasSpectrumAfter=2019-01-01&includeSpectrumExists=true")).GetProperty("totalMatches").GetInt32(),
            (await scene.Member.GetAsync($"/api/sources?group_ids={scene.Group}&hasNoSpectrum=true")).GetProperty("totalMatches").GetInt32());

        var before = await LookAsync();
        await scene.PostAsync();
        var after = await LookAsync();
        var candidate = await scene.Member.GetAsync($"/api/candidates/{scene.Obj}?includeSpectra=true");
        var admin = await site.Node.AdminAsync();
        var (status, envelope) = await admin.SendAsync(HttpMethod.Delete, $"/api/objs/{scene.Obj}");

        Assert.Equal((false, 0, 1), before);
        Assert.Equal((true, 1, 0), after);
        Assert.Equal(1, candidate.GetProperty("spectra").GetArrayLength());
        Assert.Equal(400, status);
        Assert.Contains("spectra", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRoute_Outsider_LearnsNothing()
    {
        var scene = await SceneAsync();
        var id = (await scene.Member.PostAsync("/api/spectra/ascii", new
        {
            ascii = "4000 1\n4001 2", filename = "secret.txt", obj_id = scene.Obj, instrument_id = scene.Instrument, observed_at = "2020-02-01", group_ids = new[] { scene.Group },
        })).GetProperty("id").GetInt64();
        var outsider = await site.Node.ClientAsync($"outsider-{scene.Obj}");

        await OutsideAsync(outsider, id, scene, seesObj: false);
        // Sharing the object alone shows none of its spectra, and sharing a spectrum alone shows it to nobody.
        var shared = (await scene.Admin.PostAsync("/api/groups", new { name = $"shared {scene.Obj}", group_admins = new[] { scene.Admin.UserId } })).GetProperty("id").GetInt32();
        var seesObject = await site.Node.ClientAsync($"sees-object-{scene.Obj}", Role.FullUser, (shared, false));
        await scene.Admin.PostAsync("/api/sources", new { id = scene.Obj, ra = 10.5, dec = 20.5, group_ids = new[] { shared } });
        await OutsideAsync(seesObject, id, scene, seesObj: true);
    }

    [Fact]
    public async Task Spectrum_OfAHiddenObject_IsHiddenFromItsGroups()
    {
        var scene = await SceneAsync();
        var mark = Guid.NewGuid().ToString("N")[..8];
        var group = (await scene.Admin.PostAsync("/api/groups", new { name = $"blind {mark}", group_admins = new[] { scene.Admin.UserId } })).GetProperty("id").GetInt32();
        var blind = await site.Node.ClientAsync($"blind-{mark}", Role.FullUser, (group, false));
        var id = (await scene.Admin.PostAsync("/api/spectra", scene.Body(new() { ["group_ids"] = new[] { group } }))).GetProperty("id").GetInt64();

        await OutsideAsync(blind, id, scene, seesObj: false);
    }

    [Theory]
    [InlineData("wavelengths", "[664,665]", "fluxes")]
    [InlineData("wavelengths", "[664,-665,666]", "wavelengths[1]")]
    [InlineData("wavelengths", "[664]", "wavelengths")]
    [InlineData("wavelengths", "\"664\"", "wavelengths")]
    [InlineData("wavelengths", "null", "wavelengths")]
    [InlineData("fluxes", "[1,null,2]", "fluxes[1]")]
    [InlineData("fluxes", "[1,\"NaN\",2]", "fluxes[1]")]
    [InlineData("fluxes", "[1,1e999,2]", "fluxes")]
    [InlineData("fluxes", "[1,NaN,2]", "JSON decode failed")]
    [InlineData("errors", "[1,-1,2]", "errors[1]")]
    [InlineData("errors", "[1,2]", "errors")]
    [InlineData("units", "\"furlong\"", "units")]
    [InlineData("type", "\"galaxy\"", "Must be one of")]
    [InlineData("observed_at", "\"yesterday\"", "observed_at")]
    [InlineData("observed_at", "null", "observed_at")]
    [InlineData("obj_id", "\"nothing\"", "obj_id")]
    [InlineData("instrument_id", "999999", "instrument_id")]
    [InlineData("instrument_id", "\"x\"", "instrument_id")]
    [InlineData("group_ids", "[999999]", "group_ids")]
    [InlineData("group_ids", "\"none\"", "group_ids")]
    [InlineData("pi", "[999999]", "pi")]
    [InlineData("reduced_by", "[999999]", "reduced_by")]
    [InlineData("external_pi", "\"A. Nobody\"", "external_pi")]
    [InlineData("external_observer", "\"A. Nobody\"", "external_observer")]
    [InlineData("followup_request_id", "1", "followup_request_id")]
    [InlineData("assignment_id", "1", "assignment_id")]
    [InlineData("altdata", "[1]", "altdata")]
    [InlineData("altdata", "{\"a\":\"\\u0000\"}", "altdata")]
    [InlineData("label", "\"\\u0000\"", "label")]
    public async Task Post_WrongField_IsRefusedByNameAndNothingIsKept(string field, string json, string named)
    {
        var scene = await SceneAsync();
        var body = scene.Body([]);
        body.Remove(field);
        var wrong = JsonSerializer.Serialize(body)[..^1] + $",\"{field}\":{json}}}";
        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/spectra", wrong);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await scene.Member.GetAsync($"/api/sources/{scene.Obj}/spectra")).GetProperty("spectra").GetArrayLength());
    }

    [Theory]
    [InlineData("GET", "/api/spectra/abc", null, 400, "spectrum_id")]
    [InlineData("GET", "/api/spectra/99999999999999999999", null, 400, "spectrum_id")]
    [InlineData("GET", "/api/spectra/999999999", null, 403, "999999999")]
    [InlineData("DELETE", "/api/spectra/999999999", null, 403, "Could not find spectrum.")]
    [InlineData("GET", "/api/spectra/999999999/file", null, 404, "999999999")]
    [InlineData("GET", "/api/spectra?observedBefore=yesterday", null, 400, "observedBefore")]
    [InlineData("GET", "/api/spectra?instrumentIDs=x", null, 400, "instrumentIDs")]
    [InlineData("GET", "/api/spectra?instrumentIDs=999999", null, 400, "Not all Instrument IDs")]
    [InlineData("GET", "/api/spectra?groupIDs=999999", null, 400, "Not all Group IDs")]
    [InlineData("GET", "/api/spectra?followupRequestIDs=1", null, 400, "followupRequestIDs")]
    [InlineData("GET", "/api/spectra?type=galaxy", null, 400, "list of allowed spectrum types")]
    [InlineData("GET", "/api/spectra/range?min_date=yesterday", null, 400, "min_date")]
    [InlineData("GET", "/api/spectra/range?instrument_ids=1&instrument_ids=x", null, 400, "instrument_ids")]
    [InlineData("GET", "/api/sources/nothing/spectra", null, 400, "Invalid object ID.")]
    [InlineData("GET", "/api/sources/nothing/spectra/files", null, 404, "nothing")]
    [InlineData("GET", "/api/sources/nothing/spectra?sortBy=flux", null, 400, "sortBy")]
    [InlineData("GET", "/api/sources/nothing/spectra?sortOrder=up", null, 400, "sortOrder")]
    [InlineData("GET", "/api/sources/nothing/spectra?normalization=mean", null, 400, "normalization")]
    [InlineData("POST", "/api/spectra/parse/ascii", "{\"ascii\":\"1 2\\n3 x\"}", 400, "line 2")]
    [InlineData("POST", "/api/spectra/parse/ascii", "{\"ascii\":\"1 2\\n3 4\",\"flux_column\":5}", 400, "flux_column")]
    [InlineData("POST", "/api/spectra/parse/ascii", "{}", 400, "ascii")]
    [InlineData("POST", "/api/spectra/parse/fits", "{\"fits\":\"????\"}", 400, "fits")]
    [InlineData("POST", "/api/spectra/parse/fits", "{\"fits\":\"AAAA\"}", 400, "FITS")]
    [InlineData("POST", "/api/spectra/ascii", "{\"ascii\":\"1 2\\n3 4\",\"obj_id\":\"x\",\"instrument_id\":1,\"observed_at\":\"2020-01-01\"}", 400, "filename")]
    [InlineData("POST", "/api/spectra/parse/ascii", "{\"ascii\":5}", 400, "ascii")]
    [InlineData("POST", "/api/spectra/bulk", "{\"maxSources\":5000}", 400, "maxSources")]
    [InlineData("POST", "/api/spectra/synthphot/999999999", "{\"filters\":[\"ztfr\"]}", 400, "999999999")]
    [InlineData("POST", "/api/spectra/synthphot/999999999", "{}", 400, "filters")]
    public async Task BadInput_IsRefusedWithItsName(string method, string path, string? body, int expected, string named)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(expected, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ZTF20abpuxna_20200915_Keck1_v1.ascii", 3, 200)]
    [InlineData("ZTF20abwdwoa_20200902_P60_v1.ascii", 2, 200)]
    [InlineData("ZTF20abucjsa_20200909_LT_v1.ascii", null, 200)]
    [InlineData("zac_spec.dat", 2, 200)]
    [InlineData("spectrum_with_nan.txt", null, 200)]
    [InlineData("ZTF20abpuxna_20200915_Keck1_v1.ascii.bad", 3, 400)]
    public async Task Ascii_RealFile_LoadsAsAPersonWouldLoadIt(string name, int? errorColumn, int expected)
    {
        var path = SharedData.PathOrSkip($"spectra/{name}");
        var scene = await SceneAsync();

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/spectra/ascii", new
        {
            ascii = await File.ReadAllTextAsync(path), filename = name, obj_id = scene.Obj, instrument_id = scene.Instrument, observed_at = "2020-09-15T10:00:00", fluxerr_column = errorColumn,
        });

        Assert.True(status == expected, envelope.ToString());
        if (expected == 200)
        {
            var id = envelope.GetProperty("data").GetProperty("id").GetInt64();
            Assert.Equal(await File.ReadAllBytesAsync(path), await scene.Member.Http.GetByteArrayAsync($"/api/spectra/{id}/file"));
        }
        else
        {
            Assert.Contains("line", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static async Task OutsideAsync(TestClient outsider, long id, Scene scene, bool seesObj)
    {
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, $"/api/spectra/{id}", null),
            (HttpMethod.Get, $"/api/spectrum/{id}?includeOriginalFile=true", null),
            (HttpMethod.Get, $"/api/spectra/{id}/file", null),
            (HttpMethod.Put, $"/api/spectra/{id}", new { label = "mine" }),
            (HttpMethod.Delete, $"/api/spectra/{id}", null),
            (HttpMethod.Post, $"/api/spectra/synthphot/{id}", new { filters = new[] { "ztfr" } }),
            (HttpMethod.Get, $"/api/sources/{scene.Obj}/spectra/files", null),
        })
        {
            var (status, envelope) = await outsider.SendAsync(method, path, body);
            Assert.True(status is 400 or 403 or 404, $"{method} {path} answered {status}");
            Assert.DoesNotContain("secret", envelope.ToString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain((await outsider.GetAsync("/api/spectra?minimalPayload=true")).EnumerateArray(), row => row.GetProperty("id").GetInt64() == id);
        Assert.DoesNotContain((await outsider.GetAsync("/api/spectra/range")).EnumerateArray(), row => row.GetProperty("id").GetInt64() == id);
        var bulk = await outsider.PostAsync("/api/spectra/bulk", new { obj_ids = new[] { scene.Obj } });
        Assert.Equal((0, 0), (bulk.GetProperty("sources").GetArrayLength(), bulk.GetProperty("spectra").GetArrayLength()));
        var (listStatus, list) = await outsider.SendAsync(HttpMethod.Get, $"/api/sources/{scene.Obj}/spectra");
        if (!seesObj)
        {
            Assert.Equal(400, listStatus);
            return;
        }

        Assert.Equal(0, list.GetProperty("data").GetProperty("spectra").GetArrayLength());
        Assert.False((await outsider.GetAsync($"/api/sources/{scene.Obj}?includeSpectrumExists=true")).GetProperty("spectrum_exists").GetBoolean());
        Assert.Equal(0, (await outsider.GetAsync($"/api/sources?sourceID={scene.Obj}&hasSpectrum=true")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(0, (await outsider.GetAsync($"/api/candidates/{scene.Obj}?includeSpectra=true")).GetProperty("spectra").GetArrayLength());
    }

    private static IEnumerable<string> Keys(JsonElement row) => row.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<double> Numbers(JsonElement list) => list.EnumerateArray().Select(item => item.GetDouble());

    private async Task<Scene> SceneAsync()
    {
        var admin = await site.Node.AdminAsync();
        var mark = Guid.NewGuid().ToString("N")[..8];
        var group = (await admin.PostAsync("/api/groups", new { name = $"group {mark}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var telescope = (await admin.PostAsync("/api/telescope", new { name = $"Telescope {mark}", nickname = $"T{mark}", diameter = 1.2, lat = 33.4, lon = -116.9, elevation = 1870.0, robotic = true }))
            .GetProperty("id").GetInt32();
        var instrument = (await admin.PostAsync("/api/instrument", new { name = $"Spectrograph {mark}", type = "spectrograph", telescope_id = telescope, filters = Array.Empty<string>() })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync($"member-{mark}", Role.FullUser, (group, false));
        await member.PostAsync("/api/sources", new { id = $"Obj{mark}", ra = 10.5, dec = 20.5, group_ids = new[] { group } });
        return new Scene(admin, member, group, instrument, $"Obj{mark}");
    }

    private sealed record Scene(TestClient Admin, TestClient Member, int Group, int Instrument, string Obj)
    {
        public Dictionary<string, object?> Body(Dictionary<string, object?> other)
        {
            var body = new Dictionary<string, object?>
            {
                ["obj_id"] = Obj, ["observed_at"] = "2020-01-01T00:00:00", ["instrument_id"] = Instrument, ["wavelengths"] = new[] { 664.0, 665.0, 666.0 },
                ["fluxes"] = new[] { 234.2, 232.1, 235.3 }, ["errors"] = new[] { 1, 1, 1 }, ["units"] = "erg/s/cm/cm/AA", ["group_ids"] = new[] { Group },
            };
            foreach (var (key, value) in other)
            {
                body[key] = value;
            }

            return body;
        }

        public async Task<long> PostAsync(Dictionary<string, object?>? other = null) =>
            (await Member.PostAsync("/api/spectra", Body(other ?? []))).GetProperty("id").GetInt64();
    }
}
