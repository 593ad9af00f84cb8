using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>
/// Takes messages of a subscription into the platform: packets by the same ingest as a replay from files, a broker's messages by theirs. When it returns, every message is
/// in the database or set aside.
/// </summary>
public sealed class TakeMessages(IngestAlerts ingest, TakeBrokerMessages broker, SetAsidePackets setAside, SchemaRegistries registries, StreamSettings settings, ILogger<TakeMessages> logger)
{
    /// <summary>Takes them.</summary>
    /// <exception cref="StreamUnavailableException">Something that the packets need is not there now; nothing can be said of them yet, and some may be taken.</exception>
    public async Task HandleAsync(SubscriptionDescriptor subscription, IReadOnlyList<StreamMessage> messages, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var outcomes = await OutcomesAsync(subscription, messages, ct);
        var bad = outcomes.Select((outcome, i) => (outcome, i)).Where(pair => pair.outcome.Kind == IngestOutcomeKind.Rejected)
            .Select(pair => new BadMessage(messages[pair.i], pair.outcome.Reason ?? "")).ToList();
        try
        {
            await setAside.HandleAsync(subscription, bad, ct);
        }
        catch (Exception error) when (WhyLater(error) is { } why)
        {
            throw new StreamUnavailableException(why, error);
        }

        StreamMeters.Taken(subscription, messages, outcomes, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>What became of each, in their order.</summary>
    internal async Task<IReadOnlyList<IngestOutcome>> OutcomesAsync(SubscriptionDescriptor subscription, IReadOnlyList<StreamMessage> messages, CancellationToken ct)
    {
        try
        {
            return await IngestAsync(subscription, messages, ct);
        }
        catch (Exception error) when (WhyLater(error) is { } why && !(messages.Count > 1 && DatabaseFault.IsTimeout(error)))
        {
            throw new StreamUnavailableException(why, error);
        }
        catch (Exception error) when (error is not (OperationCanceledException or StreamUnavailableException) && messages.Count > 1)
        {
            // One of them breaks the ingest, or all are too much for one statement. Each by itself shows which.
            logger.LogError(error, "A batch of {Count} packets of {Name} failed", messages.Count, subscription.Name);
            var outcomes = new List<IngestOutcome>(messages.Count);
            foreach (var message in messages)
            {
                outcomes.AddRange(await OutcomesAsync(subscription, [message], ct));
            }

            return outcomes;
        }
        catch (Exception error) when (error is not (OperationCanceledException or StreamUnavailableException))
        {
            return [new IngestOutcome(messages[0].Name, IngestOutcomeKind.Rejected, $"It breaks the ingest: {error.Message}")];
        }
    }

    private async Task<IReadOnlyList<IngestOutcome>> IngestAsync(SubscriptionDescriptor subscription, IReadOnlyList<StreamMessage> messages, CancellationToken ct)
    {
        if (subscription.BrokerId is { } brokerId)
        {
            return await broker.HandleAsync(brokerId, messages, ct);
        }

        var schemas = subscription.Framing == StreamFramings.Confluent ? registries.Of(subscription) : null;
        var outcomes = new List<IngestOutcome>(messages.Count);
        var packets = messages.Select(message => PacketOf(subscription.Framing, message)).ToAsyncEnumerable();
        await foreach (var outcome in ingest.HandleAsync(subscription.StreamName, packets, schemas, ct))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }

    private AlertPacket PacketOf(string framing, StreamMessage message)
    {
        if (message.Value.Length > settings.MostPacketBytes)
        {
            return new AlertPacket(message.Name, default, $"It has {message.Value.Length} bytes; a packet of a stream has at most {settings.MostPacketBytes}.");
        }

        if (framing != StreamFramings.Keyed)
        {
            return new AlertPacket(message.Name, message.Value);
        }

        return message.Key.IsEmpty
            ? new AlertPacket(message.Name, default, "Its key, which should be its schema, is empty.")
            : new AlertPacket(message.Name, message.Value) { Schema = message.Key };
    }

    /// <summary>Why it may go well later; null where it will not.</summary>
    private static string? WhyLater(Exception error) => error switch
    {
        _ when DatabaseFault.Is(error) => "The database does not take packets now.",
        TimeoutException => "The database does not answer in time.",
        IOException or UnauthorizedAccessException => "The file store does not take packets now; is the disk full?",
        ObjectDisposedException => "The node stops.",
        Refusal refusal => refusal.Message,
        _ => null,
    };
}
