using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

public sealed class ObservabilityApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private const string Night = "2026-01-15T08:00:00";

    [Fact]
    public async Task Observability_OfASource_IsAPdfOfItsName()
    {
        var (member, _, objId) = await SceneAsync("pdf");

        using var reply = await member.Http.GetAsync($"/api/sources/{objId}/observability?maxAirmass=2&twilight=nautical");
        var bytes = await reply.Content.ReadAsByteArrayAsync();

        Assert.Equal("application/pdf", reply.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("%PDF-1.4", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "observability.pdf"), bytes);
        }
    }

    [Theory]
    [InlineData("maxAirmass=0.5", "maxAirmass")]
    [InlineData("maxAirmass=x", "maxAirmass")]
    [InlineData("twilight=dusk", "twilight")]
    public async Task Observability_BadParameter_IsRefusedByName(string query, string name)
    {
        var (member, _, objId) = await SceneAsync("bad-" + query.Replace("=", "-", StringComparison.Ordinal).Replace(".", "-", StringComparison.Ordinal));

        var (status, envelope) = await member.SendAsync(HttpMethod.Get, $"/api/sources/{objId}/observability?{query}");

        Assert.Equal(400, status);
        Assert.Contains(name, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Airmass_OfANight_RunsBackFromSunriseToSunset()
    {
        var (member, _, objId) = await SceneAsync("airmass");
        var telescope = await TelescopeAsync("P48");

        var samples = (await member.GetAsync($"/api/internal/plot/airmass/objtel/{objId}/{telescope}?time={Night}")).EnumerateArray().ToList();
        var times = samples.Select(sample => sample.GetProperty("time").GetDouble()).ToList();

        Assert.Equal(50, samples.Count);
        Assert.Equal(times.OrderDescending(), times);
        // Palomar, 2026-01-15: sunset about 01:02 UTC, sunrise about 14:50 UTC.
        Assert.InRange((DateTimeOffset.FromUnixTimeMilliseconds((long)times[^1]) - DateTimeOffset.Parse("2026-01-15T01:02:00Z", null)).TotalMinutes, -3, 3);
        Assert.InRange((DateTimeOffset.FromUnixTimeMilliseconds((long)times[0]) - DateTimeOffset.Parse("2026-01-15T14:50:00Z", null)).TotalMinutes, -3, 3);
        Assert.Contains(samples, sample => sample.GetProperty("airmass").ValueKind == JsonValueKind.Number && sample.GetProperty("airmass").GetDouble() < 1.1);
    }

    [Fact]
    public async Task HoursBelow_OfATelescope_HasAPointAWeek()
    {
        var (member, _, objId) = await SceneAsync("hours");
        var telescope = await TelescopeAsync("P48");

        var weeks = (await member.GetAsync($"/api/internal/plot/airmass/hours_below/{objId}/{telescope}")).EnumerateArray().ToList();

        Assert.Equal(52, weeks.Count);
        Assert.All(weeks, week => Assert.Equal(["date", "hours_below"], week.EnumerateObject().Select(field => field.Name)));
    }

    [Fact]
    public async Task Ephemeris_OfATelescope_HasItsTimesInBothForms()
    {
        var (member, _, _) = await SceneAsync("ephemeris");
        var telescope = await TelescopeAsync("P48");

        var one = await member.GetAsync($"/api/internal/ephemeris/{telescope}?time={Night}");
        var many = await member.GetAsync($"/api/internal/ephemeris?time={Night}&telescopeIds={telescope}");

        Assert.StartsWith("2026-01-15T01:0", one.GetProperty("sunset_utc").GetString(), StringComparison.Ordinal);
        Assert.True(one.GetProperty("twilight_evening_nautical_unix_ms").GetDouble() < one.GetProperty("twilight_evening_astronomical_unix_ms").GetDouble());
        Assert.Equal(-8, one.GetProperty("utc_offset_hours").GetDouble());
        Assert.Equal(one.GetRawText(), many.GetProperty($"{telescope}").GetRawText());
    }

    [Fact]
    public async Task EveryRoute_ForAnOutsider_IsAsForAMissingSource()
    {
        var (_, outsider, objId) = await SceneAsync("outsider");
        var telescope = await TelescopeAsync("P48");
        foreach (var path in new[] { "/api/sources/{0}/observability", $"/api/internal/plot/airmass/objtel/{{0}}/{telescope}", $"/api/internal/plot/airmass/hours_below/{{0}}/{telescope}" })
        {
            var hidden = await outsider.SendAsync(HttpMethod.Get, path.Replace("{0}", objId, StringComparison.Ordinal));
            var missing = await outsider.SendAsync(HttpMethod.Get, path.Replace("{0}", "nothing", StringComparison.Ordinal));

            Assert.Equal(404, hidden.Status);
            Assert.Equal(missing.Envelope.GetRawText(), hidden.Envelope.GetRawText());
        }
    }

    [Fact]
    public async Task TelescopeRoutes_OfOneInOrbit_RefuseIt()
    {
        var (member, _, objId) = await SceneAsync("orbit");
        await using var db = site.Node.Contexts.For(Viewer.System);
        var orbiting = new Telescope { Name = "In orbit", Nickname = "IO", FixedLocation = false };
        db.Add(orbiting);
        await db.SaveChangesAsync();

        Assert.Equal(400, (await member.SendAsync(HttpMethod.Get, $"/api/internal/plot/airmass/objtel/{objId}/{orbiting.Id}")).Status);
        Assert.Equal(400, (await member.SendAsync(HttpMethod.Get, $"/api/internal/ephemeris/{orbiting.Id}")).Status);
        Assert.Equal(400, (await member.SendAsync(HttpMethod.Get, "/api/internal/ephemeris/999999")).Status);
        Assert.Equal("{}", (await member.GetAsync($"/api/internal/ephemeris?telescopeIds={orbiting.Id}")).GetProperty($"{orbiting.Id}").GetRawText());
    }

    private async Task<int> TelescopeAsync(string nickname)
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        return await db.Set<Telescope>().Where(row => row.Nickname == nickname).Select(row => row.Id).FirstAsync();
    }

    private async Task<(TestClient Member, TestClient Outsider, string ObjId)> SceneAsync(string name)
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        var group = new Group { Name = $"{name} watchers" };
        db.Add(group);
        await db.SaveChangesAsync();
        var member = await site.Node.ClientAsync($"{name}-member", Role.FullUser, (group.Id, false));
        await (await site.Node.AdminAsync()).PostAsync("/api/sources", new { id = $"obs_{name}", ra = 83.63, dec = 22.01, group_ids = new[] { group.Id } });
        return (member, await site.Node.ClientAsync($"{name}-outsider"), $"obs_{name}");
    }
}
