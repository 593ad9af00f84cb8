using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Jobs.Alerts;
using SkyPortal.Jobs.Alerts.Demo;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Browser.Tests.Alerts;

/// <summary>The page of the alert streams, over a subscription that takes packets from a real Kafka protocol peer.</summary>
public sealed class StreamsPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Secret = "a password of brokers";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "mailbox-light")]
    [InlineData(ColorScheme.Dark, 390, "mailbox-dark-narrow")]
    public async Task Mailbox_SetAsidePackets_StandOnThePageAndAreDismissed(ColorScheme scheme, int width, string name)
    {
        await ClearAsync();
        var admin = await browser.Node.AdminAsync();
        var id = (await admin.PostAsync("/api/brokers", new { name, broker_classname = "PITTGOOGLEBROKER", altdata = new { project_id = SimulatedGoogle.Project, service_account_key = SimulatedGoogle.KeyFile, subscription = "night" } })).GetProperty("id").GetInt32();
        await browser.Node.Services.GetRequiredService<SetAsidePackets>().OfMailboxAsync(id, "night", [(new MailboxMessage("t", "8124625000000001", "not a packet"u8.ToArray()), "It is no Avro container.")], Ct);
        await using var page = await browser.AdminPageAsync(scheme, width);

        await page.OpenAsync("/streams");

        var aside = page.Tab.GetByRole(AriaRole.Region, new() { Name = "Set aside", Exact = true });
        await Assertions.Expect(aside.Locator("tbody tr")).ToContainTextAsync($"{name}: night");
        await Assertions.Expect(aside.Locator("tbody tr")).ToContainTextAsync("It is no Avro container.");
        await Assertions.Expect(aside.Locator("a[download]")).ToHaveAttributeAsync("href", new Regex("^/api/internal/set_aside/\\d+$"));
        await page.PictureAsync($"streams-{name}");
        await aside.GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true }).ClickAsync();
        await Assertions.Expect(aside).ToContainTextAsync("No packet waits");
        await aside.GetByRole(AriaRole.Button, new() { Name = "dismissed", Exact = true }).ClickAsync();
        await Assertions.Expect(aside.Locator("tbody tr")).ToContainTextAsync("by admin");
        await admin.DataAsync(HttpMethod.Delete, $"/api/brokers/{id}");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    public async Task Streams_SubscribedThroughThePage_ShowsWhatComesAndWhatIsSetAside(ColorScheme scheme, int width, string name)
    {
        using var kafka = MockKafka.Start();
        var topic = $"ztf_20260110_{name}";
        kafka.CreateTopic(topic, 4);
        var packets = new SimulatedAlerts()
            .Of(new DemoSettings(11, 1, new Dictionary<SimulatedKind, int> { [SimulatedKind.SupernovaIa] = 40, [SimulatedKind.Agn] = 20, [SimulatedKind.Bogus] = 20 }, 0), 61_050 + (width / 10) + name.Length)
            .Select(packet => packet.Bytes).ToList();
        await kafka.ProduceAsync(topic, 4, packets);
        await kafka.ProduceAsync(topic, 2, "not a packet"u8.ToArray());
        await ClearAsync();
        var node = browser.Node.Services;
        var consumers = ActivatorUtilities.CreateInstance<RunStreams>(node);
        await consumers.StartAsync(Ct);
        await using var page = await browser.AdminPageAsync(scheme, width);
        try
        {
            await page.OpenAsync("/streams");
            await Assertions.Expect(page.Tab.GetByText("No stream is subscribed to")).ToBeVisibleAsync();
            await page.PressAsync("n");
            var sheet = page.Tab.Locator(".sheet");
            await sheet.GetByLabel("Name", new() { Exact = true }).FillAsync($"ZTF public {name}");
            await sheet.Locator("select").First.SelectOptionAsync(new SelectOptionValue { Label = "ZTF Public" });
            await sheet.GetByLabel("Brokers").FillAsync(kafka.Brokers);
            await sheet.GetByLabel("Topics").FillAsync($"^ztf_[0-9]{{8}}_{name}$");
            await sheet.GetByLabel("Consumer group").FillAsync($"group-{name}");
            await page.PictureAsync($"streams-form-{name}");
            await sheet.GetByRole(AriaRole.Button, new() { Name = "Subscribe" }).ClickAsync();
            await Assertions.Expect(sheet).ToHaveCountAsync(0);

            var panel = page.Tab.GetByRole(AriaRole.Region, new() { Name = $"ZTF public {name}" });
            await Assertions.Expect(panel.Locator(".tag").First).ToHaveTextAsync("consuming", new() { Timeout = 60_000 });
            await Assertions.Expect(panel.Locator("tbody tr")).ToHaveCountAsync(4, new() { Timeout = 60_000 });
            await Assertions.Expect(panel.Locator(".figures")).ToContainTextAsync(new Regex($"Taken\\s*{packets.Count + 1}"), new() { Timeout = 60_000 });
            await Assertions.Expect(panel.Locator(".figures")).ToContainTextAsync(new Regex("Lag\\s*0 packets"));
            var aside = page.Tab.GetByRole(AriaRole.Region, new() { Name = "Set aside" });
            await Assertions.Expect(aside.Locator("tbody tr")).ToHaveCountAsync(1);
            await Assertions.Expect(aside).ToContainTextAsync("neither an Avro container");
            await Assertions.Expect(aside.Locator("a[download]")).ToHaveAttributeAsync("href", new Regex("^/api/internal/set_aside/\\d+$"));
            await page.PictureAsync($"streams-{name}");

            await aside.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }).ClickAsync();
            await Assertions.Expect(page.Tab.Locator(".toast").Last).ToContainTextAsync("still cannot be");
            await aside.Locator("tbody").GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true }).ClickAsync();
            await Assertions.Expect(aside).ToContainTextAsync("No packet waits");
            await aside.GetByRole(AriaRole.Button, new() { Name = "dismissed" }).ClickAsync();
            await Assertions.Expect(aside.Locator("tbody tr")).ToHaveCountAsync(1);
            Assert.Contains("state=dismissed", page.Tab.Url, StringComparison.Ordinal);

            await panel.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
            await Assertions.Expect(panel.Locator(".tag").First).ToHaveTextAsync("stopped");
            page.AssertNoFaults();
        }
        finally
        {
            await consumers.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Streams_Password_IsNowhereOnThePageAndKeptWhereItIsNotEnteredAgain()
    {
        await ClearAsync();
        var id = await browser.Node.Services.GetRequiredService<SaveSubscription>().HandleAsync(Viewer.System, null, await DraftAsync(), null, Ct);
        await using var page = await browser.AdminPageAsync();
        await page.OpenAsync("/streams");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await Assertions.Expect(page.Tab.GetByLabel("Password")).ToHaveValueAsync("");
        await Assertions.Expect(page.Tab.GetByLabel("User name")).ToHaveValueAsync("scanner");
        await page.PictureAsync("streams-change");
        Assert.DoesNotContain(Secret, await page.Tab.ContentAsync(), StringComparison.Ordinal);
        await page.Tab.Locator(".sheet").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Tab.Locator(".sheet")).ToHaveCountAsync(0);
        Assert.Equal(Secret, (await browser.Node.Services.GetRequiredService<ReadSubscriptions>().OneAsync(id, Ct))!.Password);

        // Sent to another server it would be given away.
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await page.Tab.GetByLabel("Brokers").FillAsync("127.0.0.1:2");
        await page.Tab.Locator(".sheet").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Tab.Locator(".sheet .error")).ToContainTextAsync("enter it again");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Streams_UserWithoutTheRight_SeesNothingOfThem()
    {
        await ClearAsync();
        await browser.Node.Services.GetRequiredService<SaveSubscription>().HandleAsync(Viewer.System, null, await DraftAsync(), null, Ct);
        await using var page = await browser.SignedInPageAsync("stranger-to-streams");
        await page.OpenAsync("/streams");
        await Assertions.Expect(page.Tab.Locator(".rail").GetByText("Streams")).ToHaveCountAsync(0);
        var content = await page.Tab.ContentAsync();
        Assert.DoesNotContain("locked stream", content, StringComparison.Ordinal);
        Assert.DoesNotContain("scanner", content, StringComparison.Ordinal);

        await using var nobody = await browser.PageAsync();
        await nobody.Tab.GotoAsync("/streams");
        Assert.Contains("/sign-in", nobody.Tab.Url, StringComparison.Ordinal);
    }

    private async Task<SubscriptionDraft> DraftAsync()
    {
        await using var db = browser.Node.Contexts.For(Viewer.System);
        return new SubscriptionDraft
        {
            Name = "locked stream", StreamId = await db.Set<AlertStream>().Where(row => row.Name == "ZTF Public").Select(row => row.Id).SingleAsync(Ct), Brokers = "127.0.0.1:1",
            Topics = ["locked"], ConsumerGroup = "locked", Security = StreamSecurity.SaslSsl, Mechanism = "SCRAM-SHA-512", Username = "scanner", Password = Secret, Active = false,
        };
    }

    private async Task ClearAsync()
    {
        await using var db = browser.Node.Contexts.For(Viewer.System);
        await db.Set<StreamSubscription>().ExecuteDeleteAsync(Ct);
    }
}
