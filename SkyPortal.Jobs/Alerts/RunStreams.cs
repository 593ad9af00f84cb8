using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Alerts;

/// <summary>
/// Runs one consumer per active subscription on this node, and follows what administrators change. The nodes share the partitions
/// of each as members of one consumer group.
/// </summary>
public sealed class RunStreams(
    ReadSubscriptions read, ConsumeStreams consumers, IPacketSources sources, ReportStanding report, StreamSettings settings, LiveUpdates updates, TimeProvider clock, ILogger<RunStreams> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(10);
    private static readonly string[] NoTopics = [];
    private readonly Dictionary<int, Running> _running = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Consumes)
        {
            return;
        }

        using var asked = new Bell(updates, note => note.Kind is StreamEvents.Created or StreamEvents.Changed or StreamEvents.Deleted or StreamEvents.Rewound);
        var tidied = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(await read.ActiveAsync(stoppingToken), stoppingToken);
                if (clock.GetElapsedTime(tidied) > TidyEvery)
                {
                    tidied = clock.GetTimestamp();
                    await report.TidyAsync(stoppingToken);
                }

                await asked.WaitAsync(LookAgain, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                // Consumers that run go on; left to itself this would stop the node.
                logger.LogWarning("The subscriptions could not be read: {Reason}", error.Message);
                await Task.Delay(LookAgain, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_running.Values.ToList().Select(StopAsync));
    }

    private async Task FollowAsync(IReadOnlyList<SubscriptionDescriptor> wanted, CancellationToken ct)
    {
        var leaving = _running.Values.Where(one => one.Task.IsCompleted || !wanted.Any(two => IsSameConsumer(one.Subscription, two))).ToList();
        foreach (var one in leaving)
        {
            _running.Remove(one.Subscription.Id);
        }

        await Task.WhenAll(leaving.Select(StopAsync));
        ReportStanding.KeepOnly([.. wanted.Select(one => one.Name)]);
        foreach (var subscription in wanted)
        {
            if (_running.TryGetValue(subscription.Id, out var running))
            {
                running.Consumer.Tell(subscription);
            }
            else if ((sources.Obstacle ?? Obstacle(subscription)) is { } obstacle)
            {
                await report.MemberAsync(subscription, settings.NodeName, StreamStates.Failing, obstacle, ct);
            }
            else
            {
                Start(subscription, ct);
            }
        }
    }

    private static string? Obstacle(SubscriptionDescriptor subscription) =>
        subscription.IsPasswordShut ? "The password cannot be opened with the site's keys any more; enter it again." : null;

    // A rewind is told to the consumer that runs; anything else needs another.
    private static bool IsSameConsumer(SubscriptionDescriptor one, SubscriptionDescriptor two) =>
        Consumer(one) == Consumer(two) && one.Topics.SequenceEqual(two.Topics);

    private static SubscriptionDescriptor Consumer(SubscriptionDescriptor one) => one with { Topics = NoTopics, Modified = default, RewindNumber = 0, RewindTo = null };

    private void Start(SubscriptionDescriptor subscription, CancellationToken ct)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var consumer = consumers.Of(subscription);
        _running[subscription.Id] = new Running(subscription, consumer, stop, Task.Run(() => consumer.RunAsync(stop.Token), CancellationToken.None));
        logger.LogInformation("{Name} is consumed by this node", subscription.Name);
    }

    private async Task StopAsync(Running one)
    {
        await one.Stop.CancelAsync();
        try
        {
            await one.Task;
        }
        catch (StreamUnavailableException error)
        {
            await FailAsync(one.Subscription, error.Message);
        }
        catch (Exception error)
        {
            logger.LogError(error, "The consumer of {Name} ended and is started again", one.Subscription.Name);
            await FailAsync(one.Subscription, "The consumer ended unexpectedly and is started again; the log of the node says more.");
        }
        finally
        {
            one.Stop.Dispose();
        }
    }

    private async Task FailAsync(SubscriptionDescriptor subscription, string why)
    {
        try
        {
            await report.MemberAsync(subscription, settings.NodeName, StreamStates.Failing, why, CancellationToken.None);
        }
        catch (Exception error) when (DatabaseFault.Is(error) || error is TimeoutException)
        {
            logger.LogWarning("The failure of {Name} could not be noted: {Reason}", subscription.Name, error.Message);
        }
    }

    private sealed record Running(SubscriptionDescriptor Subscription, ConsumeStream Consumer, CancellationTokenSource Stop, Task Task);
}
