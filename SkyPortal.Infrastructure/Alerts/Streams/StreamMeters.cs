using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

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

    static StreamMeters()
    {
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

    private static KeyValuePair<string, object?>[] Tags((string Subscription, PartitionId Partition) key) =>
        [new("subscription", key.Subscription), new("topic", key.Partition.Topic), new("partition", key.Partition.Partition)];
}
