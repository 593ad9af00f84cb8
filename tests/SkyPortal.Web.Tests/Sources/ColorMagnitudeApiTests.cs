using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>Colour and absolute magnitude of a source over the API.</summary>
public sealed class ColorMagnitudeApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task GetColorMagnitude_OfAnnotations_AnswersEachOriginOfTheCatalogue()
    {
        var (member, outsider) = await SourceAsync("cm_one");
        await member.PostAsync("/api/sources/cm_one/annotations", new { origin = "Gaia_DR3", data = new { Mag_G = 10.0, Plx = 10.0, Mag_Bp = 11.0, Mag_Rp = 9.5 } });
        await member.PostAsync("/api/sources/cm_one/annotations", new { origin = "gaia far", data = new { Mag_G = 10.0, Plx = -2.0, Mag_Bp = 11.0, Mag_Rp = 9.5 } });
        await member.PostAsync("/api/sources/cm_one/annotations", new { origin = "wise", data = new { W = 9.0, M = 3.5, C = 0.4 } });

        var places = (await member.GetAsync("/api/sources/cm_one/color_mag")).EnumerateArray().ToList();
        var other = (await member.GetAsync("/api/sources/cm_one/color_mag?catalog=WISE&absoluteMagKey=m&colorKey=c")).EnumerateArray().Single();
        var whole = (await member.GetAsync("/api/sources/cm_one?includeColorMagnitude=true")).GetProperty("color_magnitude");
        var (hidden, secret) = await outsider.SendAsync(HttpMethod.Get, "/api/sources/cm_one/color_mag");
        var (missing, none) = await outsider.SendAsync(HttpMethod.Get, "/api/sources/cm_two/color_mag");

        Assert.Equal(["abs_mag", "color", "origin"], places[0].EnumerateObject().Select(field => field.Name).Order());
        var near = places.Single(place => place.GetProperty("origin").GetString() == "Gaia_DR3");
        Assert.Equal((5.0, 1.5), (near.GetProperty("abs_mag").GetDouble(), near.GetProperty("color").GetDouble()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, places.Single(place => place.GetProperty("origin").GetString() == "gaia far").GetProperty("abs_mag").ValueKind);
        Assert.Equal((3.5, 0.4), (other.GetProperty("abs_mag").GetDouble(), other.GetProperty("color").GetDouble()));
        Assert.Equal(2, whole.GetArrayLength());
        Assert.Equal((400, 400), (hidden, missing));
        Assert.Equal(secret.GetProperty("message").GetString()!.Replace("cm_one", "cm_two", StringComparison.Ordinal), none.GetProperty("message").GetString());
    }

    private async Task<(TestClient Member, TestClient Outsider)> SourceAsync(string id)
    {
        var (group, member, outsider) = await Team.MakeAsync(site.Node, id);
        await member.PostAsync("/api/sources", new { id, ra = 10.0, dec = 10.0, group_ids = new[] { group } });
        return (member, outsider);
    }
}
