using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.TestServer;
using SkyPortal.Web.Live;
using SkyPortal.Web.Tests.Photometry;
using Xunit;

namespace SkyPortal.Web.Tests.Operations;

/// <summary>The web socket of programs: who opens it, and what they hear.</summary>
public sealed class LiveSocketTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Photometry_Posted_IsToldToWhoSeesTheObject()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        using var member = await OpenAsync(scene.Member);
        using var outsider = await OpenAsync(scene.Outsider);
        await scene.Outsider.PostAsync("/api/sources", new { id = $"D{scene.Mark}", ra = 1.0, dec = 2.0 });
        var key = (await scene.Member.GetAsync($"/api/sources/{scene.ObjId}")).GetProperty("internal_key").GetString();

        await scene.PostAsync([58000]);
        var source = await HearAsync(member, "REFRESH_SOURCE");
        while (source.GetProperty("payload").GetProperty("obj_key").GetString() != key)
        {
            source = await HearAsync(member, "REFRESH_SOURCE");
        }

        var ours = await HearAsync(member, "REFRESH_SOURCE_PHOTOMETRY");
        await scene.Outsider.PostAsync("/api/photometry", new Dictionary<string, object?>(scene.Flux([58001], withGroup: false)) { ["obj_id"] = $"D{scene.Mark}" });
        var theirs = await HearAsync(outsider, "REFRESH_SOURCE_PHOTOMETRY");

        Assert.Equal(scene.ObjId, ours.GetProperty("payload").GetProperty("obj_id").GetString());
        Assert.Equal(("*", "skyportal/REFRESH_SOURCE_PHOTOMETRY"), (ours.GetProperty("user_id").GetString(), ours.GetProperty("actionType").GetString()));
        // The first that the outsider hears is of their own object.
        Assert.Equal($"D{scene.Mark}", theirs.GetProperty("payload").GetProperty("obj_id").GetString());
    }

    [Fact]
    public async Task ScanReport_Edited_IsToldToWhoReadsIt()
    {
        var night = new SimulatedNight(site.Node);
        var (first, _) = await night.GroupAsync("pushed one");
        var (second, _) = await night.GroupAsync("pushed two");
        await night.AddMeasuredCandidatesAsync(first, 1);
        await using (var command = site.Node.Contexts.DataSource.CreateCommand($"""
            update objs set group_ids = array[{first}, {second}] where id = 'seen0001';
            insert into candidates (obj_id, filter_id, passed_at, created_at, modified) select 'seen0001', id, now() - interval '1 hour', now(), now() from filters where group_id = {second}
            """))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var member = await site.Node.ClientAsync("pushed-member", SkyPortal.Domain.Access.Role.FullUser, (first, false));
        var outsider = await site.Node.ClientAsync("pushed-outsider", SkyPortal.Domain.Access.Role.FullUser, (second, false));
        using var memberSocket = await OpenAsync(member);
        using var outsiderSocket = await OpenAsync(outsider);
        var mine = await ReportAsync(member, first);
        await HearAsync(memberSocket, "REFRESH_SCAN_REPORTS");
        var theirs = await ReportAsync(outsider, second);

        await EditAsync(member, mine);
        var heard = await HearAsync(memberSocket, "REFRESH_SCAN_REPORT_ITEM");
        await EditAsync(outsider, theirs);
        var heardOutside = await HearAsync(outsiderSocket, "REFRESH_SCAN_REPORT_ITEM");

        Assert.Equal(mine, heard.GetProperty("payload").GetProperty("report_id").GetInt32());
        // The first that the outsider hears is of their own report.
        Assert.Equal(theirs, heardOutside.GetProperty("payload").GetProperty("report_id").GetInt32());

        static async Task<int> ReportAsync(TestClient who, int group)
        {
            await who.PostAsync("/api/sources", new { id = "seen0001", group_ids = new[] { group } });
            await who.PostAsync("/api/candidates/scan_reports", new { group_ids = new[] { group }, passed_filters_window_hours = 24, saved_candidates_window_hours = 24 });
            return (await who.GetAsync("/api/candidates/scan_reports")).GetProperty("reports")[0].GetProperty("id").GetInt32();
        }

        static async Task EditAsync(TestClient who, int report)
        {
            var item = (await who.GetAsync($"/api/candidates/scan_reports/{report}/items"))[0].GetProperty("id");
            await who.DataAsync(HttpMethod.Patch, $"/api/candidates/scan_reports/{report}/items/{item}", new { comment = "look" });
        }
    }

    [Fact]
    public async Task Socket_WrongTokens_IsClosedAfterFour()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(), TestContext.Current.CancellationToken);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.Equal("AUTH REQUEST", (await HearAsync(socket)).GetProperty("actionType").GetString());
            await SayAsync(socket, attempt == 0 ? "" : new string('x', attempt * 50));
            Assert.Equal("AUTH FAILED", (await HearAsync(socket)).GetProperty("actionType").GetString());
        }

        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken)).MessageType);
    }

    [Fact]
    public async Task Routes_WithoutASocketOrASession_Refuse()
    {
        using var anybody = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(site.Node.Address) };

        using var plain = await anybody.GetAsync("/websocket", TestContext.Current.CancellationToken);
        using var token = await anybody.GetAsync("/baselayer/socket_auth_token", TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)plain.StatusCode);
        Assert.Equal(302, (int)token.StatusCode);
    }

    private Uri Address() => new(site.Node.Address.Replace("http", "ws", StringComparison.Ordinal) + "/websocket");

    private async Task<ClientWebSocket> OpenAsync(TestClient client)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(), TestContext.Current.CancellationToken);
        Assert.Equal("AUTH REQUEST", (await HearAsync(socket)).GetProperty("actionType").GetString());
        await SayAsync(socket, site.Node.Services.GetRequiredService<LiveSocket>().TokenOf(client.UserId));
        Assert.Equal("AUTH OK", (await HearAsync(socket)).GetProperty("actionType").GetString());
        return socket;
    }

    private static Task SayAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<JsonElement> HearAsync(ClientWebSocket socket, string action)
    {
        while (true)
        {
            if (await HearAsync(socket) is var message && message.GetProperty("actionType").GetString() == $"skyportal/{action}")
            {
                return message;
            }
        }
    }

    private static async Task<JsonElement> HearAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var part = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, part.Count));
    }
}
