using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Figures of the brokers that are asked for alerts, under the meter skyportal.brokers. They stand in the database, so that every node that
/// asks brokers tells the same of all of them, whichever node asked.
/// </summary>
public sealed class PollMeters(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "skyportal.brokers";

    private const string Sql = "select name, poll_faults, polled_at, next_poll_at from brokers where active and next_poll_at is not null";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<string, Standing> Standings = new(StringComparer.Ordinal);

    static PollMeters()
    {
        Meter.CreateObservableGauge("skyportal.brokers.state", States, null, "1 for the state in which asking a broker for alerts is, 0 for the other");
        Meter.CreateObservableGauge("skyportal.brokers.poll_faults", () => Each(one => (int?)one.Faults), "{poll}", "How often in a row asking a broker failed");
        Meter.CreateObservableGauge("skyportal.brokers.last_poll_age", () => Each(one => Age(one, one.PolledAt)), "s", "Since a broker was last asked for alerts");
        Meter.CreateObservableGauge("skyportal.brokers.last_fault_age", () => Each(one => Age(one, one.FaultAt)), "s", "Since asking a broker last failed, as far as this node knows");
        Meter.CreateObservableGauge("skyportal.brokers.lag", () => Each(one => Age(one, one.NextPollAt)), "s", "For how long a broker should have been asked; 0 where it is not due");
    }

    /// <summary>Reads how the brokers stand now. One statement.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            var (name, faults, polledAt) = (reader.GetString(0), reader.GetInt32(1), await reader.IsDBNullAsync(2, ct) ? (DateTime?)null : reader.GetDateTime(2));
            seen.Add(name);
            Standings[name] = new Standing(faults, polledAt, reader.GetDateTime(3), faults > 0 ? polledAt : Standings.GetValueOrDefault(name)?.FaultAt, clock);
        }

        foreach (var gone in Standings.Keys.Where(name => !seen.Contains(name)))
        {
            Standings.TryRemove(gone, out _);
        }
    }

    private static IEnumerable<Measurement<int>> States() => Standings.SelectMany(pair => new[] { ("polling", pair.Value.Faults == 0), ("failing", pair.Value.Faults > 0) }
        .Select(state => new Measurement<int>(state.Item2 ? 1 : 0, new("broker", pair.Key), new("state", state.Item1))));

    private static IEnumerable<Measurement<T>> Each<T>(Func<Standing, T?> value)
        where T : struct => Standings.Select(pair => (pair.Key, Value: value(pair.Value))).Where(one => one.Value is not null)
        .Select(one => new Measurement<T>(one.Value!.Value, new KeyValuePair<string, object?>("broker", one.Key)));

    private static double? Age(Standing standing, DateTime? utc) => utc is { } time ? Math.Max(0, (standing.Clock.GetUtcNow().UtcDateTime - time).TotalSeconds) : null;

    private sealed record Standing(int Faults, DateTime? PolledAt, DateTime NextPollAt, DateTime? FaultAt, TimeProvider Clock);
}
