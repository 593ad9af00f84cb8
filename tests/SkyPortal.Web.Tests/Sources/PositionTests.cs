using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>Mean positions, hosts and similar sources over the API.</summary>
public sealed class PositionTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    // Made by the WCS of astropy: TAN at (0, 89), average of the projected positions by the weights, and back.
    //   w.wcs.ctype = ['RA---TAN', 'DEC--TAN']; w.wcs.crval = [0, 89]; w.wcs_pix2world([[np.average(x, weights=wx), np.average(y, weights=wy)]], 0)
    [Theory]
    [InlineData("", 0.0007047660038286546, 89.00002095250285, 0.0874652453953093)]
    [InlineData("?method=snr2&snr_threshold=3", 0.0007047660038286546, 89.00002095250285, 0.0874652453953093)]
    [InlineData("?method=invvar", 0.00043268625537748007, 89.00001333378225, 0.05516497896855522)]
    [InlineData("?instrument_ids=999999", 0, 89, 0)]
    [InlineData("?stream_only=true", 0, 89, 0)]
    [InlineData("?snr_threshold=15&method=snr2", 0.0008, 89.00003, 0.1191229885717306)]
    public async Task Position_OfDetectionsNearThePole_IsTheWeightedCentroid(string query, double raDegrees, double decDegrees, double separationArcsec)
    {
        var scene = await Photometry.PhotometryScene.MakeAsync(site.Node);
        var id = $"POS_{scene.Mark}";
        await scene.Member.PostAsync("/api/sources", new { id, ra = 0.0, dec = 89.0, group_ids = new[] { scene.GroupId } });
        await scene.Member.PostAsync("/api/photometry", new
        {
            obj_id = id, instrument_id = scene.InstrumentId, mjd = new[] { 60001, 60002, 60003, 60004 }, filter = "ztfg", magsys = "ab", zp = 23.9, fluxerr = 1.0, group_ids = new[] { scene.GroupId },
            flux = new[] { 10.0, 20, 5, 2 }, ra = new[] { 359.9995, 0.0008, 0.004, 0.1 }, dec = new[] { 89.0, 89.00003, 88.99996, 89.1 }, ra_unc = new[] { .1, .3, .2, .1 }, dec_unc = new[] { .2, .1, .2, .1 },
        });
        await scene.Member.PostAsync("/api/photometry", new
        {
            obj_id = id, instrument_id = scene.InstrumentId, mjd = 60005, filter = "ztfg", magsys = "ab", zp = 23.9, fluxerr = 1.0, flux = 90, ra = 0.2, dec = 89.2, origin = "alert_FP", group_ids = new[] { scene.GroupId },
        });

        var position = await scene.Member.GetAsync($"/api/sources/{id}/position{query}");
        var (outside, _) = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{id}/position");

        Assert.Equal(["dec", "discovery_dec", "discovery_ra", "ebv", "gal_lat", "gal_lon", "ra", "separation"], position.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(raDegrees, position.GetProperty("ra").GetDouble(), 9);
        Assert.Equal(decDegrees, position.GetProperty("dec").GetDouble(), 9);
        Assert.Equal(separationArcsec, position.GetProperty("separation").GetDouble(), 6);
        Assert.Equal(400, outside);
    }

    [Theory]
    [InlineData("snr_threshold=0", "snr_threshold")]
    [InlineData("snr_threshold=x", "snr_threshold")]
    [InlineData("method=mean", "method")]
    [InlineData("instrument_ids=a", "instrument_ids")]
    public async Task Position_BadInput_SaysWhatIsWrong(string query, string reason)
    {
        var (status, envelope) = await (await site.Node.AdminAsync()).SendAsync(HttpMethod.Get, $"/api/sources/X/position?{query}");

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Host_SetAndCleared_ShowsOnTheSource()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "host");
        var admin = await site.Node.AdminAsync();
        await admin.PostAsync("/api/galaxy_catalog", new
        {
            catalog_name = "hosts", catalog_data = new { ra = new[] { 150.001, 200 }, dec = new[] { 2.0, -20 }, name = new[] { "Gal A", "Gal B" }, z = new double?[] { 0.05, null }, distmpc = new[] { 200.0, 10 }, mag_w1 = new[] { 12.5, 13 } },
        });
        await member.PostAsync("/api/sources", new { id = "HOST_one", ra = 150.0, dec = 2.0, redshift = 0.05, group_ids = new[] { group } });

        await member.PostAsync("/api/sources/HOST_one/host", new { galaxyName = "Gal A" });
        var source = await member.GetAsync("/api/sources/HOST_one");
        var listed = (await member.GetAsync("/api/sources?sourceID=HOST_one&includeHosts=true")).GetProperty("sources")[0];
        var near = await member.GetAsync("/api/galaxy_catalog?ra=150&dec=2&radius=0.01");
        var sorted = await member.GetAsync("/api/galaxy_catalog?catalog_name=hosts&sortBy=distmpc&sortOrder=asc&numPerPage=1");
        var names = await member.GetAsync("/api/galaxy_catalog?catalogNamesOnly=true");
        var unknown = await member.SendAsync(HttpMethod.Post, "/api/sources/HOST_one/host", new { galaxyName = "Gal C" });
        var foreign = await outsider.SendAsync(HttpMethod.Post, "/api/sources/HOST_one/host", new { galaxyName = "Gal A" });
        var twice = await admin.SendAsync(HttpMethod.Post, "/api/galaxy_catalog", new { catalog_name = "hosts", catalog_data = new { ra = new[] { 1 }, dec = new[] { 2 }, name = new[] { "Gal A" } } });
        var denied = await member.SendAsync(HttpMethod.Post, "/api/galaxy_catalog", new { catalog_name = "x", catalog_data = new { ra = new[] { 1 }, dec = new[] { 2 }, name = new[] { "y" } } });
        await member.DataAsync(HttpMethod.Delete, "/api/sources/HOST_one/host");
        var after = await member.GetAsync("/api/sources/HOST_one");

        Assert.Equal("Gal A", Assert.Single(source.GetProperty("galaxies").EnumerateArray()).GetString());
        Assert.Equal("Gal A", source.GetProperty("host").GetProperty("name").GetString());
        Assert.Equal(3.597807, listed.GetProperty("host_offset").GetDouble(), 6);
        Assert.Equal(12.5, source.GetProperty("host").GetProperty("mag_w1").GetDouble());
        Assert.Equal(3.597807, source.GetProperty("host_offset").GetDouble(), 6);
        // astropy: Planck18.angular_diameter_distance(0.05).value * np.deg2rad(3.5978069772858663 / 3600) * 1000 = 3.6334
        Assert.Equal(source.GetProperty("angular_diameter_distance").GetDouble() * 3.5978069772858663 / 206.26480624709636, source.GetProperty("host_distance").GetDouble(), 6);
        Assert.Equal(["galaxies", "numPerPage", "page", "totalMatches"], near.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(("Gal A", 0.05), (near.GetProperty("galaxies")[0].GetProperty("name").GetString(), near.GetProperty("galaxies")[0].GetProperty("redshift").GetDouble()));
        Assert.Equal(("Gal B", 2), (sorted.GetProperty("galaxies")[0].GetProperty("name").GetString(), sorted.GetProperty("totalMatches").GetInt32()));
        Assert.Contains(names.EnumerateArray(), row => row.GetProperty("catalog_name").GetString() == "hosts" && row.GetProperty("catalog_count").GetInt32() == 2);
        Assert.Equal((400, 400, 400, 401), (unknown.Status, foreign.Status, twice.Status, denied.Status));
        Assert.False(after.TryGetProperty("host", out _));
    }

    [Theory]
    [InlineData("""{"catalog_data": {"ra": [1], "dec": [2], "name": ["a"]}}""", "catalog_name")]
    [InlineData("""{"catalog_name": "bad", "catalog_data": {"ra": [1], "dec": [2]}}""", "catalog_data.name")]
    [InlineData("""{"catalog_name": "bad", "catalog_data": {"ra": [400], "dec": [2], "name": ["a"]}}""", "row 0 has no position")]
    [InlineData("""{"catalog_name": "bad", "catalog_data": {"ra": [1], "dec": [2], "name": ["a"], "distmpc": [-1]}}""", "distmpc")]
    [InlineData("""{"catalog_name": "bad", "catalog_data": {"ra": [1, 2], "dec": [2], "name": ["a"]}}""", "same length")]
    public async Task Galaxies_BadInput_SaysWhatIsWrong(string body, string reason)
    {
        var (status, envelope) = await (await site.Node.AdminAsync()).SendAsync(HttpMethod.Post, "/api/galaxy_catalog", body);

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Similar_SourcesWithAndWithoutTheClass_AreRankedAndChecked()
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "similar");
        var (elsewhere, _, _) = await Team.MakeAsync(site.Node, "similar-elsewhere");
        var admin = await site.Node.AdminAsync();
        var taxonomy = (await admin.PostAsync("/api/taxonomy", new { name = "similar", version = "1", hierarchy = new { @class = "Top", subclasses = new[] { new { @class = "Ia" }, new { @class = "II" } } } })).GetProperty("taxonomy_id").GetInt32();
        foreach (var (id, z, kind, into) in new[] { ("SIM_me", 0.05, "Ia", group), ("SIM_near", 0.051, "Ia", group), ("SIM_far", 0.15, "Ia", group), ("SIM_quasar", 5.0, "Ia", group), ("SIM_other", 0.05, "II", group), ("SIM_hidden", 0.05, "Ia", elsewhere) })
        {
            await admin.PostAsync("/api/sources", new { id, ra = 10, dec = 10, redshift = z, group_ids = new[] { into } });
            await admin.PostAsync("/api/classification", new { obj_id = id, classification = kind, taxonomy_id = taxonomy });
        }

        var similar = await member.GetAsync("/api/sources/SIM_me/similar");
        var (outside, _) = await outsider.SendAsync(HttpMethod.Get, "/api/sources/SIM_me/similar");

        Assert.Equal(["SIM_near", "SIM_far", "SIM_quasar"], similar.EnumerateArray().Select(row => row.GetProperty("obj_id").GetString()).Where(id => id!.StartsWith("SIM_", StringComparison.Ordinal)));
        // D² = ((0.001 / 0.02)² + 4) / 5 for the near one, as four quantities are missing.
        Assert.Equal(Math.Exp(-((0.05 * 0.05) + 4) / 10), similar[0].GetProperty("similarity").GetDouble(), 9);
        Assert.Equal("Ia", similar[0].GetProperty("classifications")[0].GetString());
        Assert.Equal(404, outside);
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(member.UserId, CancellationToken.None)).Viewer!;
        var newest = await site.Node.Services.GetRequiredService<ReadSimilarSources>().HandleAsync(viewer, "SIM_me", 10, CancellationToken.None, among: 2);
        Assert.Equal(["SIM_quasar"], newest!.Select(row => row.ObjId));
    }
}
