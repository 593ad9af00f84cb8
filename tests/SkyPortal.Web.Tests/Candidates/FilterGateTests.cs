using System.Text.Json;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Alerts;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Filters that would pass too much are not switched on.</summary>
public sealed class FilterGateTests : IAsyncLifetime
{
    private TestSite? _server;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _server = await TestSite.StartAsync(builder =>
    {
        builder.Configuration["Filters:MostPerNight"] = "6";
        builder.Configuration["Filters:MostShare"] = "0.5";
        builder.Configuration["Filters:ShareFrom"] = "2";
        builder.Configuration["Filters:FewFrom"] = "2";
        builder.Configuration["Filters:SecondsToLook"] = "1";
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    [Fact]
    public async Task Activation_OfAFilterThatPassesTooMuch_IsRefusedWithTheNumberByEveryWay()
    {
        var site = new AlertSite(_server!.Node);
        await site.AddInstrumentsAsync();
        var (group, member) = await site.GroupAsync("gate", "ZTF Public");
        var id = await site.FilterAsync(member, group, "ZTF Public", "mag < 10");
        await site.IngestAsync("ZTF Public", [.. Enumerable.Range(0, 8).Select(i => new ZtfPacket($"ZTF21gate{(char)('a' + i)}aa", 900 + i) { Mag = 15 + i }.Packet())]);
        var stream = await site.StreamIdAsync("ZTF Public");

        var seven = await member.SendAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 21.5" });
        var share = await member.SendAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 19.5", @override = "I am no administrator of the site" });
        var made = await member.SendAsync(HttpMethod.Post, "/api/filters", new { name = "all", stream_id = stream, group_id = group, expression = "mag < 30" });
        var version = (await member.PostAsync($"/api/filters/{id}/versions", new { expression = "mag < 30" })).GetProperty("number").GetInt32();
        var activated = await member.SendAsync(HttpMethod.Post, $"/api/filters/{id}/versions/{version}/activate", new { });
        var off = (await member.PostAsync("/api/filters", new { name = "all", stream_id = stream, group_id = group, expression = "mag < 30", active = false })).GetProperty("id").GetInt32();
        var on = await member.SendAsync(HttpMethod.Patch, $"/api/filters/{off}", new { active = true });

        Assert.StartsWith("It would pass 7 of 8 alerts of the night", Message(seven), StringComparison.Ordinal);
        Assert.StartsWith("It would pass 5 of 8 alerts of the night", Message(share), StringComparison.Ordinal);
        foreach (var refused in new[] { made, activated, on })
        {
            Assert.StartsWith("It would pass 8 of 8 alerts of the night", Message(refused), StringComparison.Ordinal);
        }

        Assert.Equal("mag < 10", (await member.GetAsync($"/api/filters/{id}")).GetProperty("expression").GetString());
        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 17.5" });
        var admin = await _server.Node.AdminAsync();
        await admin.PostAsync($"/api/filters/{id}/versions/{version}/activate", new { @override = "the night is a test" });
        Assert.Equal("mag < 30", (await member.GetAsync($"/api/filters/{id}")).GetProperty("expression").GetString());
        Assert.Contains("the night is a test", (await site.QueryAsync<string>("select payload::text from outbox_events where kind = 'filter.activated' order by id desc limit 1"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activation_OfAFilterThatPassesAllOfFew_IsRefusedUntilAnAdministratorSaysWhy()
    {
        var site = new AlertSite(_server!.Node);
        await site.AddInstrumentsAsync();
        var (group, member) = await site.GroupAsync("few", "ZTF Public");
        var id = await site.FilterAsync(member, group, "ZTF Public", "mag < 10");
        await site.IngestAsync("ZTF Public", new ZtfPacket("ZTF21fewaaaa", 950).Packet());
        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 25" });
        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 10" });
        await site.IngestAsync("ZTF Public", new ZtfPacket("ZTF21fewaaab", 951).Packet());

        var refused = Message(await member.SendAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 25" }));

        Assert.StartsWith("It would pass 2 of 2 alerts of the night 2025-08-12 (100.0 %); at most 90 % may, however few there are.", refused, StringComparison.Ordinal);
        await (await _server.Node.AdminAsync()).DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 25", @override = "all are wanted" });
    }

    [Fact]
    public async Task Activation_WhereTheArchiveDoesNotAnswerInTime_IsRefusedAndSaysSo()
    {
        var site = new AlertSite(_server!.Node);
        await site.AddInstrumentsAsync();
        var (group, member) = await site.GroupAsync("late", "ZTF Public");
        var id = await site.FilterAsync(member, group, "ZTF Public", "mag < 10");
        await site.IngestAsync("ZTF Public", new ZtfPacket("ZTF21lateaaa", 960).Packet());
        await using var connection = await _server.Node.Contexts.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var hold = connection.CreateCommand();
            hold.CommandText = "lock table alerts in access exclusive mode";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            var refused = Message(await member.SendAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 12" }));

            Assert.StartsWith("How much it would pass is not known", refused, StringComparison.Ordinal);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await member.DataAsync(HttpMethod.Patch, $"/api/filters/{id}", new { expression = "mag < 12" });
        Assert.Equal("mag < 12", (await member.GetAsync($"/api/filters/{id}")).GetProperty("expression").GetString());
    }

    private static string Message((int Status, JsonElement Envelope) reply)
    {
        Assert.Equal(409, reply.Status);
        return reply.Envelope.GetProperty("message").GetString()!;
    }
}
