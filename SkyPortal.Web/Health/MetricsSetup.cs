using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Health;

/// <summary>Figures of a node: at /metrics for Prometheus, and pushed by OTLP where the environment names an endpoint.</summary>
public static class MetricsSetup
{
    /// <summary>Meters that are read: the platform's own and a few of the runtime, the server and the database driver.</summary>
    internal static IReadOnlyList<string> Meters { get; } =
        [StreamMeters.Name, PollMeters.Name, "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Components.Server.Circuits"];

    /// <summary>Registers them.</summary>
    public static IServiceCollection AddFigures(this IServiceCollection services) => services
        .AddSingleton<MetricsText>()
        .AddHostedService<PushFigures>();

    /// <summary>Maps /metrics. It answers system administrators, or anybody where the setting Metrics:Public says so.</summary>
    public static void MapFigures(this WebApplication app)
    {
        // From the node's beginning, so that counters count from there.
        app.Services.GetRequiredService<MetricsText>();
        var route = app.MapGet("/metrics", (MetricsText figures) => Results.Text(figures.Write(), "text/plain; version=0.0.4; charset=utf-8")).WithName("Metrics");
        if (app.Configuration.GetValue("Metrics:Public", false))
        {
            route.Public();
        }
        else
        {
            route.Needs(Acl.SystemAdmin);
        }
    }

    /// <summary>Pushes figures by OTLP. All is set by the environment variables of OpenTelemetry (OTEL_EXPORTER_OTLP_ENDPOINT and others).</summary>
    private sealed class PushFigures(IConfiguration configuration) : IHostedService
    {
        private MeterProvider? _provider;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || configuration["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] is { Length: > 0 })
            {
                _provider = Sdk.CreateMeterProviderBuilder()
                    .ConfigureResource(resource => resource.AddService("skyportal").AddEnvironmentVariableDetector())
                    .AddMeter([.. Meters])
                    .AddOtlpExporter()
                    .Build();
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _provider?.Dispose();
            return Task.CompletedTask;
        }
    }
}
