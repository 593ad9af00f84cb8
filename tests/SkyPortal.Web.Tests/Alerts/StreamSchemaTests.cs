using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Packets whose schemas come from a registry or in the key, and what waits for a repair.</summary>
public sealed class StreamSchemaTests : IAsyncLifetime
{
    private const string LsstSchema = """
        {"type": "record", "name": "alert", "namespace": "lsst.v11_0", "fields": [
          {"name": "diaSourceId", "type": "long"},
          {"name": "diaSource", "type": {"type": "record", "name": "diaSource", "fields": [
            {"name": "diaSourceId", "type": "long"}, {"name": "midpointMjdTai", "type": "double"}, {"name": "ra", "type": "double"}, {"name": "dec", "type": "double"},
            {"name": "band", "type": ["null", "string"]}, {"name": "psfFlux", "type": ["null", "float"]}, {"name": "psfFluxErr", "type": ["null", "float"]},
            {"name": "reliability", "type": ["null", "float"]}]}},
          {"name": "diaObject", "type": ["null", {"type": "record", "name": "diaObject", "fields": [{"name": "diaObjectId", "type": "long"}]}]}]}
        """;

    private static readonly AvroSchema Lsst = AvroSchema.Parse(LsstSchema);

    private readonly Dictionary<int, string> _known = new() { [1100] = LsstSchema };
    private OutsideSimulator? _simulator;
    private StreamWorld? _started;
    private volatile bool _isDown;
    private int _answered;

