using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Messages that only name an object: one that cannot be had, or a server that wants a rest, holds up what it must and no more.</summary>
public sealed class BrokerMessageTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    private const string ZtfName = SimulatedBrokers.ZtfName;

    private TakeBrokerMessages Take => scene.Node.Services.GetRequiredService<TakeBrokerMessages>();

    [Fact]
    public async Task Take_ServerFailsAtOneObject_TakesTheOthersAtOnceAndRefusesItInTheEnd()
    {
        var (broker, filter) = await MakeAsync();
        var messages = new[] { Message(0, "ZTF20bad"), Message(1, ZtfName) };
        scene.Outside.On("LasairZtf", Failing("ZTF20bad", SimulatedReply.Fault(500, "broken row")));

        await Assert.ThrowsAsync<StreamUnavailableException>(() => Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken));
        var (taken, asked) = (await scene.CandidatesAsync(filter), Asked(ZtfName));
        for (var again = 0; again < 3; again++)
        {
            await Assert.ThrowsAsync<StreamUnavailableException>(() => Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken));
        }

        var outcomes = await Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken);
        scene.Outside.Mend("LasairZtf");

        Assert.Single(taken);
        Assert.Equal(asked, Asked(ZtfName));
        Assert.Equal([IngestOutcomeKind.Rejected, IngestOutcomeKind.Accepted], outcomes.Select(outcome => outcome.Kind));
        Assert.Contains("Lasair (ZTF) answered 500", outcomes[0].Reason, StringComparison.Ordinal);
        Assert.Single(await scene.CandidatesAsync(filter));
    }

    [Fact]
    public async Task Take_ServerIsDownForLong_RefusesNothing()
    {
        var (broker, filter) = await MakeAsync();
        var messages = new[] { Message(0, ZtfName), Message(1, "ZTF20other") };
        scene.Outside.Break("LasairZtf", BrokerFault.Down);

        for (var again = 0; again < 8; again++)
        {
            var error = await Assert.ThrowsAsync<StreamUnavailableException>(() => Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken));
            Assert.Contains("Lasair (ZTF) answered 503", error.Message, StringComparison.Ordinal);
        }

        scene.Outside.Mend("LasairZtf");
        var outcomes = await Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken);

        Assert.Equal([IngestOutcomeKind.Accepted, IngestOutcomeKind.Rejected], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal("The broker tells no alert of ZTF20other.", outcomes[1].Reason);
        Assert.Single(await scene.CandidatesAsync(filter));
    }

    [Fact]
    public async Task Take_RateLimit_KeepsWhatWasHadAndAsksAgainWhenTheServerWants()
    {
        var (broker, filter) = await MakeAsync();
        var messages = new[] { Message(0, ZtfName), Message(1, "ZTF20limit"), Message(2, "ZTF20after") };
        scene.Outside.On("LasairZtf", Failing("ZTF20limit", new SimulatedReply(429, "{}"u8.ToArray(), "application/json") { Headers = new Dictionary<string, string> { ["Retry-After"] = "3600" } }));

        await Assert.ThrowsAsync<StreamUnavailableException>(() => Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken));
        var (taken, asked) = (await scene.CandidatesAsync(filter), scene.Outside.Requests.Count);
        scene.Outside.Mend("LasairZtf");
        scene.Clock.Advance(TimeSpan.FromMinutes(59));
        var early = await Assert.ThrowsAsync<StreamUnavailableException>(() => Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken));
        var askedEarly = scene.Outside.Requests.Count;
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        var outcomes = await Take.HandleAsync(broker, messages, TestContext.Current.CancellationToken);

        Assert.Single(taken);
        Assert.Equal(asked, askedEarly);
        Assert.StartsWith("Night Lasair wants to be asked again after ", early.Message, StringComparison.Ordinal);
        Assert.Equal([IngestOutcomeKind.Accepted, IngestOutcomeKind.Rejected, IngestOutcomeKind.Rejected], outcomes.Select(outcome => outcome.Kind));
    }

    private static StreamMessage Message(long offset, string name) => new(new PartitionId("lasair_2young", 0), offset, default, Encoding.UTF8.GetBytes($$"""{"objectId":"{{name}}"}"""));

    [Fact]
    public async Task Take_LocusOfAntares_BecomesACandidateOfTheFilterThatWantsItsTag()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night ANTARES");
        var wanted = await scene.FilterAsync("nuclear", "ZTF Public", broker, """{"antares":{"tags":["nuclear_transient"]}}""");

        var outcomes = await Take.HandleAsync(
            broker,
            [Antares(0, BrokerPackets.OfAntares(ZtfName, "nuclear_transient")), Antares(1, BrokerPackets.OfAntares(ZtfName, "dimmers")), Antares(2, BrokerPackets.OfAntares(ZtfName, null)),
             Antares(3, "not packed"u8.ToArray()), Antares(4, BrokerPackets.Packed([5, 0, 0, 0, 0])), Antares(5, BrokerPackets.Packed([9, 0, 0, 0, 0x13, 0, 0, 0, 0]))],
            TestContext.Current.CancellationToken);

        Assert.Equal(
            [(IngestOutcomeKind.Accepted, null), (IngestOutcomeKind.Duplicate, null), (IngestOutcomeKind.Rejected, "The locus is incomplete: it has no tags."), (IngestOutcomeKind.Rejected, "It is not packed with zlib."),
             (IngestOutcomeKind.Rejected, "It is no locus."), (IngestOutcomeKind.Rejected, "It is no BSON document: a value has the type 0x13, which is not read at byte 6.")],
            outcomes.Select(outcome => (outcome.Kind, outcome.Reason)));
        Assert.Equal(ZtfName, Assert.Single(await scene.CandidatesAsync(wanted)).ObjId);
        var noted = (await scene.Member.GetAsync($"/api/sources/{ZtfName}/annotations")).EnumerateArray().First(one => one.GetProperty("origin").GetString()!.EndsWith(":nuclear", StringComparison.Ordinal)).GetProperty("data");
        Assert.Equal(("ANT2020aaaaaaa", 12, "nuclear_transient"), (noted.GetProperty("locus_id").GetString(), noted.GetProperty("num_alerts").GetInt32(), noted.GetProperty("tags").GetString()));
    }

    private static StreamMessage Antares(long offset, byte[] value) => new(new PartitionId("client.nuclear_transient_staging", 0), offset, default, value);

    private static Func<SimulatedRequest, SimulatedReply> Failing(string name, SimulatedReply fault) => request => request["objectId"] == name ? fault : SimulatedBrokers.Answer(request) ?? SimulatedReply.Fault(404);

    private int Asked(string name) => scene.Outside.Requests.Count(request => request["objectId"] == name);

    private async Task<(int Broker, int Filter)> MakeAsync()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        return (broker, await scene.FilterAsync("named by messages", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"","topic":"lasair_2young"}}"""));
    }
}
