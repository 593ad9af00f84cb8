using System.Net;
using System.Text.Json;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Web.Tests.Gcn;

/// <summary>Events and sky maps over the API.</summary>
public sealed class GcnApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Post_Cone_IsReadBackWithItsTilesBordersAndWords()
    {
        var member = await site.Node.ClientAsync("gcn-cone", Role.FullUser);

        var posted = await member.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05.4", skymap = new { ra = 120.0, dec = 10.0, error = 1.5 }, tags = new[] { "GRB" }, aliases = new[] { "FERMI#bn1" }, trigger_id = 77 });

        Assert.Equal("2026-01-02T03:04:05", posted.GetProperty("dateobs").GetString());
        Assert.Equal(JsonValueKind.Null, posted.GetProperty("notice_id").ValueKind);
        var known = await member.GetAsync("/api/gcn_event/2026-01-02 03:04:05");
        Assert.Equal(("77", "GRB", "FERMI#bn1"), (known.GetProperty("trigger_id").GetString(), known.GetProperty("tags")[0].GetString(), known.GetProperty("aliases")[0].GetString()));
        var listed = Assert.Single(known.GetProperty("localizations").EnumerateArray());
        Assert.Equal("120.00000_10.00000_1.50000", listed.GetProperty("localization_name").GetString());
        Assert.Equal((120.0, 10.0), (listed.GetProperty("center").GetProperty("ra").GetDouble(), listed.GetProperty("center").GetProperty("dec").GetDouble()));
        Assert.Contains("< 200 sq. deg.", listed.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("text").GetString()));
        // 2 pi sigma^2 ln 10, on a sky that is nearly flat.
        Assert.InRange(listed.GetProperty("properties")[0].GetProperty("data").GetProperty("area_90").GetDouble() / (2 * Math.PI * 2.25 * Math.Log(10)), 0.97, 1.03);
        var map = await member.GetAsync("/api/localization/2026-01-02T03:04:05/name/120.00000_10.00000_1.50000?include2DMap=true");
        var uniqs = map.GetProperty("uniq").EnumerateArray().Select(value => value.GetInt64()).ToArray();
        Assert.Equal(uniqs.Order(), uniqs);
        Assert.Equal(1, SkyMap.Of(uniqs, [.. map.GetProperty("probdensity").EnumerateArray().Select(value => value.GetDouble())]).Total, 1e-9);
        Assert.Equal(JsonValueKind.Null, map.GetProperty("distmu").ValueKind);
        Assert.Equal(3_145_728, map.GetProperty("flat_2d").GetArrayLength());
        Assert.Equal(1, map.GetProperty("flat_2d").EnumerateArray().Sum(value => value.GetDouble()), 1e-6);
        var features = map.GetProperty("contour").GetProperty("features");
        Assert.Equal([0, 50, 90], features.EnumerateArray().Select(feature => feature.GetProperty("properties").GetProperty("credible_level").GetInt32()));
        foreach (var (at, radius) in new[] { (1, 1.5 * Math.Sqrt(2 * Math.Log(2))), (2, 1.5 * Math.Sqrt(2 * Math.Log(10))) })
        {
            var corners = features[at].GetProperty("geometry").GetProperty("coordinates").EnumerateArray().SelectMany(line => line.EnumerateArray()).ToList();
            Assert.All(corners, corner => Assert.InRange(new SkyPosition(120, 10).SeparationDegrees(new SkyPosition(corner[0].GetDouble(), corner[1].GetDouble())), radius - 0.2, radius + 0.2));
            Assert.Equal(corners[0].ToString(), corners[^1].ToString());
        }
    }

    [Fact]
    public async Task Post_FileAgain_IsStoredOnceAndComesBackAsAFile()
    {
        var member = await site.Node.ClientAsync("gcn-file", Role.FullUser);
        var map = SkyMap.Of([4, 21, 22], [0.5, 0, 0.25], new SkyMapDistances([100, double.PositiveInfinity, 130], [10, 1, 12], [1e-4, 0, 2e-4]));
        var file = Convert.ToBase64String(SkyMapFits.Write(map, [new FitsCard("DISTMEAN", 110.0)]));
        var body = new { dateobs = "2026-02-02T03:04:05", skymap = $"data:application/fits;name=bayestar%20one.fits;base64,{file}" };

        await member.PostAsync("/api/gcn_event", body);
        await member.PostAsync("/api/gcn_event", body);

        var known = await member.GetAsync("/api/gcn_event/2026-02-02T03:04:05");
        var listed = Assert.Single(known.GetProperty("localizations").EnumerateArray());
        Assert.Equal("bayestar one.fits", listed.GetProperty("localization_name").GetString());
        Assert.Equal(110, listed.GetProperty("properties")[0].GetProperty("data").GetProperty("distmean").GetDouble());
        Assert.Contains("< 150 Mpc", listed.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("text").GetString()));
        var row = await member.GetAsync("/api/localization/2026-02-02T03:04:05/name/bayestar%20one.fits");
        Assert.Equal("[100,null,130]", row.GetProperty("distmu").GetRawText());
        using var reply = await member.Http.GetAsync("/api/localization/2026-02-02T03:04:05/name/bayestar%20one.fits/download");
        var back = SkyMapFits.Read(await reply.Content.ReadAsByteArrayAsync()).Map;
        Assert.Equal(map.Uniqs(), back.Uniqs());
        Assert.Equal(map.DensitiesPerSteradian, back.DensitiesPerSteradian);
        Assert.Equal(map.Distances!.MuMpc, back.Distances!.MuMpc);
    }

    [Fact]
    public async Task Post_OtherForms_MakeMaps()
    {
        var member = await site.Node.ClientAsync("gcn-forms", Role.FullUser);
        var forms = new object[]
        {
            new { localization_name = "tiles", uniq = new[] { 1024, 1025 }, probdensity = new[] { 1.0, 2.0 } },
            new { localization_name = "ellipse", ra = 30, dec = 60, amaj = 4, amin = 1, phi = 30 },
            new { localization_name = "polygon", polygon = "[(0, 0), (10, 0), (10, 10)]" },
            new { localization_name = "polygon 2", polygon = new[] { new[] { 0, 0 }, [10, 0], [10, 10] } },
        };

        foreach (var skymap in forms)
        {
            await member.PostAsync("/api/gcn_event", new { dateobs = "2026-03-02T03:04:05", skymap });
        }

        var known = await member.GetAsync("/api/gcn_event/2026-03-02T03:04:05");
        Assert.Equal(["polygon 2", "polygon", "ellipse", "tiles"], known.GetProperty("localizations").EnumerateArray().Select(map => map.GetProperty("localization_name").GetString()));
    }

    [Theory]
    [InlineData("""{"skymap":{"ra":1,"dec":2,"error":1}}""", "dateobs")]
    [InlineData("""{"dateobs":"yesterday"}""", "dateobs")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","xml":"<a/>"}""", "xml")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"ra":1}}""", "skymap needs")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"ra":1,"dec":95,"error":1}}""", "Declination")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"ra":1,"dec":5,"error":-1}}""", "error must be")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"localization_name":"a","uniq":[4,16],"probdensity":[1,1]}}""", "overlap")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"uniq":[4],"probdensity":[1]}}""", "localization_name")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"localization_name":"a","polygon":[[0,0],[1,1]]}}""", "3 to")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":{"localization_name":"a/b","polygon":[[0,0],[1,1],[1,0]]}}""", "slashes")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":"http://example.org/map.fits"}""", "base64")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","skymap":"AAAA"}""", "FITS")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","group_ids":[999999]}""", "group_ids")]
    [InlineData("""{"dateobs":"2026-05-05T00:00:00","tags":[""]}""", "tags")]
    public async Task Post_WhatIsWrong_IsNamedAndNothingIsKept(string body, string why)
    {
        var member = await site.Node.ClientAsync("gcn-wrong", Role.FullUser);

        var (status, envelope) = await member.SendAsync(HttpMethod.Post, "/api/gcn_event", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(400, status);
        Assert.StartsWith("Cannot post event: ", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(why, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await member.SendAsync(HttpMethod.Get, "/api/gcn_event/2026-05-05T00:00:00")).Status);
    }

    [Fact]
    public async Task RestrictedEvent_Outsider_SeesAndChangesNothing()
    {
        var (group, _) = await new SimulatedNight(site.Node).GroupAsync("gcn group");
        var member = await site.Node.ClientAsync("gcn-member", Role.FullUser, (group, false));
        var other = await site.Node.ClientAsync("gcn-other", Role.FullUser, (group, false));
        var outsider = await site.Node.ClientAsync("gcn-outsider", Role.FullUser);
        await member.PostAsync("/api/gcn_event", new { dateobs = "2026-06-02T03:04:05", group_ids = new[] { group }, tags = new[] { "secret word" }, skymap = new { ra = 1, dec = 2, error = 1 } });
        const string map = "/api/localization/2026-06-02T03:04:05/name/1.00000_2.00000_1.00000";

        foreach (var path in new[] { "/api/gcn_event/2026-06-02T03:04:05", map, $"{map}/download" })
        {
            Assert.Equal(200, (int)(await other.Http.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await outsider.Http.GetAsync(path)).StatusCode);
        }

        Assert.DoesNotContain("secret word", (await outsider.GetAsync("/api/gcn_event/tags")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("2026-06-02", (await outsider.GetAsync("/api/gcn_event?numPerPage=100")).GetRawText(), StringComparison.Ordinal);
        foreach (var client in new[] { other, outsider })
        {
            var (status, envelope) = await client.SendAsync(HttpMethod.Post, "/api/gcn_event", new { dateobs = "2026-06-02T03:04:05", tags = new[] { "mine" } });
            Assert.Equal(400, status);
            Assert.StartsWith("Cannot post event: Insufficient permissions", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal(404, (await client.SendAsync(HttpMethod.Delete, map)).Status);
            Assert.NotEqual(200, (await client.SendAsync(HttpMethod.Delete, "/api/gcn_event/2026-06-02T03:04:05")).Status);
        }

        Assert.Equal(200, (await member.SendAsync(HttpMethod.Delete, map)).Status);
        Assert.Equal(404, (await member.SendAsync(HttpMethod.Get, map)).Status);
        var admin = await site.Node.ClientAsync("gcn-admin", Role.SuperAdmin);
        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Delete, "/api/gcn_event/2026-06-02T03:04:05")).Status);
        Assert.Equal(404, (await admin.SendAsync(HttpMethod.Delete, "/api/gcn_event/2026-06-02T03:04:05")).Status);
    }

    [Fact]
    public async Task Post_ManyAtOnce_KeepsTheWordsOfAll()
    {
        var member = await site.Node.ClientAsync("gcn-words", Role.FullUser);
        await member.PostAsync("/api/gcn_event", new { dateobs = "2026-07-02T03:04:05", tags = new[] { "first" } });
        var words = Enumerable.Range(0, 12).Select(i => $"word {i}").ToArray();

        // Nobody goes on before all have read what is there, if they read it before they hold it.
        await using (var connection = await site.Node.Contexts.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("select 1 from gcnevents where dateobs = '2026-07-02T03:04:05Z' for no key update", connection, transaction);
            await hold.ExecuteNonQueryAsync();
            var posts = words.Select(word => member.PostAsync("/api/gcn_event", new { dateobs = "2026-07-02T03:04:05", tags = new[] { word } })).ToArray();
            await using var waiting = site.Node.Contexts.DataSource.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            while ((long)(await waiting.ExecuteScalarAsync())! < 2 && !posts.Any(post => post.IsCompleted))
            {
                await Task.Yield();
            }

            await transaction.CommitAsync();
            await Task.WhenAll(posts);
        }

        var known = await member.GetAsync("/api/gcn_event/2026-07-02T03:04:05");
        Assert.Equal(words.Append("first").Order(), known.GetProperty("tags").EnumerateArray().Select(word => word.GetString()).Order());
    }

    [Fact]
    public async Task Post_MapAfterTheFiftieth_IsRefusedAndTilesBeyondAMillionAreLeftOut()
    {
        var member = await site.Node.ClientAsync("gcn-fifty", Role.FullUser);
        await member.PostAsync("/api/gcn_event", new { dateobs = "2026-08-02T03:04:05", skymap = new { localization_name = "map 0", uniq = new[] { 4 }, probdensity = new[] { 1.0 } } });
        await ChangeAsync("""
            insert into localizations (created_at, modified, sent_by_id, event_id, name, uniqs, probdensity, area_ninety_square_degrees, center_ra, center_dec, properties, tags, contour)
            select m.created_at + i * interval '1 s', modified, sent_by_id, event_id, 'map ' || i, uniqs, probdensity, area_ninety_square_degrees, center_ra, center_dec, properties, tags, contour
            from localizations m, generate_series(1, 49) i where event_id = (select id from gcnevents where dateobs = '2026-08-02T03:04:05Z')
            """);

        var (status, envelope) = await member.SendAsync(HttpMethod.Post, "/api/gcn_event", new { dateobs = "2026-08-02T03:04:05", skymap = new { ra = 1, dec = 2, error = 1 } });
        Assert.Equal((400, "Cannot post event: skymap: the event has 50 sky maps, which is the most; delete one first"), (status, envelope.GetProperty("message").GetString()));
        Assert.Equal(50, await TilesAsync());

        await ChangeAsync("""
            update localizations set uniqs = array_fill(4::bigint, array[400000]), probdensity = array_fill(1::float8, array[400000])
            where event_id = (select id from gcnevents where dateobs = '2026-08-02T03:04:05Z') and name in ('map 49', 'map 48', 'map 47')
            """);
        Assert.Equal(2, await TilesAsync());

        // The newest maps have their tiles, the others have none.
        async Task<int> TilesAsync()
        {
            var maps = (await member.GetAsync("/api/gcn_event/2026-08-02T03:04:05")).GetProperty("localizations").EnumerateArray().ToList();
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"map {49 - i}"), maps.Select(map => map.GetProperty("localization_name").GetString()));
            var whole = maps.TakeWhile(map => map.GetProperty("uniq").ValueKind == JsonValueKind.Array && map.GetProperty("contour").ValueKind == JsonValueKind.Object).Count();
            Assert.All(maps.Skip(whole), map => Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (map.GetProperty("uniq").ValueKind, map.GetProperty("contour").ValueKind)));
            return whole;
        }

        async Task ChangeAsync(string sql)
        {
            await using var command = site.Node.Contexts.DataSource.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task List_ByGroupsOfOthers_TellsNothing()
    {
        var (theirs, _) = await new SimulatedNight(site.Node).GroupAsync("gcn theirs");
        var (shared, _) = await new SimulatedNight(site.Node).GroupAsync("gcn shared");
        var both = await site.Node.ClientAsync("gcn-both", Role.FullUser, (theirs, false), (shared, false));
        var reader = await site.Node.ClientAsync("gcn-reader", Role.FullUser, (shared, false));
        await both.PostAsync("/api/gcn_event", new { dateobs = "2026-09-02T03:04:05", group_ids = new[] { theirs, shared } });

        Assert.Equal(1, (await both.GetAsync($"/api/gcn_event?groupIds={theirs}")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(1, (await reader.GetAsync($"/api/gcn_event?groupIds={theirs},{shared}")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(0, (await reader.GetAsync($"/api/gcn_event?groupIds={theirs}")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task List_Conditions_ChooseEvents()
    {
        var member = await site.Node.ClientAsync("gcn-list", Role.FullUser);
        foreach (var (time, tag, error) in new[] { ("2027-01-02T03:04:05", "GW", 20.0), ("2027-01-12T03:04:05", "GRB", 1.0), ("2027-02-12T03:04:05", "GRB", 20.0) })
        {
            await member.PostAsync("/api/gcn_event", new { dateobs = time, tags = new[] { tag, "listed" }, aliases = new[] { $"LIST_{tag}%{time[..7]}" }, skymap = new { ra = 10, dec = 10, error } });
        }

        async Task<string[]> AskAsync(string query) =>
            [.. (await member.GetAsync($"/api/gcn_event?startDate=2027-01-01&{query}")).GetProperty("events").EnumerateArray().Select(row => row.GetProperty("dateobs").GetString()![5..10])];

        Assert.Equal(new[] { "02-12", "01-12", "01-02" }, await AskAsync(""));
        Assert.Equal(new[] { "01-02", "01-12", "02-12" }, await AskAsync("sortBy=dateobs"));
        Assert.Equal(new[] { "01-12", "01-02" }, await AskAsync("partialdateobs=2027-01"));
        Assert.Equal(new[] { "01-02" }, await AskAsync("partialdateobs=2027-01-02T03"));
        Assert.Equal(new[] { "01-02" }, await AskAsync("partialdateobs=list_gw%25"));
        Assert.Empty(await AskAsync("partialdateobs=list%25gw"));
        Assert.Equal(new[] { "02-12", "01-12" }, await AskAsync("gcnTagKeep=GRB,none"));
        Assert.Equal(new[] { "01-02" }, await AskAsync("gcnTagRemove=GRB"));
        Assert.Equal(new[] { "01-12" }, await AskAsync("localizationTagKeep=< 200 sq. deg."));
        Assert.Equal(new[] { "02-12", "01-02" }, await AskAsync("localizationTagRemove=< 200 sq. deg."));
        Assert.Equal(new[] { "01-12" }, await AskAsync("endDate=2027-02-01&gcnTagKeep=GRB&numPerPage=1"));
    }

    [Fact]
    public async Task Post_GravitationalWaveMap_IsTakenWithItsDistance()
    {
        var member = await site.Node.ClientAsync("gcn-gw", Role.FullUser);
        var file = Convert.ToBase64String(await File.ReadAllBytesAsync(SharedData.PathOrSkip("skymaps/LALInference.v1.fits.gz")));

        await member.PostAsync("/api/gcn_event", new { dateobs = "2019-08-14T21:10:39", skymap = $"data:application/gzip;name=LALInference.v1.fits.gz;base64,{file}" });

        var listed = (await member.GetAsync("/api/gcn_event?endDate=2020-01-01")).GetProperty("events")[0].GetProperty("localizations")[0];
        Assert.Equal(["< 200 sq. deg.", "< 500 sq. deg.", "< 1000 sq. deg.", "> 0.9 in 500 sq. deg."], listed.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("text").GetString()));
    }
}