    private StreamWorld World => _started!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await OutsideSimulator.SharedAsync();
        _started = await StreamWorld.StartAsync();
    }

    public ValueTask DisposeAsync() => _started?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Consume_RegistryDownThenUp_WaitsAndSaysSoAndTakesAll()
    {
        _isDown = true;
        var id = await SubscribeAsync("lsst-alerts-v11", Enumerable.Range(0, 30).Select(number => Framed(1100, number)));

        await World.UntilAsync("The wait", async () => (await World.SubscriptionAsync(id)).Members is [{ State: StreamStates.Waiting, Fault: { } fault }] && fault.Contains("schema registry", StringComparison.Ordinal));
        Assert.Equal(0, await World.AlertsAsync());
        Assert.Empty(await World.SetAsideAsync(id));
        Assert.Equal(0, World.Kafka.Committed("group-lsst-alerts-v11", "lsst-alerts-v11", 1).GetValueOrDefault(0));

        _isDown = false;
        await World.UntilAsync("Every packet", async () => await World.AlertsAsync() == 30);
        await World.UntilAsync("The state", async () => (await World.SubscriptionAsync(id)).Members is [{ State: StreamStates.Consuming, Fault: null }]);
        Assert.Empty(await World.SetAsideAsync(id));
        // However many packets there are, a schema is asked for once.
        Assert.Equal(1, _answered);
    }

    [Fact]
    public async Task Replay_AfterTheRegistryLearntTheSchema_TakesThePacketsOnce()
    {
        var id = await SubscribeAsync("lsst-unknown", [Framed(1101, 1), Framed(1100, 2), Framed(1101, 3)]);
        await World.UntilAsync("The good packet", async () => await World.AlertsAsync() == 1);
        await World.UntilAsync("The others", async () => (await World.SetAsideAsync(id)).Count == 2);
        var replay = World.Services.GetRequiredService<ReplaySetAside>();

        Assert.Equal(new ReplayReport(0, 2), await replay.HandleAsync(Viewer.System, id, null, Ct));
        _known[1101] = LsstSchema;
        var one = (await World.SetAsideAsync(id)).Single(packet => packet.Offset == 0);
        Assert.Contains("1101", one.Reason, StringComparison.Ordinal);
        Assert.Equal(new ReplayReport(1, 0), await replay.HandleAsync(Viewer.System, id, one.Id, Ct));
        Assert.Equal(new ReplayReport(1, 0), await replay.HandleAsync(Viewer.System, id, null, Ct));
        Assert.Equal(new ReplayReport(0, 0), await replay.HandleAsync(Viewer.System, id, null, Ct));

        Assert.Equal(3, await World.AlertsAsync());
        Assert.Empty(await World.SetAsideAsync(id));
        Assert.Equal(2, (await World.SetAsideAsync(id, SetAsideStates.Replayed)).Count);
    }

    [Fact]
    public async Task Dismiss_ThenUndo_LetsThePacketWaitAgain()
    {
        var id = await SubscribeAsync("lsst-dismiss", [Framed(7777, 1)]);
        await World.UntilAsync("The packet", async () => (await World.SetAsideAsync(id)).Count == 1);
        var dismiss = World.Services.GetRequiredService<DismissSetAside>();

        Assert.Equal(1, await dismiss.HandleAsync(Viewer.System, id, null, Ct));
        Assert.Empty(await World.SetAsideAsync(id));
        Assert.Single(await World.SetAsideAsync(id, SetAsideStates.Dismissed));
        Assert.Equal(1, await dismiss.UndoAsync(Viewer.System, id, null, Ct));
        Assert.Single(await World.SetAsideAsync(id));
    }

    [Fact]
    public async Task Consume_SchemaInTheKey_IsTakenAndReadAgainFromTheArchive()
    {
        World.Kafka.CreateTopic("keyed", 1);
        await World.Kafka.ProduceAsync("keyed", 0, AvroWriter.WriteDatum(Lsst, Record(41)), System.Text.Encoding.UTF8.GetBytes(LsstSchema));
        await World.Kafka.ProduceAsync("keyed", 0, AvroWriter.WriteDatum(Lsst, Record(42)));
        var id = await World.SubscribeAsync(await World.DraftAsync("keyed", "LSST Public") with { Framing = StreamFramings.Keyed });

        await World.UntilAsync("The packet", async () => await World.AlertsAsync() == 1);
        await World.UntilAsync("The one without a key", async () => (await World.SetAsideAsync(id)).Count == 1);
        Assert.Contains("key", (await World.SetAsideAsync(id))[0].Reason, StringComparison.Ordinal);
        var bytes = await World.Services.GetRequiredService<ReadPacket>().HandleAsync(Viewer.System, "LSST", 41, Ct);
        Assert.Equal(AvroWriter.WriteDatum(Lsst, Record(41)), bytes);
    }

    [Fact]
    public async Task Consume_WrongPassword_SaysSoOnThePageAndInTheRow()
    {
        await using var gate = new SaslGate("scanner", "the right one");
        var draft = await World.DraftAsync("locked") with { Brokers = gate.Address, Security = StreamSecurity.SaslPlaintext, Mechanism = "PLAIN", Username = "scanner", Password = "a wrong secret" };
        var id = await World.SubscribeAsync(draft);

        await World.UntilAsync("The refusal", async () => (await World.SubscriptionAsync(id)).Members is [{ State: StreamStates.Failing, Fault: { } fault }] && fault.StartsWith("The brokers refuse the user name or the password", StringComparison.Ordinal));
        Assert.Equal(0, gate.Admitted);
        Assert.DoesNotContain("a wrong secret", JsonSerializer.Serialize(await World.SubscriptionAsync(id)), StringComparison.Ordinal);
        Assert.DoesNotContain("a wrong secret", string.Concat(await World.Site.QueryAsync<string>("select to_jsonb(s)::text || coalesce((select string_agg(to_jsonb(e)::text, '') from outbox_events e), '') from stream_subscriptions s")), StringComparison.Ordinal);

        await World.Services.GetRequiredService<SaveSubscription>().HandleAsync(Viewer.System, id, draft with { Password = "the right one" }, null, Ct);
        await World.UntilAsync("The way in", async () => gate.Admitted > 0 && (await World.SubscriptionAsync(id)).Members is [{ State: StreamStates.Joining or StreamStates.Consuming, Fault: null }]);
    }

    private static PacketRecord Record(int number) => Lsst.NewRecord("lsst.v11_0.alert", new Dictionary<string, object?>
    {
        ["diaSourceId"] = (long)number,
        ["diaSource"] = Lsst.NewRecord("lsst.v11_0.diaSource", new Dictionary<string, object?>
        {
            ["diaSourceId"] = (long)number, ["midpointMjdTai"] = 61_000.2 + (number * 1e-4), ["ra"] = 10.0 + number, ["dec"] = -5.0, ["band"] = "r", ["psfFlux"] = 2000.0,
            ["psfFluxErr"] = 50.0, ["reliability"] = 0.9,
        }),
        ["diaObject"] = Lsst.NewRecord("lsst.v11_0.diaObject", new Dictionary<string, object?> { ["diaObjectId"] = 900_000L + number }),
    });

    private static byte[] Framed(int schemaId, int number) => ConfluentFraming.Write(schemaId, AvroWriter.WriteDatum(Lsst, Record(number)));

    private async Task<int> SubscribeAsync(string topic, IEnumerable<byte[]> packets)
    {
        World.Kafka.CreateTopic(topic, 1);
        foreach (var packet in packets)
        {
            await World.Kafka.ProduceAsync(topic, 0, packet);
        }

        var draft = await World.DraftAsync(topic, "LSST Public") with { Framing = StreamFramings.Confluent, RegistryAddress = "https://registry.example.org/schema-registry", Active = false };
        var id = await World.SubscribeAsync(draft);
        var service = SchemaRegistries.ServiceOf(id, draft.RegistryAddress).Name;
        _simulator!.On(service, Answer);
        await World.Services.GetRequiredService<SetSubscriptionActive>().HandleAsync(Viewer.System, id, true, Ct);
        return id;
    }

    private SimulatedReply Answer(SimulatedRequest request)
    {
        if (_isDown)
        {
            return SimulatedReply.Fault(503);
        }

        Interlocked.Increment(ref _answered);
        var id = int.Parse(request.Path.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        return _known.TryGetValue(id, out var schema) ? SimulatedReply.Json(JsonSerializer.Serialize(new { schema })) : SimulatedReply.Fault(404, "{\"error_code\":40403}");
    }
}
