using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Streams;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Streams are the business of system administrators alone, and passwords of nobody.</summary>
public sealed class StreamAccessTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IServiceProvider Services => fixture.Node.Services;

    [Fact]
    public async Task Verbs_UserWithoutTheRight_AreAllRefused()
    {
        var id = await SaveAsync("refused", "a secret");
        var viewer = new Viewer { UserId = (await fixture.Node.ClientAsync("stream-stranger")).UserId, Username = "stream-stranger", Acls = Acl.All.Where(acl => acl != Acl.SystemAdmin).ToHashSet() };
        var draft = await DraftAsync("refused");
        Func<Task>[] deeds =
        [
            () => Get<SaveSubscription>().HandleAsync(viewer, null, draft, null, Ct),
            () => Get<SaveSubscription>().HandleAsync(viewer, id, draft, null, Ct),
            () => Get<SetSubscriptionActive>().HandleAsync(viewer, id, true, Ct),
            () => Get<DeleteSubscription>().HandleAsync(viewer, id, Ct),
            () => Get<RewindSubscription>().HandleAsync(viewer, id, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), Ct),
            () => Get<ReplaySetAside>().HandleAsync(viewer, id, null, Ct),
            () => Get<DismissSetAside>().HandleAsync(viewer, id, null, Ct),
            () => Get<DismissSetAside>().UndoAsync(viewer, id, null, Ct),
            () => Get<ReadStreams>().HandleAsync(viewer, Ct),
            () => Get<ReadStreams>().SetAsideAsync(viewer, null, null, "waiting", 0, 10, Ct),
            () => Get<ReadStreams>().ChoicesAsync(viewer, Ct),
            () => Get<ReadStreams>().BytesAsync(viewer, 1, Ct),
        ];

        foreach (var deed in deeds)
        {
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(deed)).Kind);
        }
    }

    [Fact]
    public async Task SetAsidePacket_Downloaded_IsForAdministratorsAlone()
    {
        var id = await SaveAsync("download", "a secret");
        var subscription = (await Get<ReadSubscriptions>().OneAsync(id, Ct))!;
        await Get<SetAsidePackets>().HandleAsync(subscription, [new BadMessage(new StreamMessage(new PartitionId("download", 0), 7, default, "as it came"u8.ToArray()), "it is a test")], Ct);
        var packet = (await Get<ReadStreams>().SetAsideAsync(Viewer.System, id, null, "waiting", 0, 10, Ct)).Packets.Single();
        var (admin, stranger) = (await fixture.Node.AdminAsync(), await fixture.Node.ClientAsync("packet-stranger"));
        using var nobody = new HttpClient { BaseAddress = new Uri(fixture.Node.Address) };
        var path = new Uri($"/api/internal/set_aside/{packet.Id}", UriKind.Relative);

        Assert.Equal("as it came", await admin.Http.GetStringAsync(path, Ct));
        Assert.Equal(401, (await stranger.SendAsync(HttpMethod.Get, $"{path}")).Status);
        Assert.Equal(401, (int)(await nobody.GetAsync(path, Ct)).StatusCode);
        Assert.Equal(404, (await admin.SendAsync(HttpMethod.Get, "/api/internal/set_aside/987654")).Status);
        Assert.Equal(400, (await admin.SendAsync(HttpMethod.Get, "/api/internal/set_aside/x")).Status);
    }

    [Fact]
    public async Task Save_SameGroupOrNameOrNoPassword_IsRefused()
    {
        await SaveAsync("first", "a secret");
        var draft = await DraftAsync("second");

        Assert.Contains("consumer group", (await RefusedAsync(draft with { ConsumerGroup = "first" })).Message, StringComparison.Ordinal);
        Assert.Contains("named first", (await RefusedAsync(draft with { Name = "first" })).Message, StringComparison.Ordinal);
        Assert.Contains("Password", (await RefusedAsync(draft with { Security = "sasl_ssl", Mechanism = "PLAIN", Username = "u" })).Message, StringComparison.Ordinal);
        Assert.Contains("Stream", (await RefusedAsync(draft with { StreamId = 987_654 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_Password_IsSealedInTheRowAndOpensForTheConsumer()
    {
        var id = await SaveAsync("sealed", "a plain secret");
        var site = new AlertSite(fixture.Node);

        Assert.DoesNotContain("a plain secret", (await site.QueryAsync<string>($"select to_jsonb(s)::text from stream_subscriptions s where id = {id}")).Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("a plain secret", string.Concat(await site.QueryAsync<string>("select coalesce(payload::text, '') from outbox_events")), StringComparison.Ordinal);
        Assert.Equal("a plain secret", (await Get<ReadSubscriptions>().OneAsync(id, Ct))!.Password);
        Assert.DoesNotContain("a plain secret", (await Get<ReadSubscriptions>().OneAsync(id, Ct))!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_Callers_OnlyAdministratorsReadThem()
    {
        using var nobody = new HttpClient { BaseAddress = new Uri(fixture.Node.Address) };
        var user = await fixture.Node.ClientAsync("metrics-user");
        var admin = await fixture.Node.AdminAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/metrics", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.Http.GetAsync("/metrics", Ct)).StatusCode);
        using var answer = await admin.Http.GetAsync("/metrics", Ct);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.StartsWith("dotnet_", StringComparison.Ordinal));
        Assert.All(lines.Where(line => line[0] != '#'), line => Assert.Matches(@"^[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? (-?[0-9.]+(E[+-]?[0-9]+)?|NaN)$", line));
        Assert.Equal(lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count(), lines.Count(line => line.StartsWith("# TYPE", StringComparison.Ordinal)));
    }

    private T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    private Task<Refusal> RefusedAsync(SubscriptionDraft draft) => Assert.ThrowsAsync<Refusal>(() => Get<SaveSubscription>().HandleAsync(Viewer.System, null, draft, null, Ct));

    private async Task<SubscriptionDraft> DraftAsync(string name) => new()
    {
        Name = name, StreamId = await new AlertSite(fixture.Node).StreamIdAsync("ZTF Public"), Brokers = "127.0.0.1:1", Topics = ["topic"], ConsumerGroup = name, Active = false,
    };

    private async Task<int> SaveAsync(string name, string password) => await Get<SaveSubscription>().HandleAsync(
        Viewer.System, null, await DraftAsync(name) with { Security = "sasl_ssl", Mechanism = "SCRAM-SHA-512", Username = "scanner", Password = password }, null, Ct);
}
