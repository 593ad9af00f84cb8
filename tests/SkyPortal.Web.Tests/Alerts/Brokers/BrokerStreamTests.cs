using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Messages of brokers from a real Kafka protocol peer: they become candidates of the filters that they name.</summary>
public sealed class BrokerStreamTests : IAsyncLifetime
{
    private const string ZtfName = SimulatedBrokers.ZtfName;
    private const long LsstName = 170032915988086813;
    private StreamWorld? _started;
    private OutsideSimulator? _outside;
    private int _group;
    private TestClient _member = null!;

    private StreamWorld World => _started!;

    private TestNode Node => World.TestSite.Node;

    public async ValueTask InitializeAsync()
    {
        _outside = await OutsideSimulator.StartAsync();
        _started = await StreamWorld.StartAsync(outside: _outside.Address);
        (_group, _member) = await World.Site.GroupAsync("fishers", "ZTF Public", "LSST Public");
        await World.Site.QueryAsync<int>("update groups set nickname = 'fish' where id = $1 returning id", _group);
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is { } world)
        {
            await world.DisposeAsync();
        }

        if (_outside is { } outside)
        {
            await outside.DisposeAsync();
        }
    }

    [Fact]
    public async Task Boom_FiltersThatAMessageNames_GetItOnceWithAllThatBelongsToIt()
    {
        var broker = await BrokerAsync("BOOMBROKER", new { host = "boom.example.org", survey = "ZTF" });
        var named = await FilterAsync("named", "ZTF Public", broker, """{"boom":{"filter_id":"b1"}}""", autosave: true);
        var other = await FilterAsync("other", "ZTF Public", broker, """{"boom":{"filter_id":"b2"}}""");
        World.Kafka.CreateTopic("ZTF_alerts_results", 1);
        await ProduceAsync("ZTF_alerts_results", BrokerPackets.OfBoom(ZtfName, 1001, "b1"), "no message"u8.ToArray(), BrokerPackets.OfBoom(ZtfName, 1001, "b1"), BrokerPackets.OfBoom("ZTF26private", 1002, "b1", programme: 2));
        await ProduceAsync("ZTF_alerts_results", BrokerPackets.OfBoom(ZtfName, 1003, "b1", annotations: "{"));

        var id = await SubscribeAsync("ZTF_alerts_results", broker);

        await World.UntilAsync("The offsets", () => Task.FromResult(World.Kafka.Committed("group-ZTF_alerts_results", "ZTF_alerts_results", 1).GetValueOrDefault(0) == 5));
        var candidate = Assert.Single(await CandidatesAsync(named));
        Assert.Equal((ZtfName, 1001L), (candidate.ObjId, candidate.PassingAlertId));
        Assert.Empty(await CandidatesAsync(other));
        Assert.Equal(["It is no Avro container.", "The annotations of a filter are no JSON."], (await World.SetAsideAsync(id)).OrderBy(packet => packet.Offset).Select(packet => packet.Reason));
        // The point of programme 9 is of no stream of this site.
        Assert.Equal([("ztfr", 59000.25, null, 4.5), ("ztfr", 59001.25, 100.0, 9.2103)], await PointsAsync(ZtfName));
        var source = await _member.GetAsync($"/api/sources/{ZtfName}?includeThumbnails=true");
        Assert.Equal(["new", "ref", "sub"], source.GetProperty("thumbnails").EnumerateArray().Select(item => item.GetProperty("type").GetString()).Order());
        var annotation = Assert.Single((await _member.GetAsync($"/api/sources/{ZtfName}/annotations")).EnumerateArray());
        Assert.Equal(("fish:named", 0.9), (annotation.GetProperty("origin").GetString(), annotation.GetProperty("data").GetProperty("score").GetDouble()));
        var outsider = await Node.ClientAsync("outsider-of-boom");
        Assert.NotEqual(200, (await outsider.SendAsync(HttpMethod.Get, $"/api/sources/{ZtfName}")).Status);
        Assert.Equal(0, await World.AlertsAsync());

        // A newer alert brings its own note.
        await ProduceAsync("ZTF_alerts_results", BrokerPackets.OfBoom(ZtfName, 1004, "b1", annotations: """{"score":0.5}"""));
        await World.UntilAsync("The newer alert", async () => (await CandidatesAsync(named)).Count == 2);
        Assert.Equal(0.5, Assert.Single((await _member.GetAsync($"/api/sources/{ZtfName}/annotations")).EnumerateArray()).GetProperty("data").GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task Fink_SettingsWithTopics_AreASubscriptionThatRestsWithTheBroker()
    {
        World.Kafka.CreateTopic("fink_kn_candidates_ztf", 1);
        var wanted = await FilterAsync("kilonovae", "ZTF Public", null, null);
        var admin = await Node.AdminAsync();
        var broker = await BrokerAsync("FINKBROKER", new
        {
            fink = new { servers = World.Kafka.Brokers, group_id = "fink-fish", topics = new[] { "fink_kn_candidates_ztf" }, topic_filter_ids = new Dictionary<string, int[]> { ["fink_kn_candidates_ztf"] = [wanted] } },
        });
        var other = await FilterAsync("of another topic", "ZTF Public", broker, null);

        await World.Kafka.ProduceAsync("fink_kn_candidates_ztf", 0, BrokerPackets.OfFink(ZtfName, 2001), BrokerPackets.FinkKey);
        await World.UntilAsync("The candidate", async () => (await CandidatesAsync(wanted)).Count == 1);
        Assert.Empty(await CandidatesAsync(other));
        Assert.Equal([("ztfg", 59000.25, 100.0, 9.2103)], await PointsAsync(ZtfName));
        var data = Assert.Single((await _member.GetAsync($"/api/sources/{ZtfName}/annotations")).EnumerateArray()).GetProperty("data");
        Assert.Equal(("Unknown", 0.71), (data.GetProperty("cdsxmatch").GetString(), data.GetProperty("rf_snia_vs_nonia").GetDouble()));
        var row = Assert.Single(await Node.Services.GetRequiredService<ReadStreams>().HandleAsync(Viewer.System, TestContext.Current.CancellationToken));
        Assert.Equal((broker, StreamFramings.Keyed, "fink-fish"), (row.BrokerId, row.Framing, row.ConsumerGroup));

        await admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{broker}", new { active = false });
        await World.UntilAsync("The rest", async () => (await World.SubscriptionAsync(row.Id)).Members.All(member => member.IsSilent || member.State != StreamStates.Consuming));
        await World.Kafka.ProduceAsync("fink_kn_candidates_ztf", 0, BrokerPackets.OfFink(ZtfName, 2002), BrokerPackets.FinkKey);
        await admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{broker}", new { active = true });
        await World.UntilAsync("What came meanwhile", async () => (await CandidatesAsync(wanted)).Count == 2);
        await admin.DataAsync(HttpMethod.Delete, $"/api/brokers/{broker}", new { });
        Assert.Empty(await Node.Services.GetRequiredService<ReadStreams>().HandleAsync(Viewer.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AmpelAndBabamul_TopicsAndTags_ChooseTheFilters()
    {
        foreach (var topic in new[] { "ampel.lsst.extragalactic-transients", "babamul.ztf.no-lsst-match.hostless" })
        {
            World.Kafka.CreateTopic(topic, 1);
        }

        var babamul = await BrokerAsync("BABAMULBROKER", new { token = SimulatedAccountBrokers.Token });
        var hostless = await FilterAsync("hostless", "ZTF Public", babamul, """{"babamul":{"topics":["babamul.ztf.no-lsst-match.hostless"]}}""");
        await SubscribeAsync("babamul.ztf.no-lsst-match.hostless", babamul);
        var admin = await Node.AdminAsync();
        var ampel = (await admin.PostAsync("/api/brokers", new
        {
            name = "AMPEL", broker_classname = "AMPELBROKER", altdata = new { scimma = new { servers = World.Kafka.Brokers, group_id = "ampel-fish", topics = new[] { "ampel.lsst.extragalactic-transients" } } },
        })).GetProperty("id").GetInt32();
        var supernovae = await FilterAsync("supernovae", "LSST Public", ampel, """{"ampel":{"tags":["snia"]}}""");
        var disruptions = await FilterAsync("disruptions", "LSST Public", ampel, """{"ampel":{"tags":["TDE"]}}""");
        // The account is tried at the cluster itself.
        await admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{ampel}", new { active = true });

        await ProduceAsync("ampel.lsst.extragalactic-transients", BrokerPackets.OfAmpel(LsstName, 170032915988086901));
        await ProduceAsync("babamul.ztf.no-lsst-match.hostless", BrokerPackets.OfBabamul(ZtfName, 3001));

        await World.UntilAsync("Both", async () => (await CandidatesAsync(supernovae)).Count + (await CandidatesAsync(hostless)).Count == 2);
        Assert.Empty(await CandidatesAsync(disruptions));
        var lsst = LsstName.ToString(CultureInfo.InvariantCulture);
        // TAI is 37 s ahead of UTC since 2017.
        Assert.Equal([("lsstr", 61000.24957, -1.5, 0.25), ("lsstu", 61001.24957, 2.0, 0.1)], await PointsAsync(lsst));
        var data = Assert.Single((await _member.GetAsync($"/api/sources/{lsst}/annotations")).EnumerateArray()).GetProperty("data");
        Assert.Equal(("SNIa", 0.7, 0.05, 4.5), (data.GetProperty("ParsnipRisedecline parsnip").GetString(), data.GetProperty("ParsnipRisedecline parsnip probability").GetDouble(), data.GetProperty("host_redshift").GetDouble(), data.GetProperty("t_rise").GetDouble()));
        Assert.Equal([("ztfg", 59000.25, 100.0, 9.2103), ("ztfr", 59001.25, -100.0, 9.2103)], await PointsAsync(ZtfName));
    }

    [Theory]
    [InlineData(null, "The brokers cannot be reached: ")]
    [InlineData("ampel.lsst.nothing", "There is no topic ampel.lsst.nothing that this account may read.")]
    public async Task Ampel_ClusterThatDoesNotServeIt_IsNotActivated(string? topic, string cause)
    {
        var admin = await Node.AdminAsync();
        var settings = new { scimma = new { servers = topic is null ? "127.0.0.1:9" : World.Kafka.Brokers, group_id = "ampel-fish", topics = new[] { topic ?? "ampel.lsst.extragalactic-infants" } } };
        var id = (await admin.PostAsync("/api/brokers", new { name = "AMPEL", broker_classname = "AMPELBROKER", altdata = settings })).GetProperty("id").GetInt32();

        var (status, refused) = await admin.SendAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });

        Assert.Equal(400, status);
        Assert.StartsWith($"AMPEL cannot be activated: {cause}", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False((await admin.GetAsync($"/api/brokers/{id}")).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Fink_SettingsThatCannotBe_AreRefusedByName()
    {
        var admin = await Node.AdminAsync();

        var (status, refused) = await admin.SendAsync(HttpMethod.Post, "/api/brokers", new { name = "Fink", broker_classname = "FINKBROKER", altdata = new { fink = new { servers = "no port", topics = new[] { "a" } } } });

        Assert.Equal((400, "Invalid broker configuration: Brokers: name them as host:port, separated by commas."), (status, refused.GetProperty("message").GetString()));
        Assert.Equal(0, (await admin.GetAsync("/api/brokers")).GetArrayLength());
    }

    [Fact]
    public async Task Lasair_ServerIsDown_WaitsAndTakesItAfterwards()
    {
        World.Kafka.CreateTopic("lasair_2young", 1);
        var broker = await BrokerAsync("LASAIRBROKER", new { endpoint = "https://lasair-ztf.lsst.ac.uk/api", token = SimulatedAccountBrokers.Token, survey = "ZTF" });
        var young = await FilterAsync("young", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"","topic":"lasair_2young"}}""");
        var other = await FilterAsync("other", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":""}}""");
        _outside!.Break("LasairZtf", BrokerFault.Down);
        await ProduceAsync("lasair_2young", Encoding.UTF8.GetBytes($$"""{"objectId":"{{ZtfName}}","gmag":18.9,"UTC":"2026-01-01 00:00:00"}"""), "[]"u8.ToArray());

        var id = await SubscribeAsync("lasair_2young", broker);
        await World.UntilAsync("The wait", async () => (await World.SubscriptionAsync(id)).Members.Any(member => member is { State: StreamStates.Waiting, Fault: { } fault } && fault.Contains("Lasair", StringComparison.Ordinal)));
        Assert.Equal(0, World.Kafka.Committed("group-lasair_2young", "lasair_2young", 1).GetValueOrDefault(0));
        Assert.Equal(0L, (await World.Site.QueryAsync<long>("select count(*) from objs")).Single());
        _outside!.Mend("LasairZtf");

        await World.UntilAsync("The offsets", () => Task.FromResult(World.Kafka.Committed("group-lasair_2young", "lasair_2young", 1).GetValueOrDefault(0) == 2));
        Assert.Equal(1246250000000000002, Assert.Single(await CandidatesAsync(young)).PassingAlertId);
        Assert.Empty(await CandidatesAsync(other));
        Assert.Equal(3, (await PointsAsync(ZtfName)).Count);
        Assert.Equal(18.9, Assert.Single((await _member.GetAsync($"/api/sources/{ZtfName}/annotations")).EnumerateArray()).GetProperty("data").GetProperty("gmag").GetDouble());
        Assert.Equal("It names no object.", Assert.Single(await World.SetAsideAsync(id)).Reason);
    }

    private Task ProduceAsync(string topic, params byte[][] messages) => World.Kafka.ProduceAsync(topic, 1, messages);

    private async Task<int> SubscribeAsync(string topic, int broker) => await World.SubscribeAsync(await World.DraftAsync(topic) with { BrokerId = broker });

    /// <summary>A broker that is active, whether its server is there or not.</summary>
    private async Task<int> BrokerAsync(string classname, object altdata)
    {
        var id = (await (await Node.AdminAsync()).PostAsync("/api/brokers", new { name = classname, broker_classname = classname, altdata })).GetProperty("id").GetInt32();
        await World.Site.QueryAsync<int>("update brokers set active = true where id = $1 returning id", id);
        return id;
    }

    private async Task<List<Candidate>> CandidatesAsync(int filter)
    {
        await using var db = Node.Contexts.For(Viewer.System);
        return await db.Set<Candidate>().AsNoTracking().Where(row => row.FilterId == filter).ToListAsync();
    }

    private async Task<int> FilterAsync(string name, string stream, int? broker, string? altdata, bool autosave = false)
    {
        await using var db = Node.Contexts.For(Viewer.System);
        var filter = new Filter
        {
            Name = name, GroupId = _group, StreamId = await World.Site.StreamIdAsync(stream), BrokerId = broker, Autosave = autosave,
            Altdata = altdata is null ? null : JsonDocument.Parse(altdata).RootElement.Clone(),
        };
        db.Add(filter);
        await db.SaveChangesAsync();
        return filter.Id;
    }

    private async Task<List<(string, double, double?, double)>> PointsAsync(string objId) =>
    [
        .. (await _member.GetAsync($"/api/sources/{objId}/photometry?format=flux")).EnumerateArray().Select(point => (
            point.GetProperty("filter").GetString()!,
            Math.Round(point.GetProperty("mjd").GetDouble(), 5),
            point.GetProperty("flux").ValueKind == JsonValueKind.Null ? (double?)null : Math.Round(point.GetProperty("flux").GetDouble(), 4),
            Math.Round(point.GetProperty("fluxerr").GetDouble(), 4))).OrderBy(point => point.Item2),
    ];
}
