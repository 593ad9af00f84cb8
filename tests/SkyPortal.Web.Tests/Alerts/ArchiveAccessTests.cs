using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>
/// Every way to read the archive, for people with different streams and for nobody, over alerts of all programmes and a public one
/// with a private history: who ought to see what is written down here by programme.
/// </summary>
public sealed partial class ArchiveAccessTests : IAsyncLifetime
{
    private const string ObjId = "ZTF26accessa";
    private const string Other = "ZTF26accessb";
    private const double Ra = 130;
    private const double Dec = 12;

    // By programme: 1 public, 2 partnership, 3 Caltech. 80004 is public with a history of programme 2; 80005 is another object's, at the same place.
    private static readonly (long Id, int Programme, string Obj)[] Alerts = [(80_001, 1, ObjId), (80_002, 2, ObjId), (80_003, 3, ObjId), (80_004, 1, ObjId), (80_005, 2, Other)];

    private static readonly (string Name, string? Stream, int[] Programmes)[] People =
    [
        ("none", "WINTER", []), ("public", "ZTF Public", [1]), ("partner", "ZTF Partnership", [1, 2]), ("caltech", "ZTF Caltech", [1, 2, 3]), ("anonymous", null, [1]),
    ];

    private readonly Dictionary<string, HttpClient> _clients = [];
    private readonly Dictionary<string, HttpClient> _browsers = [];
    private TestSite _server = null!;
    private AlertSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSite.StartAsync(builder => builder.Configuration["Alerts:PublicStreams"] = "ZTF Public, No such stream");
        _site = new AlertSite(_server.Node);
        await _site.AddInstrumentsAsync();
        await _site.IngestAsync("ZTF Public", [.. Alerts.Select((alert, i) => new ZtfPacket(alert.Obj, alert.Id)
        {
            Jd = 2_460_900.75 + i, Ra = Ra, Dec = Dec, Programme = alert.Programme, MagAp = 18.4,
            Previous = alert.Id == 80_004 ? [(2_460_890.7, 18.9, 1), (2_460_891.7, 19.7, 2)] : [],
            Forced = alert.Id == 80_004 ? [(2_460_892.7, 123, 5, "0", 2), (2_460_893.7, 321, 5, "0", 1)] : [],
        }.Packet())]);
        foreach (var (name, stream, _) in People)
        {
            _browsers[name] = new HttpClient { BaseAddress = new Uri(_server.Node.Address) };
            if (stream is null)
            {
                _clients[name] = new HttpClient { BaseAddress = new Uri(_server.Node.Address) };
                continue;
            }

            var member = (await _site.GroupAsync(name, stream)).Member;
            _clients[name] = member.Http;
            var link = await _server.Node.Services.GetRequiredService<CreateSignInLink>().HandleAsync(Viewer.System, member.UserId, CancellationToken.None);
            using var arrived = await _browsers[name].GetAsync($"/sign-in/{link}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _clients["anonymous"].Dispose();
        foreach (var browser in _browsers.Values)
        {
            browser.Dispose();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task EveryWayToRead_ShowsWhatTheProgrammesAllow_AndNothingMore()
    {
        foreach (var (who, _, programmes) in People)
        {
            var client = _clients[who];
            var own = Expected(ObjId, programmes);
            var all = Expected(null, programmes);
            await SameAsync(who, "list", all, ListAsync(client, "/api/alerts"));
            await SameAsync(who, "object", own, ListAsync(client, $"/api/alerts?objectId={ObjId}"));
            await SameAsync(who, "programme", Expected(null, [.. programmes.Intersect([2])]), ListAsync(client, "/api/alerts?programid=2"));
            await SameAsync(who, "cone", all, ListAsync(client, $"/api/alerts?cone={Ra},{Dec},0.1"));
            await SameAsync(who, "sorted", all, ListAsync(client, "/api/alerts?sort_value=magpsf"));
            await SameAsync(who, "mars", all, ListAsync(client, "/alerts?format=json"));
            Assert.Equal(all.Count, (await JsonAsync(client, "/api/alerts")).GetProperty("data").GetProperty("totalMatches").GetInt32());
            Assert.Equal(all.Count, (await JsonAsync(client, "/alerts?format=json")).GetProperty("total").GetInt32());
            await SameAsync(who, "csv", all, IdsAsync(client, "/alerts?format=csv"));
            // A name is a place only to who may read an alert of it.
            if (Expected(Other, programmes).Count > 0)
            {
                await SameAsync(who, "objectcone", all, ListAsync(client, $"/api/alerts?objectcone={Other},0.1"));
            }
            else
            {
                Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(client, $"/api/alerts?objectcone={Other},0.1"));
            }

            foreach (var (id, programme, _) in Alerts)
            {
                var sees = programmes.Contains(programme);
                var status = sees ? HttpStatusCode.OK : HttpStatusCode.NotFound;
                foreach (var path in new[] { $"/api/alerts/ZTF/{id}", $"/alerts/{id}?format=json", $"/alerts/ZTF/{id}?format=json", $"/api/alerts/ZTF/{id}/cutouts/science", $"/api/alerts/ZTF/{id}/cutouts/science?format=fits" })
                {
                    Assert.True(status == await StatusAsync(client, path), $"{who}: {path}");
                }

                var isWhole = id != 80_004 || programmes.Contains(2);
                Assert.Equal(!sees ? HttpStatusCode.NotFound : isWhole ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await StatusAsync(client, $"/api/alerts/ZTF/{id}/packet"));
                if (sees)
                {
                    var data = (await JsonAsync(client, $"/api/alerts/ZTF/{id}")).GetProperty("data");
                    Assert.Equal(isWhole, data.GetProperty("packet_is_whole").GetBoolean());
                    Assert.Equal(own.Intersect(Expected(Alerts.Single(alert => alert.Id == id).Obj, programmes)), Read(data.GetProperty("same_object")).Order().Intersect(own));
                    Assert.Equal(all.Except(Expected(Alerts.Single(alert => alert.Id == id).Obj, programmes)), Read(data.GetProperty("same_place")).Order());
                }
            }
        }
    }

    [Fact]
    public async Task Pages_AsTheServerDrawsThem_ShowWhatTheProgrammesAllow()
    {
        foreach (var (who, _, programmes) in People)
        {
            await SameAsync(who, "page", Expected(null, programmes), DrawnAsync(_browsers[who], "/alerts"));
            await SameAsync(who, "page of an object", Expected(ObjId, programmes), DrawnAsync(_browsers[who], $"/alerts?objectId={ObjId}"));
            foreach (var (id, programme, _) in Alerts)
            {
                using var response = await _browsers[who].GetAsync($"/alerts/ZTF/{id}");
                var text = await response.Content.ReadAsStringAsync();
                Assert.True(programmes.Contains(programme) == text.Contains("/cutouts/science", StringComparison.Ordinal), $"{who}: page of {id} answered {response.StatusCode}");
                if (id == 80_004 && programmes.Contains(1))
                {
                    // The history of programme 2 is no part of what a reader of programme 1 is shown, nor of its count.
                    Assert.Equal(programmes.Contains(2) ? 5 : 3, Points().Match(text).Groups.Values.Skip(1).Sum(group => int.Parse(group.Value, System.Globalization.CultureInfo.InvariantCulture)));
                }

                Assert.Empty(Number().Matches(text).Select(match => long.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)).Except(Expected(null, programmes)).Except([id]));
            }
        }
    }

    [Fact]
    public async Task History_OfAnotherProgramme_IsLeftOutOfEveryWayToReadIt()
    {
        foreach (var (who, _, programmes) in People.Where(person => person.Programmes.Length > 0))
        {
            var sees = programmes.Contains(2);
            foreach (var path in new[] { "/api/alerts/ZTF/80004", "/alerts?format=json&candid=80004", "/alerts/80004?format=json" })
            {
                var text = await _clients[who].GetStringAsync(path);
                Assert.True(sees == text.Contains("2460891.7", StringComparison.Ordinal), $"{who}: detection of programme 2 in {path}");
                Assert.True(sees == text.Contains("2460892.7", StringComparison.Ordinal), $"{who}: forced photometry of programme 2 in {path}");
                Assert.Contains("2460890.7", text, StringComparison.Ordinal);
                Assert.Contains("2460893.7", text, StringComparison.Ordinal);
            }

            var points = (await JsonAsync(_clients[who], "/api/alerts/ZTF/80004")).GetProperty("data").GetProperty("photometry");
            Assert.Equal(sees ? 5 : 3, points.GetArrayLength());
            // The change of brightness is against the public point of the history, whoever asks.
            var change = (await JsonAsync(_clients[who], "/api/alerts?candid=80004")).GetProperty("data").GetProperty("alerts")[0].GetProperty("deltamaglatest").GetDouble();
            Assert.Equal(-0.5, change, 1e-5);
        }
    }

    [Fact]
    public async Task Exports_HoldWhatTheirReaderMayRead()
    {
        foreach (var (who, _, programmes) in People.Where(person => person.Stream is not null))
        {
            var all = Expected(null, programmes);
            await SameAsync(who, "ndjson", all, IdsAsync(_clients[who], "/api/alerts/export"));
            await SameAsync(who, "csv", all, IdsAsync(_clients[who], "/api/alerts/export?format=csv"));
            await SameAsync(who, "tar", all, IdsAsync(_clients[who], "/api/alerts/export?format=tar"));
            var text = await _clients[who].GetStringAsync("/api/alerts/export?format=tar");
            Assert.Equal(programmes is [1], text.Contains("LEFT_OUT.txt", StringComparison.Ordinal));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(_clients["anonymous"], "/api/alerts/export"));
    }

    [Fact]
    public async Task Nobody_WithAWrongToken_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/alerts");
        request.Headers.TryAddWithoutValidation("Authorization", "token wrong");
        using var response = await _clients["anonymous"].SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_WhereTheArchiveIsNotOpened_IsRefusedEverywhere()
    {
        await using var closed = await TestSite.StartAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(closed.Node.Address) };
        foreach (var path in new[] { "/api/alerts", "/api/alerts/fields", "/api/alerts/ZTF/1", "/api/alerts/ZTF/1/cutouts/science", "/api/alerts/ZTF/1/packet", "/alerts?format=json", "/alerts?format=csv", "/alerts/1?format=json", "/api/mars/ZTF/1", "/api/alerts/export" })
        {
            Assert.True(HttpStatusCode.Unauthorized == await StatusAsync(client, path), path);
        }

        using var post = await client.PostAsync("/alerts", new StringContent("""{"queries":[{}]}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, post.StatusCode);
    }

    [Fact]
    public async Task ObjectCone_OfNobody_DoesNotAskOtherServers()
    {
        using var response = await _clients["anonymous"].GetAsync("/api/alerts?objectcone=M31,1");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Sign in", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static List<long> Expected(string? obj, int[] programmes) =>
        [.. Alerts.Where(alert => programmes.Contains(alert.Programme) && (obj is null || alert.Obj == obj)).Select(alert => alert.Id).Order()];

    private static async Task SameAsync(string who, string what, List<long> expected, Task<List<long>> asked)
    {
        var got = await asked;
        Assert.True(expected.SequenceEqual(got.Order()), $"{who}, {what}: {string.Join(' ', got)} where {string.Join(' ', expected)} is right");
    }

    private static async Task<List<long>> ListAsync(HttpClient client, string path)
    {
        var answer = await JsonAsync(client, path);
        return answer.TryGetProperty("data", out var data) ? Read(data.GetProperty("alerts")) : [.. answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("candid").GetInt64())];
    }

    private static async Task<List<long>> DrawnAsync(HttpClient client, string path) =>
        [.. AlertLink().Matches(await client.GetStringAsync(path)).Select(match => long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).Distinct()];

    private static List<long> Read(JsonElement alerts) => [.. alerts.EnumerateArray().Select(alert => alert.GetProperty("alert_id").GetInt64())];

    private static async Task<List<long>> IdsAsync(HttpClient client, string path) =>
        [.. Number().Matches(await client.GetStringAsync(path)).Select(match => long.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)).Distinct()];

    private static async Task<JsonElement> JsonAsync(HttpClient client, string path) => JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(path));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode;
    }

    [GeneratedRegex(@"(\d+) detections?, (\d+) limits?")]
    private static partial Regex Points();

    [GeneratedRegex("href=\"/alerts/ZTF/(8000[1-5])\"")]
    private static partial Regex AlertLink();

    [GeneratedRegex(@"\b8000[1-5]\b")]
    private static partial Regex Number();
}
