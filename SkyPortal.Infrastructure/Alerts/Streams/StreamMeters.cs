using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Figures of the streams of this node, under the meter skyportal.streams.</summary>
public static class StreamMeters
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "skyportal.streams";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Packets = Meter.CreateCounter<long>("skyportal.streams.packets", "{packet}", "Packets taken, by what became of them");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("skyportal.streams.bytes", "By", "Bytes of packets taken");
    private static readonly Histogram<double> Batches = Meter.CreateHistogram<double>("skyportal.streams.batch.duration", "s", "From a batch's messages to its commit");
    private static readonly ConcurrentDictionary<(string Subscription, PartitionId Partition), (long? Lag, DateTime? Last)> Standing = new();

    private static readonly string[] States = [StreamStates.Joining, StreamStates.Consuming, StreamStates.Waiting, StreamStates.Failing];
    private static readonly ConcurrentDictionary<string, Condition> Conditions = new(StringComparer.Ordinal);

    static StreamMeters()
    {
        Meter.CreateObservableGauge("skyportal.streams.state", OfStates, null, "1 for the state in which this node's share of a subscription is, 0 for the others");
        Meter.CreateObservableGauge("skyportal.streams.last_fault_age", FaultAges, "s", "Since a subscription last waited or failed on this node; 0 while it does");
        Meter.CreateObservableGauge("skyportal.streams.lag", Lags, "{message}", "Messages that wait, by partition held by this node");
        Meter.CreateObservableGauge("skyportal.streams.last_packet", LastPackets, "s", "Time of the last packet, seconds since 1970, by partition held by this node");
    }

    internal static void Taken(SubscriptionDescriptor subscription, IReadOnlyList<StreamMessage> messages, IReadOnlyList<IngestOutcome> outcomes, TimeSpan duration)
    {
        var name = new KeyValuePair<string, object?>("subscription", subscription.Name);
        foreach (var group in outcomes.GroupBy(outcome => outcome.Kind))
        {
            Packets.Add(group.Count(), name, new("outcome", group.Key switch { IngestOutcomeKind.Accepted => "accepted", IngestOutcomeKind.Duplicate => "duplicate", _ => "set_aside" }));
        }

        Bytes.Add(messages.Sum(message => (long)message.Value.Length), name);
        Batches.Record(duration.TotalSeconds, name);
    }

    internal static void Stands(string subscription, PartitionId partition, long? lag, DateTime? last) => Standing[(subscription, partition)] = (lag, last);

    /// <summary>Notes how a subscription does on this node; answers whether that is new.</summary>
    internal static bool IsNew(string subscription, string state, TimeProvider clock)
    {
        var isFault = state is StreamStates.Waiting or StreamStates.Failing;
        var before = Conditions.GetValueOrDefault(subscription);
        Conditions[subscription] = new Condition(state, isFault ? clock.GetTimestamp() : before?.FaultAt, clock);
        return before?.State != state;
    }

    /// <summary>Forgets the subscriptions that this node has no part in any more.</summary>
    internal static void KeepOnly(IReadOnlyCollection<string> subscriptions)
    {
        foreach (var gone in Conditions.Keys.Where(name => !subscriptions.Contains(name)))
        {
            Conditions.TryRemove(gone, out _);
        }
    }

    internal static void Gone(string subscription, IEnumerable<PartitionId> partitions)
    {
        foreach (var partition in partitions)
        {
            Standing.TryRemove((subscription, partition), out _);
        }
    }

    private static IEnumerable<Measurement<long>> Lags() => Standing.Where(pair => pair.Value.Lag is not null)
        .Select(pair => new Measurement<long>(pair.Value.Lag!.Value, Tags(pair.Key)));

    private static IEnumerable<Measurement<double>> LastPackets() => Standing.Where(pair => pair.Value.Last is not null)
        .Select(pair => new Measurement<double>((pair.Value.Last!.Value - DateTime.UnixEpoch).TotalSeconds, Tags(pair.Key)));

    private static IEnumerable<Measurement<int>> OfStates() =>
        Conditions.SelectMany(pair => States.Select(state => new Measurement<int>(state == pair.Value.State ? 1 : 0, new("subscription", pair.Key), new("state", state))));

    private static IEnumerable<Measurement<double>> FaultAges() => Conditions.Where(pair => pair.Value.FaultAt is not null).Select(pair => new Measurement<double>(
        pair.Value.State is StreamStates.Waiting or StreamStates.Failing ? 0 : pair.Value.Clock.GetElapsedTime(pair.Value.FaultAt!.Value).TotalSeconds, new KeyValuePair<string, object?>("subscription", pair.Key)));

    private static KeyValuePair<string, object?>[] Tags((string Subscription, PartitionId Partition) key) =>
        [new("subscription", key.Subscription), new("topic", key.Partition.Topic), new("partition", key.Partition.Partition)];

    private sealed record Condition(string State, long? FaultAt, TimeProvider Clock);
}
