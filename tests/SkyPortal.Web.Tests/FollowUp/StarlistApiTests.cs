using System.Globalization;
using SkyPortal.Domain.Astronomy;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

public sealed class StarlistApiTests
{
    [Fact]
    public async Task Offsets_ThreeStars_HaveTheWiresShapeAndGaiasStars()
    {
        await using var scene = await ChartScene.MakeAsync();

        var data = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/offsets?obstime=2026-03-01T05:00:00&use_ztfref=false");

        Assert.Equal(
            ["facility", "starlist_str", "starlist_info", "ra", "dec", "noffsets", "queries_issued", "query", "used_ztfref", "gaia_available"],
            data.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("Keck", 3, 1, false, true), (
            data.GetProperty("facility").GetString(), data.GetProperty("noffsets").GetInt32(), data.GetProperty("queries_issued").GetInt32(),
            data.GetProperty("used_ztfref").GetBoolean(), data.GetProperty("gaia_available").GetBoolean()));
        var info = data.GetProperty("starlist_info").EnumerateArray().ToList();
        Assert.Equal(4, info.Count);
        Assert.Equal(["str", "ra", "dec", "name"], info[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(["str", "ra", "dec", "name", "dras", "ddecs", "mag", "pa"], info[1].EnumerateObject().Select(field => field.Name));
        Assert.DoesNotContain(" ", data.GetProperty("starlist_str").GetString(), StringComparison.Ordinal);

        // The nearest star that serves stands 40" east and 25" north in 2016 and moves -12.5, 3.1 mas a year.
        var star = new SkyPosition(info[1].GetProperty("ra").GetDouble(), info[1].GetProperty("dec").GetDouble());
        var (east, north) = TangentPlane.OffsetsArcsec(ChartScene.Place, star);
        Assert.Equal(40 - (0.0125 * 10.16), east, 0.005);
        Assert.Equal(25 + (0.0031 * 10.16), north, 0.005);
        Assert.EndsWith("\" W", info[1].GetProperty("dras").GetString(), StringComparison.Ordinal);
        Assert.Contains("ID=1518000000000000001", info[1].GetProperty("str").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offsets_TooFewStars_SearchesTwiceMore()
    {
        await using var scene = await ChartScene.MakeAsync();

        var data = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/offsets?num_offset_stars=4&use_ztfref=false");

        Assert.Equal((3, 3), (data.GetProperty("noffsets").GetInt32(), data.GetProperty("queries_issued").GetInt32()));
        Assert.Equal(3, scene.Outside.Requests.Count(request => request.Service.StartsWith("Gaia", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Offsets_OneArchiveDown_AsksTheOtherAndThenItFirst()
    {
        await using var scene = await ChartScene.MakeAsync();
        scene.Outside.On("GaiaAip", _ => SimulatedReply.Fault(503));

        var first = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/offsets?use_ztfref=false");
        var before = scene.Outside.Requests.Count(request => request.Service == "GaiaAip");
        await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/offsets?use_ztfref=false&facility=Shane");

        Assert.Equal(3, first.GetProperty("noffsets").GetInt32());
        Assert.Equal(before, scene.Outside.Requests.Count(request => request.Service == "GaiaAip"));
    }

    [Fact]
    public async Task Offsets_NoArchiveAnswers_StillGivesTheTarget()
    {
        await using var scene = await ChartScene.MakeAsync();
        scene.Outside.On("GaiaAip", _ => SimulatedReply.Fault(500));
        scene.Outside.On("GaiaEsa", _ => SimulatedReply.Text("no table"));

        var data = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/offsets");

        Assert.Equal((0, false, false), (data.GetProperty("noffsets").GetInt32(), data.GetProperty("gaia_available").GetBoolean(), data.GetProperty("used_ztfref").GetBoolean()));
        Assert.Single(data.GetProperty("starlist_info").EnumerateArray());
    }

    [Fact]
    public async Task Offsets_EachFacility_IsWritten()
    {
        await using var scene = await ChartScene.MakeAsync();
        foreach (var (facility, lines) in new[] { ("Keck", 4), ("P200", 4), ("P200-NGPS", 4), ("Shane", 5) })
        {
            var data = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/offsets?facility={facility}&use_ztfref=false");

            Assert.Equal(lines, data.GetProperty("starlist_info").GetArrayLength());
            Assert.Equal(lines, data.GetProperty("starlist_str").GetString()!.Split('\n').Length);
        }
    }

    [Fact]
    public async Task Offsets_BadParameters_AreRefusedByNameWithoutACall()
    {
        await using var scene = await ChartScene.MakeAsync();
        foreach (var (query, name) in new[] { ("facility=Subaru", "facility"), ("num_offset_stars=5", "num_offset_stars"), ("num_offset_stars=x", "num_offset_stars"), ("obstime=soon", "obstime"), ("facility=P200-NGPS&observing_run_id=4", "observing_run_id") })
        {
            var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/offsets?{query}");
            Assert.Equal(400, status);
            Assert.Contains(name, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(scene.Outside.Requests);
    }

    [Fact]
    public async Task Offsets_ForAnOutsider_AreAsOfAMissingSourceAndAskNobody()
    {
        await using var scene = await ChartScene.MakeAsync();

        var hidden = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{scene.ObjId}/offsets");
        var missing = await scene.Outsider.SendAsync(HttpMethod.Get, "/api/sources/nothing/offsets");

        Assert.Equal(404, hidden.Status);
        Assert.Equal(missing.Envelope.GetRawText(), hidden.Envelope.GetRawText());
        Assert.Empty(scene.Outside.Requests);
    }

    [Fact]
    public async Task Facilities_OfTheSite_AreThoseOfTheReference()
    {
        await using var scene = await ChartScene.MakeAsync();

        var data = await scene.Member.GetAsync("/api/finder_chart/facilities");

        Assert.Equal(["Keck", "P200", "P200-NGPS", "Shane"], data.EnumerateObject().Select(facility => facility.Name));
        Assert.Equal(["radius_degrees", "mag_limit", "mag_min", "min_sep_arcsec"], data.GetProperty("Keck").EnumerateObject().Select(field => field.Name));
        Assert.Equal("0.03333", data.GetProperty("Keck").GetProperty("radius_degrees").GetDouble().ToString("0.00000", CultureInfo.InvariantCulture));
    }
}
