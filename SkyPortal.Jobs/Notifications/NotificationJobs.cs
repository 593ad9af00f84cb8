using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Alerts.Watches;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Notifications;

/// <summary>Delivers due reminders, tells of passings and matches, and sends waiting mail, every half minute, on every node; the nodes share the rows.</summary>
public sealed class NotificationRounds(DeliverReminders reminders, TellPassings passings, TellWatches watches, SendMail mail, TimeProvider clock, ILogger<NotificationRounds> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RoundAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task RoundAsync(CancellationToken ct)
    {
        try
        {
            while (await reminders.HandleAsync(ct) > 0)
            {
            }

            while (await passings.HandleAsync(ct) > 0)
            {
            }

            while (await watches.HandleAsync(ct) > 0)
            {
            }

            while (await mail.HandleAsync(ct))
            {
            }
        }
        catch (Exception error) when (DatabaseFault.Is(error) || error is TimeoutException)
        {
            logger.LogWarning("A round of notifications failed and is tried again: {Reason}", error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Left to itself it would stop the node.
            logger.LogError(error, "A round of notifications failed and is tried again");
        }
    }
}

/// <summary>Registers the jobs of notifications.</summary>
public static class NotificationJobsSetup
{
    /// <summary>Reminders and outgoing mail.</summary>
    public static IServiceCollection AddNotificationJobs(this IServiceCollection services) => services.AddHostedService<NotificationRounds>();
}
