using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Jobs.Alerts;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>What /metrics and the log tell of subscriptions and polls that fail.</summary>
public sealed class StreamFiguresTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_SubscriptionWhoseBrokersAreGone_SayThatItFailsAndTheLogSaysSoOnce()
    {
        using var log = new HeardLog();
        await using var world = await StreamWorld.StartAsync(services: services => services.AddSingleton<ILoggerProvider>(log));
        var admin = await world.TestSite.Node.AdminAsync();
        var id = await world.SubscribeAsync(await world.DraftAsync("nowhere") with { Brokers = "127.0.0.1:9" });

        await world.UntilAsync("The failure", async () => (await world.SubscriptionAsync(id)).Members is [{ State: StreamStates.Failing }]);
        var figures = await FiguresAsync(admin);

        Assert.Contains("skyportal_streams_state{state=\"failing\",subscription=\"subscription of nowhere\"} 1", figures);
        Assert.Contains("skyportal_streams_state{state=\"consuming\",subscription=\"subscription of nowhere\"} 0", figures);
        Assert.Contains("skyportal_streams_last_fault_age_seconds{subscription=\"subscription of nowhere\"} 0", figures);
        await world.Services.GetRequiredService<SetSubscriptionActive>().HandleAsync(Domain.Access.Viewer.System, id, false, Ct);
        await world.UntilAsync("The end of its figures", async () => !(await FiguresAsync(admin)).Any(line => line.StartsWith("skyportal_streams_state{", StringComparison.Ordinal) && line.Contains("subscription of nowhere", StringComparison.Ordinal)));
        Assert.Single(log.Lines, line => line.Level >= LogLevel.Warning && line.Text.Contains("subscription of nowhere", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Level > LogLevel.Debug && line.Category.EndsWith(nameof(KafkaSources), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_PollThatFails_SayHowOftenAndSinceWhen()
    {
        await using var site = await TestSite.StartAsync();
        var admin = await site.Node.AdminAsync();
        var id = (await admin.PostAsync("/api/brokers", new { name = "Figured", broker_classname = "GENERICBROKER", altdata = new { base_url = "http://127.0.0.1:1/" } })).GetProperty("id").GetInt32();
        await using (var command = site.Node.Contexts.DataSource.CreateCommand($"update brokers set polled_at = now() - interval '600 s', next_poll_at = now() - interval '300 s', poll_faults = 3 where id = {id}"))
        {
            await command.ExecuteNonQueryAsync(Ct);
        }

        await site.Node.Services.GetRequiredService<PollMeters>().ReadAsync(Ct);
        var figures = await FiguresAsync(admin);

        Assert.Contains("skyportal_brokers_state{broker=\"Figured\",state=\"failing\"} 1", figures);
        Assert.Contains("skyportal_brokers_poll_faults{broker=\"Figured\"} 3", figures);
        Assert.InRange(Value(figures, "skyportal_brokers_last_fault_age_seconds{broker=\"Figured\"}"), 600, 900);
        Assert.InRange(Value(figures, "skyportal_brokers_lag_seconds{broker=\"Figured\"}"), 300, 600);
    }

    private static double Value(string[] figures, string name) =>
        double.Parse(figures.Single(line => line.StartsWith(name, StringComparison.Ordinal))[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string[]> FiguresAsync(TestClient admin) => (await admin.Http.GetStringAsync("/metrics", Ct)).Split('\n');

    private sealed record HeardLine(string Category, LogLevel Level, string Text);

    private sealed class HeardLog : ILoggerProvider
    {
        public ConcurrentQueue<HeardLine> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Ear(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Ear(string category, ConcurrentQueue<HeardLine> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue(new HeardLine(category, logLevel, formatter(state, exception)));
        }
    }
}
