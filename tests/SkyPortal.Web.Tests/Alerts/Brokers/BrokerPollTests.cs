using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Brokers that are asked again and again: their objects become candidates once, whole or not at all.</summary>
public sealed class BrokerPollTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    private const string ZtfName = SimulatedBrokers.ZtfName;

    // Two of the three rows of the simulated query name objects that the server does not know.
    private const string Unknown = " 2 have no alert that a filter's stream shows.";

    private PollBrokers Poll => scene.Node.Services.GetRequiredService<PollBrokers>();

    [Fact]
    public async Task Lasair_FilterWithAQuery_GetsCandidatesWithAllThatBelongsToThem()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("young", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 19"}}""", autosave: true);

        var note = await PollAsync(broker);

        Assert.Equal("3 objects, 1 new candidate, 3 new measurements." + Unknown, note);
        var candidate = Assert.Single(await scene.CandidatesAsync(filter));
        Assert.Equal((ZtfName, 1246250000000000002), (candidate.ObjId, candidate.PassingAlertId));
        var source = await scene.Member.GetAsync($"/api/sources/{ZtfName}?includeThumbnails=true");
        Assert.Equal(["new", "ref", "sub"], source.GetProperty("thumbnails").EnumerateArray().Select(item => item.GetProperty("type").GetString()).Order());
        Assert.Equal(3, (await scene.Member.GetAsync($"/api/sources/{ZtfName}/photometry")).GetArrayLength());
        var annotation = Assert.Single((await scene.Member.GetAsync($"/api/sources/{ZtfName}/annotations")).EnumerateArray());
        Assert.Equal("brokers:young", annotation.GetProperty("origin").GetString());
        Assert.Equal("SN", annotation.GetProperty("data").GetProperty("sherlock_classification").GetString());
        Assert.NotEqual(200, (await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/sources/{ZtfName}")).Status);
        Assert.Contains(scene.Outside.Requests, request => request.Service == "LasairZtf" && request.Path == "query/" && request["conditions"] == "gmag < 19");
    }

    [Fact]
    public async Task Lasair_AskedAgain_AddsNothing()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("again", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 18"}}""");
        await PollAsync(broker);
        var before = await Contract.SampleSite.CountsAsync(scene.Node);

        var note = await PollAsync(broker);

        Assert.Equal("3 objects, 0 new candidates, 0 new measurements." + Unknown, note);
        var after = await Contract.SampleSite.CountsAsync(scene.Node);
        Assert.Equal(before.Where(Lasting), after.Where(Lasting));
        Assert.Single(await scene.CandidatesAsync(filter));

        // The news of the poll itself is kept each time.
        static bool Lasting(KeyValuePair<string, int> table) => table.Key != "OutboxEvent";
    }

    [Fact]
    public async Task Lasair_NewerAlert_IsAnotherPassing()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("newer", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 17"}}""");
        await PollAsync(broker);
        scene.Outside.On("LasairZtf", request => SimulatedBrokers.Answer(request) is { Status: 200 } reply && request.Path == "object/"
            ? SimulatedReply.Json(System.Text.Encoding.UTF8.GetString(reply.Body).Replace("\"candidates\":[", """
                "candidates":[{"candid":1246250000000000009,"jd":2459010.75,"mjd":59010.25,"fid":2,"magpsf":18.0,"sigmapsf":0.1,"ra":150.10001,"dec":2.20001,"isdiffpos":"t","drb":0.98},
                """, StringComparison.Ordinal))
            : SimulatedBrokers.Answer(request) ?? SimulatedReply.Fault(404));

        var note = await PollAsync(broker);
        scene.Outside.Mend("LasairZtf");

        Assert.Equal("3 objects, 1 new candidate, 1 new measurement." + Unknown, note);
        Assert.Equal([1246250000000000002, 1246250000000000009], (await scene.CandidatesAsync(filter)).Select(row => row.PassingAlertId!.Value).Order());
    }

    [Fact]
    public async Task Poll_StreamDoesNotShowTheAlert_MakesNoCandidate()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night REST");
        var filter = await scene.FilterAsync("blind", "LSST Public", broker, null);

        var note = await PollAsync(broker);

        Assert.Equal("1 object, 0 new candidates, 0 new measurements. 1 have no alert that a filter's stream shows.", note);
        Assert.Empty(await scene.CandidatesAsync(filter));
    }

    [Fact]
    public async Task Antares_FiltersInItsSettings_AreAskedForWithItsQuery()
    {
        await scene.ForgetAsync();
        var filter = await scene.FilterAsync("located", "ZTF Public", null, null);
        var broker = (await scene.Admin.PostAsync("/api/brokers", new
        {
            name = "Polled ANTARES",
            broker_classname = "ANTARESBROKER",
            altdata = new { filter_ids = new[] { filter }, query = new { term = new { tags = "nuclear_transient" } } },
        })).GetProperty("id").GetInt32();

        await PollAsync(broker);

        Assert.Equal(ZtfName, Assert.Single(await scene.CandidatesAsync(filter)).ObjId);
        Assert.Contains(scene.Outside.Requests, request => request.Service == "Antares" && request["elasticsearch_query[locus_listing]"].Contains("nuclear_transient", StringComparison.Ordinal));
        Assert.Equal(filter, (await scene.Admin.GetAsync($"/api/brokers/{broker}")).GetProperty("altdata").GetProperty("filter_ids")[0].GetInt32());
    }

    [Fact]
    public async Task Poll_BrokenServer_LeavesAStateAndComesBackWithGrowingPauses()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("broken", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 16"}}""");
        await scene.RunAsync("update brokers set poll_faults = 0");
        scene.Outside.Break("LasairZtf", BrokerFault.Down);

        var first = await PollAsync(broker);
        var afterFirst = await RowAsync(broker);
        var second = await PollAsync(broker);
        var afterSecond = await RowAsync(broker);
        scene.Outside.Mend("LasairZtf");
        var shown = await scene.Admin.GetAsync($"/api/brokers/{broker}");
        var ofMember = await scene.Member.GetAsync($"/api/brokers/{broker}");
        var mended = await PollAsync(broker);
        var afterMending = await RowAsync(broker);

        Assert.StartsWith("Failed: Lasair (ZTF) answered 503", first, StringComparison.Ordinal);
        Assert.StartsWith("Failed 2 times: Lasair (ZTF) answered 503", second, StringComparison.Ordinal);
        Assert.Equal(second, shown.GetProperty("poll_note").GetString());
        Assert.False(ofMember.TryGetProperty("poll_note", out _));
        Assert.Equal((1, 60), (afterFirst.PollFaults, Math.Round((afterFirst.NextPollAt - afterFirst.PolledAt)!.Value.TotalSeconds)));
        Assert.Equal((2, 120), (afterSecond.PollFaults, Math.Round((afterSecond.NextPollAt - afterSecond.PolledAt)!.Value.TotalSeconds)));
        Assert.Equal((0, 86400), (afterMending.PollFaults, Math.Round((afterMending.NextPollAt - afterMending.PolledAt)!.Value.TotalSeconds)));
        Assert.StartsWith("3 objects, ", mended, StringComparison.Ordinal);
        Assert.Single(await scene.CandidatesAsync(filter));
        Assert.DoesNotContain(SimulatedAccountBrokers.Token, first + second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_RateLimit_WaitsAsLongAsTheBrokerWants()
    {
        var broker = await scene.BrokerAsync("Night Lasair");
        await scene.FilterAsync("limited", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 15"}}""");
        scene.Outside.Break("LasairZtf", BrokerFault.RateLimit);

        await PollAsync(broker);
        scene.Outside.Mend("LasairZtf");

        var row = await RowAsync(broker);
        Assert.Equal(3600, Math.Round((row.NextPollAt - row.PolledAt)!.Value.TotalSeconds));
    }

    [Fact]
    public async Task Poll_ObjectsThatCannotBeHad_DoNotStopTheOthers()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("past the bad", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 14"}}""");
        scene.Outside.On("LasairZtf", Naming(request => request["objectId"] == "ZTF20bad" ? SimulatedReply.Fault(500, "broken row") : null, "ZTF20 no name", "ZTF20bad", ZtfName));

        var note = await PollAsync(broker);
        scene.Outside.Mend("LasairZtf");

        Assert.Equal("3 objects, 1 new candidate, 3 new measurements. 2 could not be read; the log names them.", note);
        Assert.Single(await scene.CandidatesAsync(filter));
    }

    [Fact]
    public async Task Poll_SeveralFaultsInARow_EndItAndComeLastTheNextTime()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("after the bad", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 13"}}""");
        scene.Outside.On("LasairZtf", Naming(request => request["objectId"].StartsWith("ZTF20bad", StringComparison.Ordinal) ? SimulatedReply.Fault(500, "broken row") : null, "ZTF20bad1", "ZTF20bad2", "ZTF20bad3", ZtfName));

        var first = await PollAsync(broker);
        var afterFirst = await scene.CandidatesAsync(filter);
        await PollAsync(broker);
        scene.Outside.Mend("LasairZtf");

        Assert.StartsWith("Failed", first, StringComparison.Ordinal);
        Assert.Contains("Lasair (ZTF) answered 500", first, StringComparison.Ordinal);
        Assert.Empty(afterFirst);
        Assert.Single(await scene.CandidatesAsync(filter));
    }

    [Fact]
    public async Task Poll_RateLimitAtAnObject_KeepsWhatWasHadAndAsksNoMore()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Lasair");
        var filter = await scene.FilterAsync("limited later", "ZTF Public", broker, """{"lasair":{"selected":"objects.objectId","tables":"objects","conditions":"gmag < 12"}}""");
        var limit = new SimulatedReply(429, "{}"u8.ToArray(), "application/json") { Headers = new Dictionary<string, string> { ["Retry-After"] = "7200" } };
        scene.Outside.On("LasairZtf", Naming(request => request["objectId"] == "ZTF20limit" ? limit : null, ZtfName, "ZTF20limit", "ZTF20after"));

        await PollAsync(broker);
        scene.Outside.Mend("LasairZtf");

        Assert.Single(await scene.CandidatesAsync(filter));
        Assert.DoesNotContain(scene.Outside.Requests, request => request["objectId"] == "ZTF20after");
        var row = await RowAsync(broker);
        Assert.Equal(7200, Math.Round((row.NextPollAt - row.PolledAt)!.Value.TotalSeconds));
    }

    [Fact]
    public async Task Claim_ByTwoNodes_IsGivenToOne()
    {
        var broker = await scene.BrokerAsync("Night ALeRCE LSST");
        await QuietAsync();
        await DueAsync(broker);

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Poll.ClaimAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(broker, Assert.Single(claims.OfType<ClaimedPoll>()).BrokerId);
        scene.Clock.Advance(TimeSpan.FromMinutes(11));
        // The node that claimed it fell silent.
        Assert.Equal(broker, (await Poll.ClaimAsync(TestContext.Current.CancellationToken))?.BrokerId);
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{broker}", new { active = false });
        Assert.Null(await Poll.ClaimAsync(TestContext.Current.CancellationToken));
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{broker}", new { active = true });
    }

    [Fact]
    public async Task Mailbox_Packets_AreAcknowledgedAfterTheyAreKept()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Pitt-Google");
        var filter = await scene.FilterAsync("pulled", "ZTF Public", broker, null, autosave: true);
        var (waiting, acknowledged, early) = (new List<string> { "t1", "t2", "t3", "t4" }, new List<string>(), 0);
        var values = new Dictionary<string, byte[]>
        {
            ["t1"] = new ZtfPacket(ZtfName, 501).Write(),
            ["t2"] = new ZtfPacket("ZTF26aaaaaab", 502) { Programme = 2 }.Write(),
            ["t3"] = "no packet"u8.ToArray(),
            ["t4"] = new ZtfPacket(ZtfName, 501).Write(),
        };
        var isRefusing = true;
        scene.Outside.On("PubSub", async (request, _) =>
        {
            if (request.Path.EndsWith(":acknowledge", StringComparison.Ordinal))
            {
                early += (await scene.CandidatesAsync(filter)).Count == 0 ? 1 : 0;
                if (isRefusing)
                {
                    return SimulatedReply.Fault(503);
                }

                var tickets = SimulatedBrokers.Body(request)["ackIds"]!.AsArray().Select(ticket => $"{ticket}").ToList();
                acknowledged.AddRange(tickets);
                waiting.RemoveAll(tickets.Contains);
                return SimulatedReply.Json("{}");
            }

            return SimulatedReply.Json(new JsonObject
            {
                ["receivedMessages"] = new JsonArray([.. waiting.Select(ticket => (JsonNode?)new JsonObject
                {
                    ["ackId"] = ticket, ["message"] = new JsonObject { ["messageId"] = $"m{ticket}", ["data"] = Convert.ToBase64String(values[ticket]) },
                })]),
            }.ToJsonString());
        });

        var failed = await PollAsync(broker);
        isRefusing = false;
        var note = await PollAsync(broker);
        scene.Outside.Mend("PubSub");

        Assert.StartsWith("Failed: Pitt-Google (Pub/Sub) answered 503", failed, StringComparison.Ordinal);
        Assert.Equal("4 messages, 0 new candidates, 0 new measurements. 1 could not be taken and is set aside on the page Streams.", note);
        Assert.Equal((0, 4), (early, acknowledged.Count));
        // Programme 2 is not of the filter's stream.
        Assert.Equal((ZtfName, 501L), Assert.Single(await scene.CandidatesAsync(filter)) is { } one ? (one.ObjId, one.PassingAlertId) : default);
        Assert.Equal(200, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/sources/{ZtfName}")).Status);
        // It came twice and waits once.
        var streams = scene.Node.Services.GetRequiredService<ReadStreams>();
        var aside = Assert.Single((await streams.SetAsideAsync(Viewer.System, null, broker, SetAsideStates.Waiting, 0, 10, TestContext.Current.CancellationToken)).Packets);
        Assert.Equal(("Night Pitt-Google", "night", 9), (aside.BrokerName, aside.Topic, aside.Bytes));
        Assert.Equal("no packet"u8.ToArray(), await scene.Admin.Http.GetByteArrayAsync(new Uri($"/api/internal/set_aside/{aside.Id}", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(401, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/internal/set_aside/{aside.Id}")).Status);
    }

    [Fact]
    public async Task Mailbox_SetAsidePacket_IsReplayedDismissedAndTakenBack()
    {
        await scene.ForgetAsync();
        var broker = await scene.BrokerAsync("Night Pitt-Google");
        var filter = await scene.FilterAsync("replayed", "ZTF Public", broker, null);
        var services = scene.Node.Services;
        var (streams, replay, dismiss, ct) = (services.GetRequiredService<ReadStreams>(), services.GetRequiredService<ReplaySetAside>(), services.GetRequiredService<DismissSetAside>(), TestContext.Current.CancellationToken);
        var good = new MailboxMessage("t1", "8124625000000001", new ZtfPacket(ZtfName, 601).Write());
        var bad = new MailboxMessage("t2", "not a number", "still none"u8.ToArray());
        var setAside = services.GetRequiredService<SetAsidePackets>();
        await setAside.OfMailboxAsync(broker, "night", [(good, "the schema was not known"), (bad, "it is none")], ct);
        await setAside.OfMailboxAsync(broker, "night", [(bad, "it is none")], ct);
        Assert.Contains(await streams.MailboxesAsync(Viewer.System, ct), row => row.BrokerId == broker && row.Waiting == 2);

        var report = await replay.OfBrokerAsync(Viewer.System, broker, null, ct);

        Assert.Equal(new ReplayReport(1, 1), report);
        Assert.Equal(601, Assert.Single(await scene.CandidatesAsync(filter)).PassingAlertId);
        var left = Assert.Single((await streams.SetAsideAsync(Viewer.System, null, broker, SetAsideStates.Waiting, 0, 10, ct)).Packets);
        Assert.NotEqual("it is none", left.Reason);
        Assert.Equal(1, await dismiss.OfBrokerAsync(Viewer.System, broker, left.Id, ct));
        Assert.Empty((await streams.SetAsideAsync(Viewer.System, null, broker, SetAsideStates.Waiting, 0, 10, ct)).Packets);
        Assert.Equal(1, await dismiss.UndoOfBrokerAsync(Viewer.System, broker, left.Id, ct));
        await scene.RunAsync($"update filters set active = false where id = {filter}");
        Assert.Contains("No active filter", (await Assert.ThrowsAsync<Refusal>(() => replay.OfBrokerAsync(Viewer.System, broker, null, ct))).Message, StringComparison.Ordinal);
        var member = new Viewer { UserId = scene.Member.UserId };
        await Assert.ThrowsAsync<Refusal>(() => replay.OfBrokerAsync(member, broker, null, ct));
        await Assert.ThrowsAsync<Refusal>(() => dismiss.OfBrokerAsync(member, broker, null, ct));
        await Assert.ThrowsAsync<Refusal>(() => streams.MailboxesAsync(member, ct));
    }

    /// <summary>A Lasair whose queries name some objects; of each it answers what is told, else what it knows.</summary>
    private static Func<SimulatedRequest, SimulatedReply> Naming(Func<SimulatedRequest, SimulatedReply?> told, params string[] names) => request => request.Path == "query/"
        ? SimulatedReply.Json(new JsonArray([.. names.Select(name => (JsonNode?)new JsonObject { ["objectId"] = name })]).ToJsonString())
        : told(request) ?? SimulatedBrokers.Answer(request) ?? SimulatedReply.Fault(404);

    /// <summary>Lets a broker be asked now, and answers what came of it.</summary>
    private async Task<string?> PollAsync(int broker)
    {
        await QuietAsync();
        await DueAsync(broker);
        var claimed = await Poll.ClaimAsync(TestContext.Current.CancellationToken);
        Assert.Equal(broker, claimed?.BrokerId);
        await Poll.RunAsync(claimed!, TestContext.Current.CancellationToken);
        return (await RowAsync(broker)).PollNote;
    }

    private Task QuietAsync() => scene.RunAsync("update brokers set next_poll_at = null");

    private Task DueAsync(int broker) => scene.RunAsync($"update brokers set next_poll_at = '2020-01-01Z' where id = {broker}");

    private async Task<Broker> RowAsync(int broker)
    {
        await using var db = scene.Node.Contexts.For(Viewer.System);
        return await db.Set<Broker>().AsNoTracking().SingleAsync(row => row.Id == broker);
    }
}
