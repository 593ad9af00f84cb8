using System.Formats.Tar;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>The answers that scripts written for MARS expect, and the exports of the archive.</summary>
public sealed class MarsTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private static readonly SemaphoreSlim Once = new(1);
    private readonly AlertSite _site = new(fixture.Node);
    private TestClient _member = null!;

    public async ValueTask InitializeAsync()
    {
        await Once.WaitAsync();
        try
        {
            await _site.AddInstrumentsAsync();
            await _site.IngestAsync("ZTF Public", [.. Packets().Select(packet => packet.Packet())]);
            (_, _member) = await _site.GroupAsync($"mars-{Guid.NewGuid():N}", "ZTF Public");
        }
        finally
        {
            Once.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("/alerts?format=json&")]
    [InlineData("/alerts/?format=json&")]
    [InlineData("/api/mars?")]
    public async Task List_InTheWordsOfMars_HasItsEnvelope(string address)
    {
        var answer = await JsonAsync($"{address}objectId=ZTF26marsone&sort_value=jd&sort_order=asc");

        Assert.Equal((false, false, 1, 3), (answer.GetProperty("has_next").GetBoolean(), answer.GetProperty("has_prev").GetBoolean(), answer.GetProperty("pages").GetInt32(), answer.GetProperty("total").GetInt32()));
        Assert.Equal("ZTF26marsone", answer.GetProperty("query").GetProperty("objectId").GetString());
        var result = answer.GetProperty("results")[0];
        Assert.Equal(71_000, result.GetProperty("lco_id").GetInt64());
        Assert.Equal(71_000, result.GetProperty("candid").GetInt64());
        Assert.Equal("ZTF26marsone", result.GetProperty("objectId").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _member.Http.GetAsync(result.GetProperty("avro").GetString())).StatusCode);
        var candidate = result.GetProperty("candidate");
        Assert.Equal(2_460_900.75, candidate.GetProperty("jd").GetDouble(), 8);
        Assert.Equal(18.5, candidate.GetProperty("magpsf").GetDouble(), 1e-5);
        Assert.Equal("g", candidate.GetProperty("filter").GetString());
        Assert.Equal("Wed, 13 Aug 2025 06:00:00 GMT", candidate.GetProperty("wall_time").GetString());
        Assert.Equal(-0.5, candidate.GetProperty("deltamaglatest").GetDouble(), 1e-5);
        Assert.Equal(1.6, candidate.GetProperty("deltamagref").GetDouble(), 1e-5);
        Assert.Equal(42.1026, candidate.GetProperty("b").GetDouble(), 1e-3);
        var previous = result.GetProperty("prv_candidate")[0].GetProperty("candidate");
        Assert.Equal(18.9, previous.GetProperty("magpsf").GetDouble(), 1e-5);
        Assert.False(result.TryGetProperty("cutoutScience", out _));
    }

    [Fact]
    public async Task Pages_InTheWordsOfMars_GoOn()
    {
        var first = await JsonAsync("/alerts?format=json&numPerPage=2&objectId=ZTF26marsone");
        var second = await JsonAsync("/alerts?format=json&numPerPage=2&objectId=ZTF26marsone&page=2");

        Assert.Equal((true, false, 2), (first.GetProperty("has_next").GetBoolean(), first.GetProperty("has_prev").GetBoolean(), first.GetProperty("pages").GetInt32()));
        Assert.Equal((false, true), (second.GetProperty("has_next").GetBoolean(), second.GetProperty("has_prev").GetBoolean()));
        Assert.Equal(1, second.GetProperty("results").GetArrayLength());
    }

    [Theory]
    [InlineData("/alerts/71000?format=json")]
    [InlineData("/alerts/71000/?format=json")]
    [InlineData("/alerts/ZTF/71000?format=json")]
    public async Task Detail_InTheWordsOfMars_IsTheSingleResult(string address)
    {
        var answer = await JsonAsync(address);

        Assert.Equal(71_000, answer.GetProperty("candid").GetInt64());
        Assert.Equal("ZTF26marsone", answer.GetProperty("objectId").GetString());
    }

    [Theory]
    [InlineData("/alerts")]
    [InlineData("/alerts/")]
    [InlineData("/api/mars")]
    public async Task Queries_ThatArePosted_EachHaveTheirResultSet(string address)
    {
        using var response = await _member.Http.PostAsJsonAsync(address, new { queries = new object[] { new { objectId = "ZTF26marsone" }, new { candid = 71_003, magpsf__gte = 18 }, new { filter = new[] { "i" } } } });
        var sets = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results");

        Assert.Equal([3, 1, 0], sets.EnumerateArray().Select(set => set.GetProperty("num_alerts").GetInt32()));
        Assert.Equal("18", sets[1].GetProperty("query").GetProperty("magpsf__gte").GetString());
    }

    [Theory]
    [InlineData("{}", "queries")]
    [InlineData("""{"queries": []}""", "queries")]
    [InlineData("""{"queries": [1]}""", "queries[0]")]
    [InlineData("""{"queries": [{}, {"magpfs__gte": 1}]}""", "queries[1]")]
    [InlineData("""{"queries": [{"magpsf__gte": {"a": 1}}]}""", "magpsf__gte")]
    public async Task Queries_ThatAreNone_AreRefusedByPlace(string body, string named)
    {
        using var response = await _member.Http.PostAsync("/alerts", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_OfTheSameAddress_HoldsEveryFieldOfOneSurvey()
    {
        var lines = (await _member.Http.GetStringAsync("/alerts?format=csv&survey=ZTF&objectId=ZTF26marsone")).TrimEnd().Split('\n');

        Assert.Equal(4, lines.Length);
        var (head, row) = (lines[0].Split(','), lines[3].Split(','));
        Assert.Equal(head.Length, row.Length);
        Assert.Equal("71000", row[Array.IndexOf(head, "candid")]);
        Assert.Equal("18.4", row[Array.IndexOf(head, "magap")]);
        Assert.Equal("123456789012345678", row[Array.IndexOf(head, "objectidps1")]);
        Assert.Contains("szmag3", head);
    }

    [Theory]
    [InlineData("/alerts?format=xml", "format")]
    [InlineData("/alerts/71000?format=csv", "format")]
    [InlineData("/alerts/abc?format=json", "alert_id")]
    [InlineData("/api/alerts/export?format=zip", "format")]
    [InlineData("/api/alerts/export?magpfs=1", "magpfs")]
    [InlineData("/api/alerts/export?format=tar&magpfs=1", "magpfs")]
    [InlineData("/api/alerts/ZTF/71000/cutouts/other", "kind")]
    [InlineData("/api/alerts/ZTF/71000/cutouts/science?format=gif", "format")]
    [InlineData("/api/alerts/ZTF/71000/cutouts/science?low=x", "low")]
    public async Task Nonsense_IsRefusedByName(string address, string named)
    {
        using var response = await _member.Http.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cutouts_OfAnAlert_AreThoseOfItsPacket()
    {
        foreach (var kind in new[] { "science", "template", "difference" })
        {
            var png = await _member.Http.GetByteArrayAsync($"/api/alerts/ZTF/71000/cutouts/{kind}?scale=linear");
            var fits = await _member.Http.GetByteArrayAsync($"/api/alerts/ZTF/71000/cutouts/{kind}?format=fits");
            Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(png, 1, 3));
            Assert.StartsWith("SIMPLE  =", System.Text.Encoding.ASCII.GetString(fits, 0, 80), StringComparison.Ordinal);
            Assert.Equal(100, Infrastructure.Formats.FitsReader.ReadImage(fits).Pixels[(31 * 63) + 31]);
        }
    }

    [Fact]
    public async Task Exports_OfASearch_HoldAllOfItInOrderOfTime()
    {
        var lines = (await _member.Http.GetStringAsync("/api/alerts/export?objectId=ZTF26marsone&sort_value=magpsf")).TrimEnd().Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var csv = (await _member.Http.GetStringAsync("/api/alerts/export?format=csv&objectId=ZTF26marsone")).TrimEnd().Split('\n');
        await using var stream = await _member.Http.GetStreamAsync("/api/alerts/export?format=tar&objectId=ZTF26marsone");
        var packets = new Dictionary<string, byte[]>();
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var copy = new MemoryStream();
            await entry.DataStream!.CopyToAsync(copy);
            packets[entry.Name] = copy.ToArray();
        }

        Assert.Equal([71_002, 71_001, 71_000], lines.Select(line => line.GetProperty("alert_id").GetInt64()));
        Assert.Equal(18.4, lines[2].GetProperty("fields").GetProperty("magap").GetDouble(), 1e-5);
        Assert.Equal(4, csv.Length);
        Assert.Equal(["ZTF/71000.avro", "ZTF/71001.avro", "ZTF/71002.avro"], packets.Keys.Order());
        Assert.Equal(Packets().First().Write(), packets["ZTF/71000.avro"]);
    }

    // A pack that is gone breaks the export of packets after the first byte.
    [Fact]
    public async Task Export_ThatBreaks_SaysSoAtItsEnd()
    {
        await _site.IngestAsync("ZTF Public", [.. Enumerable.Range(0, 120).Select(i => new ZtfPacket("ZTF26broken1", 72_000 + i) { Jd = 2_460_950.75 + (i / 1000.0) }.Packet())]);
        await _site.QueryAsync<long>("update alerts set pack_hash = repeat('0', 64) where alert_id = 72000 returning alert_id");
        await using var stream = await _member.Http.GetStreamAsync("/api/alerts/export?format=tar&objectId=ZTF26broken1");
        var names = new List<string>();
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
        }

        Assert.Equal(101, names.Count);
        Assert.Equal("INCOMPLETE.txt", names[^1]);
        var list = await JsonAsync("/alerts?format=json&candid=72000");
        Assert.Equal(18.5, list.GetProperty("results")[0].GetProperty("candidate").GetProperty("magpsf").GetDouble(), 1e-5);
    }

    private async Task<JsonElement> JsonAsync(string address) => JsonSerializer.Deserialize<JsonElement>(await _member.Http.GetStringAsync(address));

    private static IEnumerable<ZtfPacket> Packets() =>
        Enumerable.Range(0, 3).Select(i => new ZtfPacket("ZTF26marsone", 71_000 + i) { Jd = 2_460_900.75 + i, MagAp = 18.4, MagNr = 20, ObjectIdPs = 123_456_789_012_345_678, Previous = [(2_460_899.7, 18.9, 1)] })
            .Append(new ZtfPacket("ZTF26marstwo", 71_003) { Ra = 200 });
}
