using System.Text.Json;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Uploads that were corrected for the dust of the Milky Way, under a map whose colour excess is 0.2 mag everywhere.</summary>
public sealed class ExtinctionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skyportal-dust-").FullName;
    private TestSite? _site;

    public async ValueTask InitializeAsync()
    {
        foreach (var pole in new[] { "ngp", "sgp" })
        {
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"SFD_dust_4096_{pole}.fits"), FitsWriter.WriteImage(Enumerable.Repeat(0.2f, 64 * 64).ToArray(), 64, 64));
        }

        _site = await TestSite.StartAsync(builder => builder.Configuration["Dust:Directory"] = _folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _site!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Post_CorrectedFluxes_AreStoredAsObserved()
    {
        var scene = await PhotometryScene.MakeAsync(_site!.Node);
        var body = scene.Flux([58000, 58001]);
        body["extinction_corrected"] = true;
        body["ref_flux"] = 50.0;
        body["ref_fluxerr"] = 2.0;

        await scene.Member.PostAsync("/api/photometry", body);
        var rows = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/photometry?format=both&includeExtinction=true");
        var row = rows[1];
        var extinction = row.GetProperty("extinction").GetDouble();
        var factor = Math.Pow(10, -0.4 * extinction);

        // Schlafly & Finkbeiner (2011, ApJ 737, 103), table 6: 3.3 to 3.8 times E(B-V) in SDSS g, by curve; the curve has its own tests.
        Assert.InRange(extinction, 0.2 * 3.3, 0.2 * 3.8);
        Assert.Equal(11 * factor, row.GetProperty("flux").GetDouble(), 9);
        Assert.Equal(factor, row.GetProperty("fluxerr").GetDouble(), 9);
        Assert.Equal(50 * factor, row.GetProperty("ref_flux").GetDouble(), 9);
        Assert.Equal(11, row.GetProperty("flux_corr").GetDouble(), 9);
    }

    [Fact]
    public async Task Put_CorrectedMagnitudesAndLimits_AreStoredAsObserved()
    {
        var scene = await PhotometryScene.MakeAsync(_site!.Node);
        var body = new
        {
            obj_id = scene.ObjId, instrument_id = scene.InstrumentId, mjd = new[] { 58000.0, 58001 }, filter = "ztfg", magsys = "ab", mag = new double?[] { 18, null },
            magerr = new double?[] { 0.1, null }, limiting_mag = 20.5, extinction_corrected = true, group_ids = new[] { scene.GroupId },
        };

        await scene.Member.DataAsync(HttpMethod.Put, "/api/photometry", body);
        var rows = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/photometry?includeExtinction=true");
        var extinction = rows[0].GetProperty("extinction").GetDouble();

        Assert.Equal(18 + extinction, rows[0].GetProperty("mag").GetDouble(), 9);
        Assert.Equal(18, rows[0].GetProperty("mag_corr").GetDouble(), 9);
        Assert.Equal(0.1, rows[0].GetProperty("magerr").GetDouble(), 9);
        Assert.Equal(20.5 + extinction, rows[1].GetProperty("limiting_mag").GetDouble(), 9);
    }

    [Fact]
    public async Task Export_WithEveryFlag_HasAColumnForEach()
    {
        var scene = await PhotometryScene.MakeAsync(_site!.Node);
        await scene.PostAsync([58000, 58001]);
        await scene.Member.PostAsync($"/api/sources/{scene.ObjId}/annotations", new { origin = "fit", data = new { period = 2.0 }, group_ids = new[] { scene.GroupId } });

        var path = $"/api/sources/{scene.ObjId}/photometry?export=ndjson&format=mag&magsys=vega&includeOwnerInfo=true&includeStreamInfo=true&includeAnnotationInfo=true"
            + "&includeValidationInfo=true&includeExtinction=true&phaseFoldData=true&deduplicatePhotometry=true";
        var lines = (await scene.Colleague.Http.GetStringAsync(path, TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var row = JsonSerializer.Deserialize<JsonElement>(lines[1]);
        var plain = (await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry?magsys=vega&includeExtinction=true&phaseFoldData=true"))[1];

        Assert.Equal(2, lines.Length);
        Assert.False(row.TryGetProperty("flux", out _) || row.TryGetProperty("flux_corr", out _));
        Assert.Equal("vega", row.GetProperty("magsys").GetString());
        foreach (var same in new[] { "mag", "mag_corr", "extinction", "phase", "limiting_mag" })
        {
            Assert.Equal(plain.GetProperty(same).GetDouble(), row.GetProperty(same).GetDouble(), 12);
        }

        Assert.Equal(scene.Member.UserId, row.GetProperty("owner").GetProperty("id").GetInt32());
        Assert.All(new[] { "streams", "annotations", "validations" }, name => Assert.Equal(JsonValueKind.Array, row.GetProperty(name).ValueKind));
    }
}
