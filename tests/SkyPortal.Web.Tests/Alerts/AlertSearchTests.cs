using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>The search of the alert archive, against a search of the same packets that is written down here.</summary>
public sealed class AlertSearchTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private const double FirstJd = 2_460_900.75;
    private static readonly List<ZtfPacket> Packets = [.. Enumerable.Range(0, 120).Select(Make)];
    private static readonly SemaphoreSlim Once = new(1);
    private readonly AlertSite _site = new(fixture.Node);
    private TestClient _member = null!;

    public async ValueTask InitializeAsync()
    {
        await Once.WaitAsync();
        try
        {
            await _site.AddInstrumentsAsync();
            if ((await _site.QueryAsync<long>("select count(*) from alerts"))[0] == 0)
            {
                await _site.IngestAsync("ZTF Public", [.. Packets.Select(packet => packet.Packet())]);
            }

            _member = await ReaderAsync("reader", "ZTF Public");
        }
        finally
        {
            Once.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static readonly (string Query, Func<ZtfPacket, bool> Fits)[] Searches =
    [
        ("", _ => true),
        ("objectId=ZTF26searc003", packet => packet.ObjectId == "ZTF26searc003"),
        ("objectId=ZTF26searc003,ZTF26searc004", packet => packet.ObjectId is "ZTF26searc003" or "ZTF26searc004"),
        ("candid=70005", packet => packet.Candid == 70_005),
        ("candid=70005&candid=70006", packet => packet.Candid is 70_005 or 70_006),
        ("survey=ZTF&programid=1", _ => true),
        ("survey=LSST", _ => false),
        ("filter=g", packet => packet.Fid == 1),
        ("filter=g,r&filter=i", _ => true),
        ("filter=g, i", packet => packet.Fid is 1 or 3),
        ($"jd__gt={FirstJd + 1.1}&jd__lt={FirstJd + 2.2}", packet => packet.Jd > FirstJd + 1.1 && packet.Jd < FirstJd + 2.2),
        ($"mjd__gte={FirstJd - 2_400_000.5}", packet => packet.Jd >= FirstJd),
        ("time__gt=2025-08-14T06:30:00Z&time__lt=2025-08-16", packet => packet.Jd > Jd("2025-08-14T06:30:00Z") && packet.Jd < Jd("2025-08-16T00:00:00Z")),
        ("magpsf__gte=17.5&magpsf__lte=18.5", packet => packet.Mag is >= 17.5 and <= 18.5),
        ("magpsf__lt=17.5", packet => packet.Mag < 17.5),
        ("sigmapsf__lte=0.1", packet => packet.MagErr <= 0.1),
        ("magap__gte=18&magap__lte=18.4", packet => packet.MagAp is >= 18 and <= 18.4),
        ("rb__gte=0.5", packet => packet.Rb >= 0.5),
        ("drb__gte=0.5&drb__lte=0.8", packet => packet.Drb is >= 0.5 and <= 0.8),
        ("score__gt=0.65", packet => (packet.Drb ?? packet.Rb) > 0.65),
        ("distnr__gte=1&distnr__lte=2", packet => packet.DistNr is >= 1 and <= 2),
        ("distpsnr1__lte=5", packet => packet.DistPs is <= 5 and > -999),
        ("deltamagref__gte=0.455", packet => packet.MagNr - packet.MagAp >= 0.455),
        ("deltamaglatest__lte=-0.25&deltamaglatest__gte=-0.55", packet => packet.Previous.Count > 0 && packet.MagAp - packet.Previous[0].Mag is <= -0.25 and >= -0.55),
        ("isdiffpos=t", packet => packet.IsDiffPos == "t"),
        ("isdiffpos=0", packet => packet.IsDiffPos != "t"),
        ("objectidps=123456789012345678", packet => packet.ObjectIdPs == 123_456_789_012_345_678),
        ("objectidps1__gt=123456789012345677", packet => packet.ObjectIdPs > 123_456_789_012_345_677),
        ("ra__gt=150.4&ra__lt=151", packet => packet.Ra is > 150.4 and < 151),
        ("dec__gte=2.5", packet => packet.Dec >= 2.5),
        ("l__lt=237&b__gt=42.3", packet => Galactic(packet).LongitudeDegrees < 237 && Galactic(packet).LatitudeDegrees > 42.3),
        ("cone=150.5,2.4,0.3", packet => Separation(packet, 150.5, 2.4) <= 0.3),
        ("cone=10:02:00,+02:24:00,0.3", packet => Separation(packet, 150.5, 2.4) <= 0.3),
        ("objectcone=ZTF26searc007,0.2", packet => Separation(packet, At(7).Ra, At(7).Dec) <= 0.2),
        ("fid=2&programid=1", packet => packet.Fid == 2),
        ("filter=r&drb__gte=0.6&magpsf__lte=18.6&cone=150.5,2.4,0.5", packet => packet.Fid == 2 && packet.Drb >= 0.6 && packet.Mag <= 18.6 && Separation(packet, 150.5, 2.4) <= 0.5),
        ("magpsf__gte=&objectId=&page=", _ => true),
    ];

    [Fact]
    public async Task Search_EveryParameter_FindsWhatItSays()
    {
        foreach (var (query, fits) in Searches)
        {
            var expected = Packets.Where(fits).OrderByDescending(packet => packet.Jd).ThenByDescending(packet => packet.Candid).Select(packet => packet.Candid).ToList();

            var data = await _member.GetAsync($"/api/alerts?numPerPage=500&{query}");

            Assert.True(expected.SequenceEqual(Ids(data)), $"{query}: {string.Join(' ', Ids(data))} where {string.Join(' ', expected)} is right");
            Assert.Equal(expected.Count, data.GetProperty("totalMatches").GetInt32());
            Assert.False(data.GetProperty("totalIsLowerBound").GetBoolean());
        }
    }

    [Fact]
    public void Searches_AreNotAllOfThemEmpty() =>
        Assert.True(Searches.Count(search => Packets.Any(search.Fits) && !Packets.All(search.Fits)) > 25);

    [Theory]
    [InlineData("jd", "desc")]
    [InlineData("jd", "asc")]
    [InlineData("magpsf", "asc")]
    [InlineData("magpsf", "desc")]
    [InlineData("rb", "desc")]
    [InlineData("deltamaglatest", "asc")]
    [InlineData("objectidps1", "desc")]
    [InlineData("objectId", "asc")]
    [InlineData("filter", "desc")]
    [InlineData("ra", "asc")]
    public async Task Pages_ByCursorAndByNumber_HoldEveryAlertOnceInOrder(string sort, string order)
    {
        var whole = Ids(await _member.GetAsync($"/api/alerts?numPerPage=500&sort_value={sort}&sort_order={order}"));
        var (byNumber, byCursor) = (new List<long>(), new List<long>());
        for (var page = 1; page <= 9; page++)
        {
            byNumber.AddRange(Ids(await _member.GetAsync($"/api/alerts?numPerPage=14&page={page}&sort_value={sort}&sort_order={order}")));
        }

        for (string? cursor = ""; cursor is not null;)
        {
            var data = await _member.GetAsync($"/api/alerts?numPerPage=14&sort_value={sort}&sort_order={order}&cursor={cursor}");
            Assert.Equal(120, data.GetProperty("totalMatches").GetInt32());
            byCursor.AddRange(Ids(data));
            cursor = data.GetProperty("nextCursor").GetString();
        }

        Assert.Equal(120, whole.Distinct().Count());
        Assert.Equal(whole, byNumber);
        Assert.Equal(whole, byCursor);
        var values = whole.Select(id => Packets.Single(packet => packet.Candid == id)).Select(packet => sort switch
        {
            "jd" => packet.Jd,
            "magpsf" => packet.Mag,
            "rb" => packet.Rb,
            "ra" => packet.Ra,
            _ => 0.0,
        }).ToList();
        Assert.Equal(order == "asc" ? values.Order() : values.OrderDescending(), values);
    }

    [Fact]
    public async Task Since_CountsBackFromNow()
    {
        var now = Mjd.DaysOf(fixture.Node.Contexts.Clock.GetUtcNow().UtcDateTime) + 2_400_000.5;
        await _site.IngestAsync("WINTER", []);
        var fresh = new ZtfPacket("ZTF26justnow", 79_001) { Jd = now - (600 / 86_400.0), Ra = 20, Dec = -10 };
        await _site.IngestAsync("ZTF Public", fresh.Packet());
        try
        {
            Assert.Equal([79_001], Ids(await _member.GetAsync("/api/alerts?time__since=3600")));
            Assert.Empty(Ids(await _member.GetAsync("/api/alerts?time__since=300")));
        }
        finally
        {
            await _site.QueryAsync<long>("delete from alerts where alert_id = 79001 returning alert_id");
        }
    }

    [Fact]
    public async Task ObjectCone_OfANameThatIsNotOurs_AsksTheResolver()
    {
        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF26andromd", 79_002) { Ra = 10.8, Dec = 41.3 }.Packet());
        try
        {
            Assert.Equal([79_002], Ids(await _member.GetAsync("/api/alerts?objectcone=M31,1.5")));
            var (status, envelope) = await _member.SendAsync(HttpMethod.Get, "/api/alerts?objectcone=Nowhere 7,1.5");
            Assert.Equal(400, status);
            Assert.Contains("Nowhere 7", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await _site.QueryAsync<long>("delete from alerts where alert_id = 79002 returning alert_id");
        }
    }

    [Fact]
    public async Task ObjectCone_OfAnAlias_IsResolvedHere()
    {
        await _site.QueryAsync<string>("update objs set alias = array['My Favourite'], tns_name = 'SN 2026zzz', created_by_id = $1 where id = 'ZTF26searc009' returning id", _member.UserId);

        foreach (var name in new[] { "my favourite", "2026zzz", "AT 2026zzz" }.Take(2))
        {
            var expected = Packets.Where(packet => Separation(packet, At(9).Ra, At(9).Dec) <= 0.2).Select(packet => packet.Candid).Order();
            Assert.Equal(expected, Ids(await _member.GetAsync($"/api/alerts?objectcone={name},0.2")).Order());
        }
    }

    [Theory]
    [InlineData("lower(tns_name) in (lower('X'), 'sn ' || lower('X'))", "ix_objs_lower_tns_name")]
    [InlineData("lower_all(alias) @> array[lower('X')]", "ix_objs_lower_alias")]
    public async Task OtherNames_AreFoundByAnIndex(string condition, string index)
    {
        var plan = await _site.QueryAsync<string>($"set enable_seqscan = off; explain select id from objs where {condition}");

        Assert.Contains(plan, line => line.Contains(index, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("magpfs__gte=18", "magpsf")]
    [InlineData("nonsense=1", "nonsense")]
    [InlineData("magpsf__gte=bright", "magpsf__gte")]
    [InlineData("magpsf__gte=NaN", "magpsf__gte")]
    [InlineData("magpsf__near=18", "magpsf__near")]
    [InlineData("time__gt=yesterday", "time__gt")]
    [InlineData("time__since=-5", "time__since")]
    [InlineData("cone=1,2", "cone")]
    [InlineData("cone=1,2,0", "cone")]
    [InlineData("cone=1,95,1", "cone")]
    [InlineData("cone=1,5,200", "cone")]
    [InlineData("objectcone=M31", "objectcone")]
    [InlineData("objectcone=M31,x", "objectcone")]
    [InlineData("filter=green", "filter")]
    [InlineData("candid=abc", "candid")]
    [InlineData("candid=99999999999999999999", "candid")]
    [InlineData("objectidps=1.5", "objectidps")]
    [InlineData("objectidps1__gt=1.5", "objectidps1")]
    [InlineData("survey=PTF", "survey")]
    [InlineData("survey=LSST&magnr__gte=1", "magnr")]
    [InlineData("page=0", "page")]
    [InlineData("page=100000", "page")]
    [InlineData("numPerPage=1000", "numPerPage")]
    [InlineData("sort_value=nothing", "sort_value")]
    [InlineData("sort_order=up", "sort_order")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("isdiffpos=maybe", "isdiffpos")]
    public async Task Search_OfNonsense_IsRefusedByName(string query, string named)
    {
        var (status, envelope) = await _member.SendAsync(HttpMethod.Get, $"/api/alerts?{query}");

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_OfAnotherOrder_IsRefused()
    {
        var cursor = (await _member.GetAsync("/api/alerts?numPerPage=10")).GetProperty("nextCursor").GetString();

        var (status, _) = await _member.SendAsync(HttpMethod.Get, $"/api/alerts?numPerPage=10&sort_value=magpsf&cursor={cursor}");

        Assert.Equal(400, status);
    }

    internal static List<long> Ids(JsonElement data) => [.. data.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("alert_id").GetInt64())];

    private async Task<TestClient> ReaderAsync(string name, params string[] streams)
    {
        var (_, client) = await _site.GroupAsync($"{name}-{Guid.NewGuid():N}", streams);
        return client;
    }

    private static ZtfPacket At(int number) => Packets.First(packet => packet.ObjectId == $"ZTF26searc{number:000}");

    private static ZtfPacket Make(int i)
    {
        var magAp = Math.Round(17.2 + (i * 37 % 20 / 10.0), 2);
        return new ZtfPacket($"ZTF26searc{i / 3:000}", 70_000 + i)
        {
            Jd = FirstJd + (i % 3) + (i / 500.0),
            Fid = 1 + (i % 3),
            Ra = 150 + (i / 3 * 0.025),
            Dec = 2 + (i / 3 % 10 * 0.08),
            Mag = Math.Round(17 + (i * 13 % 25 / 10.0), 2),
            MagErr = Math.Round(0.02 + (i % 10 / 50.0), 3),
            Drb = i % 11 == 0 ? null : Math.Round(i * 7 % 100 / 100.0, 2),
            Rb = Math.Round(i * 3 % 100 / 100.0, 2),
            MagAp = magAp,
            MagNr = Math.Round(18 + (i % 7 / 10.0), 2),
            DistNr = Math.Round(i % 30 / 10.0, 2),
            DistPs = i % 5 == 0 ? -999 : i % 9,
            ObjectIdPs = i % 10 == 0 ? 123_456_789_012_345_678 : 123_456_789_012_345_677,
            IsDiffPos = i % 4 == 0 ? "f" : "t",
            Previous = i % 2 == 0 ? [] : [(FirstJd - 3, Math.Round(magAp + (i % 9 / 10.0), 2), 1)],
        };
    }

    private static double Jd(string time) => Mjd.DaysOf(DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)) + 2_400_000.5;

    private static double Separation(ZtfPacket packet, double ra, double dec)
    {
        double Rad(double degrees) => degrees * Math.PI / 180;
        var cos = (Math.Sin(Rad(packet.Dec)) * Math.Sin(Rad(dec))) + (Math.Cos(Rad(packet.Dec)) * Math.Cos(Rad(dec)) * Math.Cos(Rad(packet.Ra - ra)));
        return Math.Acos(Math.Min(1, cos)) * 180 / Math.PI;
    }

    private static GalacticPosition Galactic(ZtfPacket packet) => GalacticPosition.FromIcrs(new SkyPosition(packet.Ra, packet.Dec));
}
