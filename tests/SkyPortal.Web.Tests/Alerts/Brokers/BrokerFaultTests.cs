using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Contract;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Every broker with every fault of its server, through the API and over a real connection: a clear refusal, and nothing half.</summary>
public sealed class BrokerFaultTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    public static TheoryData<string, BrokerFault> Cases
    {
        get
        {
            var cases = new TheoryData<string, BrokerFault>();
            foreach (var name in BrokerCase.All.Keys)
            {
                foreach (var fault in Enum.GetValues<BrokerFault>().Where(fault => fault != BrokerFault.RepeatedPages))
                {
                    cases.Add(name, fault);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Names => [.. BrokerCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Save_ServerIsBroken_NamesBrokerAndCauseAndKeepsNothing(string name, BrokerFault fault)
    {
        var one = BrokerCase.All[name];
        var broker = await scene.BrokerAsync(name);
        await scene.ForgetAsync();
        var before = await SampleSite.CountsAsync(scene.Node);
        foreach (var service in one.Services)
        {
            scene.Outside.Break(service, fault);
        }

        var (status, envelope) = await scene.SaveAsync(scene.Member, broker, one.ObjectId);
        var (searched, found) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/brokers/{broker}/alerts?objectId={one.ObjectId}");

        var message = envelope.GetProperty("message").GetString()!;
        Assert.Equal((400, 400), (status, searched));
        Assert.StartsWith($"Error fetching an alert of {name}: ", message, StringComparison.Ordinal);
        Assert.Contains(Cause(fault, message), message, StringComparison.Ordinal);
        Assert.StartsWith($"Error querying alerts of {name}: ", found.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(before, await SampleSite.CountsAsync(scene.Node));
        await AssertNoSecretAsync(one, message + found.GetProperty("message").GetString());

        foreach (var service in one.Services)
        {
            scene.Outside.Mend(service);
        }

        var (mended, reply) = await scene.SaveAsync(scene.Member, broker, one.ObjectId);
        Assert.True(mended == 200, reply.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Save_PagesRepeatThemselves_EndsAndKeepsEachPointOnce(string name)
    {
        var one = BrokerCase.All[name];
        var broker = await scene.BrokerAsync(name);
        await scene.ForgetAsync();
        var once = (await scene.SaveAsync(scene.Member, broker, one.ObjectId)).Envelope.GetProperty("data");
        await scene.ForgetAsync();
        foreach (var service in one.Services)
        {
            scene.Outside.Break(service, BrokerFault.RepeatedPages);
        }

        var (status, twice) = await scene.SaveAsync(scene.Member, broker, one.ObjectId);
        var (_, cone) = await scene.Member.SendAsync(HttpMethod.Get, $"/api/brokers/{broker}/alerts?ra=150.1&dec=2.2&radius=5");

        Assert.True(once.GetProperty("added").GetInt32() > 0);
        Assert.Equal((200, once.GetProperty("added").GetInt32()), (status, twice.GetProperty("data").GetProperty("added").GetInt32()));
        Assert.Equal(cone.GetProperty("data").GetArrayLength(), cone.GetProperty("data").EnumerateArray().Select(alert => $"{alert.GetProperty("objectId")} {alert.GetProperty("candid")}").Distinct().Count());
        foreach (var service in one.Services)
        {
            scene.Outside.Mend(service);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Save_Again_AddsNothing(string name)
    {
        var one = BrokerCase.All[name];
        var broker = await scene.BrokerAsync(name);
        await scene.ForgetAsync();
        await scene.SaveAsync(scene.Member, broker, one.ObjectId);
        var before = await SampleSite.CountsAsync(scene.Node);

        var (status, again) = await scene.SaveAsync(scene.Member, broker, one.ObjectId);

        Assert.Equal((200, 0, 0), (status, again.GetProperty("data").GetProperty("added").GetInt32(), again.GetProperty("data").GetProperty("pictures").GetInt32()));
        Assert.Equal(before, await SampleSite.CountsAsync(scene.Node));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Calls_OfAnyBroker_KeepNoReply(string name)
    {
        // What a server answers is cut to what somebody may see only afterwards.
        var one = BrokerCase.All[name];
        await scene.SaveAsync(scene.Member, await scene.BrokerAsync(name), one.ObjectId);

        var calls = (await scene.Member.GetAsync($"/api/outside/transactions?service={one.Services[0]}&numPerPage=500")).GetProperty("transactions").EnumerateArray()
            .Where(call => call.GetProperty("status") is { ValueKind: JsonValueKind.Number } status && status.GetInt32() is >= 200 and < 300 && call.GetProperty("error").ValueKind == JsonValueKind.Null).ToList();

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal("(not kept)", call.GetProperty("reply_head").GetString()));
    }

    private static string Cause(BrokerFault fault, string message) => fault switch
    {
        BrokerFault.Down => "answered 503",
        BrokerFault.Slow => "did not answer within",
        BrokerFault.Truncated or BrokerFault.WrongTypes => "cannot be read",
        // Where a secret is sent along, a redirect is not followed.
        BrokerFault.Redirect => message.Contains("answered 302", StringComparison.Ordinal) ? "answered 302" : "web page",
        BrokerFault.WebPage => "web page",
        BrokerFault.Reset => "cannot be reached",
        BrokerFault.Empty => "its reply is empty",
        BrokerFault.Huge => "is longer than",
        BrokerFault.ExpiredCredentials => "401",
        _ => "asked again after",
    };

    private async Task AssertNoSecretAsync(BrokerCase one, string messages)
    {
        await using var db = scene.Node.Contexts.For(Viewer.System);
        var calls = await db.Set<OutsideTransaction>().AsNoTracking().OrderByDescending(call => call.Id).Take(40).ToListAsync();
        var text = messages + string.Join('\n', calls.Select(call => $"{call.Address} {call.RequestHead} {call.ReplyHead} {call.Error}"));
        Assert.All(one.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }
}
