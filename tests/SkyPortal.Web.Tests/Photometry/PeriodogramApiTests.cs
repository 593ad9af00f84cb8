using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Periodograms from outside: what they find, what is refused, and who sees them.</summary>
public sealed class PeriodogramApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private const double PeriodDays = 0.7321;

    [Fact]
    public async Task Get_InjectedPeriod_IsTheFirstPeak()
    {
        var (member, path, _) = await ArrangeAsync(points: 200);

        var found = await member.GetAsync($"{path}?minPeriodDays=0.2&maxPeriodDays=50");

        var (best, peaks) = (found.GetProperty("peaks")[0], found.GetProperty("peaks").EnumerateArray().ToList());
        Assert.Equal(PeriodDays, best.GetProperty("period_days").GetDouble(), 1e-3);
        Assert.Equal(JsonValueKind.Null, best.GetProperty("alias_of_best_days").ValueKind);
        Assert.InRange(best.GetProperty("false_alarm_probability").GetDouble(), 0, 1e-9);
        Assert.Contains(peaks, peak => peak.GetProperty("alias_of_best_days").ValueKind == JsonValueKind.Number && peak.GetProperty("alias_of_best_days").GetDouble() == 1);
        Assert.Equal(200, found.GetProperty("num_points").GetInt32());
        Assert.Equal("fast", found.GetProperty("method").GetString());
        Assert.Equal(["ztfg", "ztfr"], found.GetProperty("filters").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal([0.1, 0.01, 0.001], found.GetProperty("false_alarm_levels").EnumerateArray().Select(level => level.GetProperty("probability").GetDouble()));
    }

    [Fact]
    public async Task Get_LongGrid_IsDecimatedAndKeepsTheMaximum()
    {
        var (member, path, _) = await ArrangeAsync(points: 60);

        var found = await member.GetAsync($"{path}?minPeriodDays=0.01");

        var powers = found.GetProperty("power").EnumerateArray().Select(value => value.GetDouble()).ToList();
        Assert.True(found.GetProperty("num_frequencies").GetInt32() > 100_000);
        Assert.InRange(powers.Count, 2500, 5000);
        Assert.Equal(powers.Count, found.GetProperty("frequency_per_day").GetArrayLength());
        Assert.Equal(found.GetProperty("peaks")[0].GetProperty("power").GetDouble(), powers.Max(), 0.05);
    }

    [Fact]
    public async Task Get_ExactMethodAndOneFilter_AgreesWithFast()
    {
        var (member, path, _) = await ArrangeAsync(points: 60);

        var fast = await member.GetAsync($"{path}?minPeriodDays=0.5&filters=ztfg");
        var exact = await member.GetAsync($"{path}?minPeriodDays=0.5&filters=ztfg&method=exact");

        Assert.Equal(30, exact.GetProperty("num_points").GetInt32());
        Assert.Equal("exact", exact.GetProperty("method").GetString());
        Assert.Equal(fast.GetProperty("peaks")[0].GetProperty("power").GetDouble(), exact.GetProperty("peaks")[0].GetProperty("power").GetDouble(), 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Get_TooFewPoints_HasNoPeaks(int points)
    {
        var (member, path, _) = await ArrangeAsync(points);

        var found = await member.GetAsync(path);

        Assert.Equal(points, found.GetProperty("num_points").GetInt32());
        Assert.Equal(0, found.GetProperty("peaks").GetArrayLength());
    }

    [Theory]
    [InlineData("minPeriodDays=0", "minPeriodDays")]
    [InlineData("minPeriodDays=x", "minPeriodDays")]
    [InlineData("maxPeriodDays=1e9", "maxPeriodDays")]
    [InlineData("minPeriodDays=5&maxPeriodDays=4", "maxPeriodDays")]
    [InlineData("minPeriodDays=0.001", "minPeriodDays")]
    [InlineData("filters=nosuch", "filters")]
    [InlineData("method=nosuch", "method")]
    [InlineData("method=exact&minPeriodDays=0.002", "method")]
    public async Task Get_WrongQuery_Answers400NamingIt(string query, string named)
    {
        var (member, path, _) = await ArrangeAsync(points: 200);

        var (status, envelope) = await member.SendAsync(HttpMethod.Get, $"{path}?{query}");

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ByAnOutsider_IsRefusedAsForAMissingObject()
    {
        var (_, path, outsider) = await ArrangeAsync(points: 3);

        var (hidden, _) = await outsider.SendAsync(HttpMethod.Get, path);
        var (missing, _) = await outsider.SendAsync(HttpMethod.Get, "/api/sources/nosuch/periodogram");

        Assert.Equal(403, hidden);
        Assert.Equal(missing, hidden);
    }

    // Nights of a year, a few hours each, alternating between two filters of unequal brightness.
    private async Task<(TestClient Member, string Path, TestClient Outsider)> ArrangeAsync(int points)
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        await using var db = site.Node.Contexts.For(Viewer.System);
        var group = new Group { Name = $"group-{mark}" };
        var telescope = new Telescope { Name = $"P48_{mark}", Nickname = "P48" };
        db.AddRange(group, telescope);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var instrument = new Instrument { Name = $"ZTF_{mark}", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg", "ztfr"] };
        db.AddRange(instrument, new Obj { Id = $"ZTF{mark}", Ra = 234.22, Dec = -22.33, GroupIds = [group.Id], InternalKey = Guid.NewGuid() });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var member = await site.Node.ClientAsync($"member-{mark}", Role.FullUser, (group.Id, false));
        if (points > 0)
        {
            var random = new Random(11);
            var times = Enumerable.Range(0, points).Select(i => 58_000 + Math.Floor(365.0 * i / points) + (0.3 * random.NextDouble())).ToArray();
            await member.PostAsync("/api/photometry", new
            {
                obj_id = $"ZTF{mark}",
                mjd = times,
                instrument_id = instrument.Id,
                flux = times.Select((time, i) => 100 + (40 * (i % 2)) + (10 * Math.Sin(2 * Math.PI * time / PeriodDays)) + random.NextDouble()),
                fluxerr = Enumerable.Repeat(0.5, points),
                zp = 25.0,
                magsys = "ab",
                filter = Enumerable.Range(0, points).Select(i => i % 2 == 0 ? "ztfg" : "ztfr"),
                group_ids = new[] { group.Id },
            });
        }

        return (member, $"/api/sources/ZTF{mark}/periodogram", await site.Node.ClientAsync($"outsider-{mark}"));
    }
}
