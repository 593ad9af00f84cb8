using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Catalogs;

/// <summary>Annotations from catalogues over the API.</summary>
public sealed class AnnotationServiceTests : IAsyncLifetime
{
    private ArchiveScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ArchiveScene.MakeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("gaia", "{}", "gaiadr3.gaia_source", """{"ra":150.10001,"dec":2.20001,"pm":5,"pm_ra":3,"pm_dec":4,"Mag_G":17.1,"Mag_BP":17.5,"Mag_RP":16.5,"Plx":1.25,"Plx_err":0.05,"Plx_over_err":25,"RUWE":1.02}""")]
    [InlineData("irsa", "{}", "allwise_p3as_psd-150.1000212-2.2000123", """{"ra":150.1000212,"dec":2.2000123,"w1mpro":14.512,"w1sigmpro":0.028,"w2mpro":14.103,"w2sigmpro":0.044,"w3mpro":11.9,"w4mpro":8.5}""")]
    [InlineData("vizier", "{}", "VII/290-SDSS J100024.00+0212", """{"Qpct":98,"z":1.345}""")]
    [InlineData("vizier", """{"catalog":"II/335/galex_ais"}""", "II/335/galex_ais-GALEX J100024.0+0212", """{"NUVmag":20.512,"e_NUVmag":0.121}""")]
    [InlineData("datalab", "{}", "ls_dr10-10995473123456789", """{"z_phot_median":0.312,"z_phot_std":0.021,"ra":150.10001,"dec":2.20001,"type":"REX","z_phot_l95":0.271,"flux_z":12.5}""")]
    [InlineData("datalab", """{"catalog":"desi_dr1"}""", "desi_dr1-39627835576422000", """{"z":0.31415,"zerr":2E-05,"zwarn":0,"spectype":"GALAXY","ra":150.10001,"dec":2.20001,"flux_z":12.5}""")]
    public async Task Post_OneMatch_BecomesAnAnnotation(string service, string body, string origin, string data)
    {
        var id = await _scene.SourceAsync("ANNOTATED1");

        await _scene.Member.DataAsync(HttpMethod.Post, $"/api/sources/{id}/annotations/{service}", body);

        var annotation = (await _scene.Colleague.GetAsync($"/api/sources/{id}/annotations"))[0];
        Assert.Equal(origin, annotation.GetProperty("origin").GetString());
        Assert.Equal(
            Sorted(JsonSerializer.Deserialize<JsonElement>(data)),
            Sorted(annotation.GetProperty("data")));
        var (status, envelope) = await _scene.Member.SendAsync(HttpMethod.Post, $"/api/sources/{id}/annotations/{service}", body);
        Assert.Equal((400, "Annotation already posted."), (status, envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task PostPs1_SeveralMatches_BecomeAnAnnotationEach()
    {
        var id = await _scene.SourceAsync("ANNOTATED2");

        await _scene.Member.PostAsync($"/api/sources/{id}/annotations/ps1", new { group_ids = new[] { _scene.Group } });

        var annotations = (await _scene.Member.GetAsync($"/api/sources/{id}/annotations")).EnumerateArray().ToList();
        Assert.Equal(["ps1.dr2-110641501000112345", "ps1.dr2-110641501000154321"], annotations.Select(item => item.GetProperty("origin").GetString()).Order(StringComparer.Ordinal));
        var nearest = annotations.Single(item => item.GetProperty("origin").GetString()!.EndsWith("12345", StringComparison.Ordinal)).GetProperty("data");
        Assert.False(nearest.TryGetProperty("yMeanPSFMag", out _));
        Assert.Equal(0.0804, nearest.GetProperty("distance_arcsec").GetDouble(), 1e-3);
        Assert.Equal(["objID", "raMean", "decMean", "nDetections"], ColumnsAsked().Take(4));
    }

    [Fact]
    public async Task PostGaia_TwoWithoutLimit_AreOrderedAndNamedByPlace()
    {
        var id = await _scene.SourceAsync("ANNOTATED3");

        await _scene.Member.PostAsync($"/api/sources/{id}/annotations/gaia", new { crossmatchLimmag = 0, crossmatchNumber = 5, crossmatchRadius = 3 });

        var origins = (await _scene.Member.GetAsync($"/api/sources/{id}/annotations")).EnumerateArray().Select(item => item.GetProperty("origin").GetString()).Order(StringComparer.Ordinal);
        Assert.Equal(["gaiadr3.gaia_source-150.10001-2.20001", "gaiadr3.gaia_source-150.10030-2.20030"], origins);
    }

    [Fact]
    public async Task PostGaia_FirstMirrorDown_AsksTheSecondAndKeepsToIt()
    {
        _scene.Outside.On("GaiaAip", _ => SimulatedReply.Fault(502));
        await _scene.Member.PostAsync($"/api/sources/{await _scene.SourceAsync("ANNOTATED4")}/annotations/gaia", new { });
        var before = _scene.Outside.Requests.Count(request => request.Service == "GaiaAip");
        await _scene.Member.PostAsync($"/api/sources/{await _scene.SourceAsync("ANNOTATED5")}/annotations/gaia", new { });

        Assert.Equal(before, _scene.Outside.Requests.Count(request => request.Service == "GaiaAip"));
    }

    [Theory]
    [InlineData("gaia", """{"crossmatchRadius":"wide"}""", "crossmatchRadius")]
    [InlineData("gaia", """{"crossmatchRadius":-1}""", "crossmatchRadius")]
    [InlineData("ps1", """{"crossmatchRadius":6}""", "crossmatchRadius")]
    [InlineData("ps1", """{"crossmatchNumber":6}""", "crossmatchNumber")]
    [InlineData("ps1", """{"crossmatchMinDetections":0}""", "crossmatchMinDetections")]
    [InlineData("irsa", """{"catalog":"a; drop table x"}""", "catalog")]
    [InlineData("datalab", """{"catalog":"a.b/c"}""", "catalog")]
    [InlineData("irsa", """{"catalog":"nosuch"}""", "table not known")]
    [InlineData("vizier", """{"catalog":"X/999"}""", "No match")]
    public async Task Post_BadInputOrNoMatch_IsRefusedByName(string service, string body, string named)
    {
        var id = await _scene.SourceAsync("ANNOTATED6");

        var (status, envelope) = await _scene.Member.SendAsync(HttpMethod.Post, $"/api/sources/{id}/annotations/{service}", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ForeignObjectOrGroup_IsForbiddenAndNobodyIsAsked()
    {
        var id = await _scene.SourceAsync("ANNOTATED7");
        foreach (var service in new[] { "gaia", "irsa", "vizier", "datalab", "ps1" })
        {
            Assert.Equal(403, (await _scene.Outsider.SendAsync(HttpMethod.Post, $"/api/sources/{id}/annotations/{service}", new { })).Status);
            Assert.Equal(403, (await _scene.Member.SendAsync(HttpMethod.Post, $"/api/sources/{id}/annotations/{service}", new { group_ids = new[] { 99999 } })).Status);
        }

        Assert.Empty(_scene.Outside.Requests);
    }

    private IEnumerable<string> ColumnsAsked() => _scene.Outside.Requests.Single(request => request.Service == "MastCatalogs").All("columns");

    private static string Sorted(JsonElement data) => string.Join(' ', data.EnumerateObject().OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => $"{item.Name}={(item.Value.ValueKind == JsonValueKind.Number ? item.Value.GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture) : item.Value.ToString())}"));
}
