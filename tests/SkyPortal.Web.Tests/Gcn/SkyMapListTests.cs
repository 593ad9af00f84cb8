using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Gcn;

/// <summary>Candidates and sources within a sky map, against every position looked at by itself.</summary>
public sealed class SkyMapListTests : IAsyncLifetime
{
    private const int Objects = 3_000;
    private readonly SiteFixture _site = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly Dictionary<string, SkyPosition> _positions = [];
    private TestClient _member = null!;
    private int _group;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _site.InitializeAsync();
        (_group, var filter) = await new SimulatedNight(_site.Node).GroupAsync("sky");
        _member = await _site.Node.ClientAsync("sky-member", Role.FullUser, (_group, false));
        var random = new Random(41);
        for (var i = 0; i < Objects; i++)
        {
            _positions[$"sky{i:0000}"] = i switch
            {
                0 => new SkyPosition(0, 90),
                1 => new SkyPosition(0, -90),
                2 => new SkyPosition(0, 0),
                3 => new SkyPosition(359.99999999, 0),
                < 600 => new SkyPosition(360 * random.NextDouble(), 90 - (8 * random.NextDouble())),
                < 1_200 => new SkyPosition(-6 + (12 * random.NextDouble()), -6 + (12 * random.NextDouble())),
                _ => new SkyPosition(360 * random.NextDouble(), Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI),
            };
        }

