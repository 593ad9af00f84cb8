using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Outside;

/// <summary>Calls to a real server on a loopback port.</summary>
public sealed class CallOutsideTests(SiteFixture site) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private static readonly OutsideService Probe = new("Probe", "The probe", null) { TimeoutSeconds = 20, Attempts = 3, MostReplyBytes = 1000 };
    private readonly MovableClock _clock = new();
    private OutsideSimulator _server = null!;

    public async ValueTask InitializeAsync() => _server = await OutsideSimulator.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Call_Answered_GivesBodyAndStoresTransactionWithoutSecrets()
    {
        var owner = await site.Node.ClientAsync("outside-owner");
        _server.On("Probe", request => SimulatedReply.Text($"you sent {request.Headers["Authorization"]} and {request["key"]} for {request["ra"]}"));
        var call = new OutsideCall(Probe, "cone/search")
        {
            Query = [new("ra", "10.5"), new("note", "a&b c"), new("key", "hush hush", IsSecret: true)],
            Headers = [new("Authorization", "Token very-secret", IsSecret: true)],
            Subject = "OBJ1",
        };

        var reply = await Caller().HandleAsync(await ViewerAsync(owner.UserId), call, CancellationToken.None);

        Assert.Equal("you sent Token very-secret and hush hush for 10.5", reply.Text);
        Assert.Equal("a&b c", _server.Requests.Single()["note"]);
        var stored = await StoredAsync(reply.TransactionId);
        Assert.Equal(("Probe", "GET", 200, 1, owner.UserId, "OBJ1"), (stored.Service, stored.Method, stored.Status, stored.Attempts, stored.UserId, stored.Subject));
        Assert.EndsWith("/Probe/cone/search?ra=10.5&note=a%26b%20c&key=***", stored.Address, StringComparison.Ordinal);
        Assert.Equal("you sent *** and *** for 10.5", stored.ReplyHead);
        Assert.Equal(Encoding.UTF8.GetByteCount(reply.Text), stored.ReplyBytes);
        Assert.Null(stored.Error);
        Assert.True(stored.DurationMilliseconds > 0);
    }

    [Fact]
    public async Task Call_ServerFailsTwice_IsRepeatedUntilItAnswers()
    {
        var count = 0;
        _server.On("Probe", _ => Interlocked.Increment(ref count) < 3 ? SimulatedReply.Fault(503, "busy") : SimulatedReply.Text("fine"));

        var reply = await Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None);

        Assert.Equal(("fine", 3), (reply.Text, count));
        Assert.Equal(3, (await StoredAsync(reply.TransactionId)).Attempts);
    }

    [Fact]
    public async Task Call_ServerFailsAlways_EndsWithItsStatusAfterAllAttempts()
    {
        _server.On("Probe", _ => SimulatedReply.Fault(500, "boom"));

        var error = await Assert.ThrowsAsync<OutsideException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));

        Assert.Equal((OutsideFailure.Refused, 500, true), (error.Failure, error.Status, error.MayPass));
        Assert.Equal("The probe answered 500 InternalServerError: boom.", error.Message);
        Assert.Equal(3, _server.Requests.Count);
        var stored = await LastAsync();
        Assert.Equal((500, "boom", error.Message), (stored.Status, stored.ReplyHead, stored.Error));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task Call_RequestIsWrong_IsNotRepeated(int status)
    {
        _server.On("Probe", _ => SimulatedReply.Fault(status, "no such thing"));

        var error = await Assert.ThrowsAsync<OutsideException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));

        Assert.Equal((status, false, 1), (error.Status, error.MayPass, _server.Requests.Count));
    }

    [Fact]
    public async Task Call_StatusThatIsAnAnswer_IsAnswered()
    {
        _server.On("Probe", _ => SimulatedReply.Fault(404));

        var reply = await Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x") { AlsoAnswers = [404] }, CancellationToken.None);

        Assert.Equal(404, reply.Status);
    }

    [Fact]
    public async Task Call_NoAnswerInTime_TimesOutAndIsRepeated()
    {
        _server.On("Probe", async (_, gone) =>
        {
            await Task.Delay(Timeout.Infinite, gone);
            return SimulatedReply.Text("");
        });

        var error = await Assert.ThrowsAsync<OutsideException>(() =>
            Caller().HandleAsync(Viewer.System, new OutsideCall(Probe with { TimeoutSeconds = 0.1, Attempts = 2 }, "x"), CancellationToken.None));

        Assert.Equal(OutsideFailure.TimedOut, error.Failure);
        Assert.Equal("The probe did not answer within 0.1 s.", error.Message);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Call_WriteWithoutKey_IsSentOnce()
    {
        _server.On("Probe", _ => SimulatedReply.Fault(503));

        await Assert.ThrowsAsync<OutsideException>(() =>
            Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x") { Method = HttpMethod.Post, Form = [new("a", "1")] }, CancellationToken.None));

        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Call_WriteWithKey_IsRepeatedUnderTheSameKey()
    {
        var count = 0;
        _server.On("Probe", _ => Interlocked.Increment(ref count) < 2 ? SimulatedReply.Fault(502) : SimulatedReply.Text("done"));

        var reply = await Caller().HandleAsync(
            Viewer.System,
            new OutsideCall(Probe, "x") { Method = HttpMethod.Post, Form = [new("a", "1"), new("password", "hush", IsSecret: true)], IdempotencyKey = "key-1" },
            CancellationToken.None);

        Assert.Equal(["key-1", "key-1"], _server.Requests.Select(request => request.Headers["Idempotency-Key"]));
        Assert.Equal(("a=1&password=***", "key-1"), ((await StoredAsync(reply.TransactionId)).RequestHead, (await StoredAsync(reply.TransactionId)).IdempotencyKey));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ReplyTooLong_IsNotRead(bool tellsLength)
    {
        _server.On("Probe", _ => new SimulatedReply(200, new byte[5000], "text/plain") { Headers = tellsLength ? new Dictionary<string, string> { ["Content-Length"] = "5000" } : new Dictionary<string, string>() });

        var error = await Assert.ThrowsAsync<OutsideException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));

        Assert.Equal((OutsideFailure.TooLarge, false, 1), (error.Failure, error.MayPass, _server.Requests.Count));
    }

    [Fact]
    public async Task Call_CompressedReplyTooLong_IsNotRead()
    {
        using var memory = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(memory, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(new byte[1 << 20]);
        }

        _server.On("Probe", _ => new SimulatedReply(200, memory.ToArray(), "text/plain") { Headers = new Dictionary<string, string> { ["Content-Encoding"] = "gzip" } });

        var error = await Assert.ThrowsAsync<OutsideException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe with { MostReplyBytes = 100_000 }, "x"), CancellationToken.None));

        Assert.Equal(OutsideFailure.TooLarge, error.Failure);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Call_DamagedReply_IsRefusedAndTheCircuitCloses(string encoding)
    {
        var isFine = false;
        _server.On("Probe", _ => isFine
            ? SimulatedReply.Text("fine")
            : SimulatedReply.Text("this was never compressed") with { Headers = new Dictionary<string, string> { ["Content-Encoding"] = encoding } });
        using var caller = Caller(("BreakerFailures", "2"), ("BreakerSeconds", "60"));
        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<OutsideException>(() => caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));
            Assert.Equal(i < 2 ? OutsideFailure.Unreadable : OutsideFailure.CircuitOpen, error.Failure);
        }

        // The one call that tries after the rest fails, too; the next rest ends as well.
        _clock.Advance(TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<OutsideException>(() => caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(61));
        isFine = true;

        Assert.Equal("fine", (await caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None)).Text);
    }

    [Fact]
    public async Task Call_ServerKeepsFailing_OpensTheCircuitAndTriesOnceAfterTheRest()
    {
        _server.On("Probe", _ => SimulatedReply.Fault(500));
        using var caller = Caller(("BreakerFailures", "3"), ("BreakerSeconds", "60"));
        var before = _clock.GetUtcNow();
        await Assert.ThrowsAsync<OutsideException>(() => caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));
        // The clock goes on while the server is asked.
        var seconds = (int)(_clock.GetUtcNow() - before).TotalSeconds + 2;

        var open = await Assert.ThrowsAsync<OutsideException>(() => caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));
        Assert.Equal((OutsideFailure.CircuitOpen, 3), (open.Failure, _server.Requests.Count));
        Assert.Contains(
            Enumerable.Range(60, seconds), after => open.Message.EndsWith($" did not answer lately; it is asked again after {before.AddSeconds(after):HH:mm:ss} UTC.", StringComparison.Ordinal));
        Assert.Equal(0, (await LastAsync()).Attempts);

        _clock.Advance(TimeSpan.FromSeconds(61));
        var still = await Assert.ThrowsAsync<OutsideException>(() => caller.HandleAsync(Viewer.System, new OutsideCall(Probe with { Attempts = 1 }, "x"), CancellationToken.None));
        Assert.Equal((OutsideFailure.Refused, 4), (still.Failure, _server.Requests.Count));
        await Assert.ThrowsAsync<OutsideException>(() => caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));
        Assert.Equal(4, _server.Requests.Count);

        _clock.Advance(TimeSpan.FromSeconds(61));
        _server.On("Probe", _ => SimulatedReply.Text("back"));
        Assert.Equal("back", (await caller.HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None)).Text);
    }

    [Fact]
    public async Task Call_NobodyListens_TellsSo()
    {
        var error = await Assert.ThrowsAsync<OutsideException>(() => Caller(("Probe:Address", "http://127.0.0.1:1/")).HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));

        Assert.Equal(OutsideFailure.Unreachable, error.Failure);
    }

    [Fact]
    public async Task Call_CancelledByCaller_IsStoredAsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        _server.On("Probe", async (_, gone) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, gone);
            return SimulatedReply.Text("");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), cancel.Token));

        Assert.Equal("Cancelled.", (await LastAsync()).Error);
    }

    [Fact]
    public async Task Call_WithSecretHeader_FollowsNoRedirect()
    {
        _server.On("Probe", _ => new SimulatedReply(302, [], "text/plain") { Headers = new Dictionary<string, string> { ["Location"] = "/Other/steal" } });

        await Assert.ThrowsAsync<OutsideException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, "x") { Headers = [new("X-Key", "secret", IsSecret: true)] }, CancellationToken.None));

        Assert.DoesNotContain(_server.Requests, request => request.Service == "Other");
    }

    [Fact]
    public async Task Call_SwitchedOffOrWithoutAddress_CallsNobody()
    {
        var off = await Assert.ThrowsAsync<OutsideException>(() => Caller(("Enabled", "false")).HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));
        var nowhere = await Assert.ThrowsAsync<OutsideException>(() => Caller(("Address", "")).HandleAsync(Viewer.System, new OutsideCall(Probe, "x"), CancellationToken.None));

        Assert.Equal((OutsideFailure.NotConfigured, OutsideFailure.NotConfigured), (off.Failure, nowhere.Failure));
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("/x")]
    [InlineData("http://elsewhere/x")]
    [InlineData("a/../../x")]
    public async Task Call_PathThatLeavesTheService_IsAFault(string path) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Caller().HandleAsync(Viewer.System, new OutsideCall(Probe, path), CancellationToken.None));

    [Fact]
    public async Task Transactions_AreReadByTheirOwnerAndAdministratorsOnly()
    {
        var owner = await site.Node.ClientAsync("transaction-owner");
        var other = await site.Node.ClientAsync("transaction-other");
        _server.On("Probe", _ => SimulatedReply.Text("fine"));
        var id = (await Caller().HandleAsync(await ViewerAsync(owner.UserId), new OutsideCall(Probe, "x") { Subject = "OBJ7" }, CancellationToken.None)).TransactionId;

        var one = await owner.GetAsync($"/api/outside/transactions/{id}");
        var list = await owner.GetAsync("/api/outside/transactions?objID=OBJ7&service=Probe");

        Assert.Equal("fine", one.GetProperty("reply_head").GetString());
        Assert.Equal(1, list.GetProperty("totalMatches").GetInt32());
        Assert.Equal(id, list.GetProperty("transactions")[0].GetProperty("id").GetInt64());
        Assert.Equal(404, (await other.SendAsync(HttpMethod.Get, $"/api/outside/transactions/{id}")).Status);
        Assert.Equal(0, (await other.GetAsync("/api/outside/transactions")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(id, (await (await site.Node.AdminAsync()).GetAsync($"/api/outside/transactions/{id}")).GetProperty("id").GetInt64());
    }

    private CallOutside Caller(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Outside:Address"] = _server.Address, ["Outside:RetryMilliseconds"] = "1" };
        foreach (var (name, value) in settings)
        {
            values[$"Outside:{name}"] = value;
        }

        var contexts = new Contexts(site.Node.Services.GetRequiredService<IDbContextFactory<SkyPortalContext>>(), site.Node.Contexts.DataSource, _clock);
        return new CallOutside(contexts, new OutsideSettings(new ConfigurationBuilder().AddInMemoryCollection(values).Build()), NullLogger<CallOutside>.Instance);
    }

    private async Task<Viewer> ViewerAsync(int userId) =>
        (await site.Node.Services.GetRequiredService<Infrastructure.Access.ReadViewer>().ByUserAsync(userId, CancellationToken.None)).Viewer!;

    private async Task<OutsideTransaction> StoredAsync(long id)
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        return await db.Set<OutsideTransaction>().SingleAsync(row => row.Id == id);
    }

    private async Task<OutsideTransaction> LastAsync()
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        return await db.Set<OutsideTransaction>().OrderByDescending(row => row.Id).FirstAsync();
    }
}
