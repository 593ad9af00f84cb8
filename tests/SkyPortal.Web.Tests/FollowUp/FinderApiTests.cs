using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

public sealed class FinderApiTests
{
    [Fact]
    public async Task Finder_WithAnImage_IsAPictureAndADocument()
    {
        await using var scene = await ChartScene.MakeAsync();

        var png = await scene.Member.Http.GetByteArrayAsync($"/api/sources/{scene.ObjId}/finder?type=png&image_source=ps1_cds&use_ztfref=false");
        using var pdf = await scene.Member.Http.GetAsync($"/api/sources/{scene.ObjId}/finder?image_source=ps1_cds&use_ztfref=false");

        Assert.Equal(1743, PngInfo.Read(png).WidthPixels);
        Assert.Equal("application/pdf", pdf.Content.Headers.ContentType?.MediaType);
        // The image is fetched once for both.
        Assert.Single(scene.Outside.Requests, request => request.Service == "CdsImages");
        await KeepAsync("finder.png", png);
    }

    [Fact]
    public async Task Finder_AsJson_HoldsChartAndStarlist()
    {
        await using var scene = await ChartScene.MakeAsync();

        var data = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/finder?as_json=true&type=png&image_source=ps1_cds&use_ztfref=false&num_offset_stars=2");

        Assert.Equal(["finding_chart", "starlist"], data.EnumerateObject().Select(field => field.Name));
        Assert.Equal(3, data.GetProperty("starlist").GetArrayLength());
        Assert.True(PngInfo.Read(Convert.FromBase64String(data.GetProperty("finding_chart").GetString()!)).WidthPixels > 1000);
    }

    [Fact]
    public async Task Finder_NoServerAnswers_StillGivesAChart()
    {
        await using var scene = await ChartScene.MakeAsync();
        foreach (var service in new[] { "Ps1Images", "StsciDss", "Irsa" })
        {
            scene.Outside.On(service, _ => SimulatedReply.Fault(404));
        }

        var png = await scene.Member.Http.GetByteArrayAsync($"/api/sources/{scene.ObjId}/finder?type=png");

        Assert.True(PngInfo.Read(png).WidthPixels > 1000);
        await KeepAsync("finder-bare.png", png);
    }

    [Fact]
    public async Task Finder_OtherSurveys_AskTheirServers()
    {
        await using var scene = await ChartScene.MakeAsync();
        scene.Outside.On("Ps1Images", request => request.Path.EndsWith("ps1filenames.py", StringComparison.Ordinal)
            ? SimulatedReply.Text("projcell subcell ra dec filter mjd type filename\n1 2 3 4 r 5 stack /rings.v3.skycell/2021/056/rings.v3.skycell.2021.056.stk.r.unconv.fits\n")
            : request["red"].EndsWith(".unconv.fits", StringComparison.Ordinal) ? new SimulatedReply(200, ChartScene.Image("300"), "image/fits") : SimulatedReply.Fault(404));
        scene.Outside.On("LegacySurveys", _ => new SimulatedReply(200, ChartScene.Image("250"), "image/fits"));
        scene.Outside.On("StsciDss", _ => new SimulatedReply(200, ChartScene.Image("200"), "image/fits"));
        scene.Outside.On("Irsa", request => request.Path == "ibe/search/ztf/products/ref"
            ? SimulatedReply.Text("field,fid,filtercode,ccdid,qid\n000678,1,zg,11,2\n000678,2,zr,11,2\n")
            : request.Path == "ibe/data/ztf/products/ref/000/field000678/zr/ccd11/q2/ztf_000678_zr_c11_q2_refimg.fits" ? new SimulatedReply(200, ChartScene.Image("220"), "image/fits") : SimulatedReply.Fault(404));
        foreach (var (source, service) in new[] { ("ps1", "Ps1Images"), ("desi", "LegacySurveys"), ("dss", "StsciDss"), ("ztfref", "Irsa") })
        {
            var data = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/finder?as_json=true&use_ztfref=false&image_source={source}");

            Assert.Equal(4, data.GetProperty("starlist").GetArrayLength());
            Assert.Contains(scene.Outside.Requests, request => request.Service == service);
        }

        Assert.Single(scene.Outside.Requests, request => request.Service == "StsciDss");
    }

    [Fact]
    public async Task Finder_BadParameter_IsRefusedByNameWithoutACall()
    {
        await using var scene = await ChartScene.MakeAsync();
        foreach (var (query, name) in new[]
        {
            ("imsize=1.9", "imsize"), ("imsize=15.1", "imsize"), ("image_source=2mass", "Invalid image source"), ("type=jpg", "type"), ("mag_min=19", "mag_min"),
            ("mag_min=15&mag_limit=14", "mag_min"), ("num_offset_stars=-1", "num_offset_stars"), ("facility=VLT", "facility"),
        })
        {
            var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/finder?{query}");
            Assert.Equal(400, status);
            Assert.Contains(name, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(scene.Outside.Requests);
    }

    [Fact]
    public async Task Finder_ForAnOutsider_IsAsOfAMissingSourceAndAsksNobody()
    {
        await using var scene = await ChartScene.MakeAsync();
        await scene.Member.Http.GetByteArrayAsync($"/api/sources/{scene.ObjId}/finder?image_source=ps1_cds");
        var asked = scene.Outside.Requests.Count;

        var hidden = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/finder?image_source=ps1_cds");
        var missing = await scene.Outsider.SendAsync(HttpMethod.Get, "/api/sources/nothing/finder?image_source=ps1_cds");

        Assert.Equal(404, hidden.Status);
        Assert.Equal(missing.Envelope.GetRawText(), hidden.Envelope.GetRawText());
        Assert.Equal(asked, scene.Outside.Requests.Count);
    }

    [Fact]
    public async Task UnsourcedFinder_OfAPlaceAndOfAStar_IsDrawn()
    {
        await using var scene = await ChartScene.MakeAsync();

        using var place = await scene.Member.Http.GetAsync("/api/unsourced_finder?location_type=pos&ra=189.54613&dec=36.50064&type=png&image_source=ps1_cds&use_ztfref=false");
        using var star = await scene.Member.Http.GetAsync("/api/unsourced_finder?location_type=gaia_dr3&catalog_id=1518000000000000001&type=png&image_source=ps1_cds&use_ztfref=false");

        Assert.Equal(200, (int)place.StatusCode);
        Assert.Equal(200, (int)star.StatusCode);
        Assert.Contains("Gaia_DR3_1518000000000000001", star.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnsourcedFinder_BadParameter_IsRefusedByName()
    {
        await using var scene = await ChartScene.MakeAsync();
        foreach (var (query, name) in new[]
        {
            ("", "location_type"), ("location_type=usno", "location_type"), ("location_type=pos&dec=1", "ra"), ("location_type=pos&ra=1&dec=91", "dec"), ("location_type=gaia_dr3", "catalog_id"),
        })
        {
            var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/unsourced_finder?{query}");
            Assert.Equal(400, status);
            Assert.Contains(name, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static async Task KeepAsync(string name, byte[] bytes)
    {
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes);
        }
    }
}