        await using var command = _site.Node.Contexts.DataSource.CreateCommand($"""
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, transient, varstar, is_roid, "offset", created_at, modified)
                select id, ra, dec, healpix, gen_random_uuid(), array[{_group}], true, false, false, 0, now(), now() from unnest(@ids, @ras, @decs, @pixels) as t (id, ra, dec, healpix);
            insert into candidates (obj_id, filter_id, passed_at, created_at, modified)
                select id, {filter}, timestamptz '2026-11-20 00:00Z' - at * interval '1 minute', now(), now() from unnest(@ids) with ordinality as t (id, at);
            insert into sources (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
                select id, {_group}, 1, timestamptz '2026-11-20 00:00Z' - at * interval '1 minute', true, false, now(), now() from unnest(@ids) with ordinality as t (id, at) where at % 2 = 0;
            insert into photstats (obj_id, num_obs_global, num_det_global, num_det_no_forced_phot_global, first_detected_mjd, last_detected_mjd, visibility, created_at, modified)
                select id, 20, 2 + at % 3, 2, 61340, 61360, jsonb_build_array(jsonb_build_object('groups', jsonb_build_array({_group}), 'streams', '[]'::jsonb)), now(), now() from unnest(@ids) with ordinality as t (id, at)
            """);
        command.Parameters.AddWithValue("ids", _positions.Keys.ToArray());
        command.Parameters.AddWithValue("ras", _positions.Values.Select(position => position.RaDegrees).ToArray());
        command.Parameters.AddWithValue("decs", _positions.Values.Select(position => position.DecDegrees).ToArray());
        command.Parameters.AddWithValue("pixels", _positions.Values.Select(position => position.ToHealpix29()).ToArray());
        await command.ExecuteNonQueryAsync(_ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Lists_WithinMapsOfAllSizesAndPlaces_HoldWhatLiesWithin()
    {
        SkyPosition[] triangle = [new(355, -5), new(5, -5), new(0, 5)];
        var maps = new (object Posted, SkyMap Map)[]
        {
            (new { ra = 0, dec = 0, error = 2 }, SkyMapShapes.Cone(new SkyPosition(0, 0), 2)),
            (new { ra = 123, dec = 89, error = 1.5 }, SkyMapShapes.Cone(new SkyPosition(123, 89), 1.5)),
            (new { ra = 30, dec = -70, error = 25 }, SkyMapShapes.Cone(new SkyPosition(30, -70), 25)),
            (new { localization_name = "triangle", polygon = triangle.Select(corner => new[] { corner.RaDegrees, corner.DecDegrees }) }, SkyMapShapes.Polygon(triangle)),
        };
        var widths = new List<bool>();
        foreach (var ((posted, map), index) in maps.Select((map, index) => (map, index)))
        {
            var dateobs = $"2026-0{index + 1}-01T00:00:00";
            await _member.PostAsync("/api/gcn_event", new { dateobs, skymap = posted });
            foreach (var level in new[] { 0.5, 0.95 })
            {
                var region = map.CredibleRegion(level);
                widths.Add(region.AreaSquareDegrees > 2_100);
                var expected = _positions.Where(pair => region.Contains(pair.Value)).Select(pair => pair.Key).ToList();
                Assert.True(expected.Count > 20);
                var where = string.Create(CultureInfo.InvariantCulture, $"localizationDateobs={dateobs}&localizationCumprob={level}");

                Assert.Equal(expected, await CandidatesAsync($"{where}&requireDetections=false"));
                Assert.Equal(expected.Where(id => int.Parse(id[3..], CultureInfo.InvariantCulture) % 2 == 1), await SourcesAsync($"{where}&startDate=2020-01-01&endDate=2027-01-01"));
                Assert.Equal(
                    expected.Where(id => int.Parse(id[3..], CultureInfo.InvariantCulture) is var at && at % 2 == 1 && (at + 1) % 3 == 2),
                    await SourcesAsync($"{where}&startDate=2020-01-01&endDate=2027-01-01&numberDetections=4"));
                Assert.Equal(
                    expected.Where(id => (int.Parse(id[3..], CultureInfo.InvariantCulture) + 1) % 3 == 2),
                    await CandidatesAsync($"{where}&firstDetectionAfter=2020-01-01&lastDetectionBefore=2027-01-01&numberDetections=4"));
                var (from, to) = ("2026-11-19T00:00:00", "2026-11-19T12:00:00");
                Assert.Equal(
                    expected.Where(id => int.Parse(id[3..], CultureInfo.InvariantCulture) + 1 is >= 720 and <= 1_440),
                    await CandidatesAsync($"{where}&requireDetections=false&startDate={from}&endDate={to}"));
            }
        }

        Assert.Contains(true, widths);
        Assert.Contains(false, widths);
    }

    [Fact]
    public async Task Lists_MapOfAnEventThatIsNotShared_IsAsIfItWereNotThere()
    {
        var (other, _) = await new SimulatedNight(_site.Node).GroupAsync("others of the sky");
        var owner = await _site.Node.ClientAsync("sky-owner", Role.FullUser, (other, false), (_group, false));
        await owner.PostAsync("/api/gcn_event", new { dateobs = "2026-09-01T00:00:00", group_ids = new[] { other }, skymap = new { ra = 0, dec = 0, error = 2 } });
        foreach (var path in new[] { "/api/candidates?requireDetections=false", "/api/sources?startDate=2020-01-01&endDate=2027-01-01" })
        {
            Assert.Equal(200, (await owner.SendAsync(HttpMethod.Get, $"{path}&localizationDateobs=2026-09-01T00:00:00")).Status);
            var hidden = await _member.SendAsync(HttpMethod.Get, $"{path}&localizationDateobs=2026-09-01T00:00:00");
            var missing = await _member.SendAsync(HttpMethod.Get, $"{path}&localizationDateobs=2026-09-02T00:00:00");
            Assert.Equal((400, 400), (hidden.Status, missing.Status));
            Assert.Equal("Localization of 2026-09-01T00:00:00 not found", hidden.Envelope.GetProperty("message").GetString()!.Replace("Cannot retrieve sources: ", "", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("localizationDateobs=2026-09-01T00:00:00", "must specify startDate and endDate")]
    [InlineData("localizationDateobs=2026-09-01T00:00:00&startDate=2026-09-02&endDate=2026-09-01", "startDate must be before endDate")]
    [InlineData("localizationDateobs=2026-09-01T00:00:00&startDate=2006-09-02&endDate=2026-09-01", "less than 3720 days")]
    [InlineData("localizationDateobs=2026-09-01T00:00:00&startDate=2026-08-02&endDate=2026-09-01&localizationCumprob=0", "localizationCumprob")]
    [InlineData("localizationName=a", "localizationName")]
    public async Task Sources_WrongConditions_AreNamed(string query, string why)
    {
        var (status, envelope) = await _member.SendAsync(HttpMethod.Get, $"/api/sources?{query}");

        Assert.Equal(400, status);
        Assert.Contains(why, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<string[]> CandidatesAsync(string query) => AllAsync($"/api/candidates?{query}", "candidates");

    private Task<string[]> SourcesAsync(string query) => AllAsync($"/api/sources?{query}", "sources");

    // Pages through the list; the total must be what the pages hold. Every list here is newest first, which is the order of the names.
    private async Task<string[]> AllAsync(string path, string field)
    {
        var names = new List<string>();
        string? queryId = null;
        for (var page = 1; ; page++)
        {
            var data = await _member.GetAsync($"{path}&numPerPage=200&pageNumber={page}{(queryId is null ? "" : $"&queryID={queryId}")}");
            queryId = field == "candidates" ? data.GetProperty("queryID").GetString() : null;
            names.AddRange(data.GetProperty(field).EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
            var total = data.GetProperty("totalMatches").GetInt32();
            if (page * 200 >= total)
            {
                Assert.Equal(total, names.Count);
                return [.. names];
            }
        }
    }
}
