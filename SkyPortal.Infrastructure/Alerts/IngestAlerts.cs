using System.Runtime.CompilerServices;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// Takes packets of a stream into the platform: archives their bytes, tries the filters and writes what follows. The same
/// packet twice changes nothing; a bad packet is rejected by itself; what is reported as accepted survives any crash.
/// </summary>
public sealed class IngestAlerts(Contexts contexts, FileStore files, ReadIngestDirectory readDirectory, FindNearSources findNear, WriteAlerts writeAlerts)
{
    private const int BatchPackets = 200;
    private const long BatchBytes = 32L << 20;
    private const int Attempts = 5;

    // One decides while two are written; batches that share objects wait for each other in the database.
    private const int BatchesAtOnce = 3;

    // Survey, alert id and night are the archive's key.
    private const string KnownSql = """
        select survey, alert_id from alerts
        where (night, survey, alert_id) in (select * from unnest($1::date[], $2::text[], $3::bigint[]))
        """;

    /// <summary>Takes packets as they come and tells what became of each, in their order. Reading, deciding and writing overlap.</summary>
    /// <param name="streamName">Name of the stream whose survey the packets are of. Who may read a packet is decided by its own programme.</param>
    /// <param name="packets">The packets.</param>
    /// <param name="schemas">Schemas of framed packets; null where none are at hand.</param>
    /// <param name="ct">Stops after the batch that is being written.</param>
    /// <exception cref="Refusal">There is no such stream.</exception>
    public async IAsyncEnumerable<IngestOutcome> HandleAsync(
        string streamName, IAsyncEnumerable<AlertPacket> packets, IAvroSchemaRegistry? schemas, [EnumeratorCancellation] CancellationToken ct)
    {
        var decoder = new AlertDecoder(files, schemas);
        await CheckStreamAsync(streamName, ct);
        var running = new Queue<Task<IReadOnlyList<IngestOutcome>>>();
        try
        {
            await foreach (var chunk in ChunksAsync(packets, ct))
            {
                running.Enqueue(Task.Run(() => TakeAsync(decoder, streamName, chunk, ct), ct));
                if (running.Count > BatchesAtOnce)
                {
                    foreach (var outcome in await running.Dequeue())
                    {
                        yield return outcome;
                    }
                }
            }

            while (running.TryDequeue(out var batch))
            {
                foreach (var outcome in await batch)
                {
                    yield return outcome;
                }
            }
        }
        finally
        {
            // Where one failed, the others end before the caller goes on.
            foreach (var batch in running)
            {
                await Task.WhenAny(batch);
            }
        }
    }

    private async Task<IReadOnlyList<IngestOutcome>> TakeAsync(AlertDecoder decoder, string streamName, List<AlertPacket> packets, CancellationToken ct) =>
        await CommitAsync(await PrepareAsync(decoder, streamName, packets, ct), ct);

    private async Task CheckStreamAsync(string name, CancellationToken ct)
    {
        var directory = await readDirectory.HandleAsync(ct);
        FindStream(directory, name);
    }

    private static StreamRule FindStream(IngestDirectory directory, string name) =>
        directory.Streams.All.FirstOrDefault(stream => stream.Name == name && stream.Survey is not null)
        ?? throw Refusal.NotFound(directory.Streams.All.Count == 0
            ? $"There is no stream named '{name}'; this site has no stream that takes packets."
            : $"There is no stream named '{name}' that takes packets; there are: {string.Join(", ", directory.Streams.All.Select(stream => stream.Name))}.");

    private async Task<Batch> PrepareAsync(AlertDecoder decoder, string streamName, List<AlertPacket> packets, CancellationToken ct)
    {
        var directory = await readDirectory.HandleAsync(ct);
        var decoded = await PrepareAlerts.DecodeAsync(decoder, FindStream(directory, streamName), directory.Streams, packets, Now(), ct);
        var known = await ReadKnownAsync(decoded, ct);
        var outcomes = new IngestOutcome?[decoded.Length];
        var places = new List<int>();
        for (var i = 0; i < decoded.Length; i++)
        {
            if (decoded[i].Decoded is not { } alert)
            {
                outcomes[i] = new IngestOutcome(decoded[i].Name, IngestOutcomeKind.Rejected, decoded[i].Reason);
            }
            else if (!known.Add((alert.Survey, alert.AlertId)))
            {
                outcomes[i] = new IngestOutcome(alert.Name, IngestOutcomeKind.Duplicate);
            }
            else
            {
                places.Add(i);
            }
        }

        var now = Now();
        DecodeResult[] fresh = [.. places.Select(i => decoded[i])];
        var prepared = await PrepareAlerts.PrepareAsync(directory, fresh, await NearAsync(directory, fresh, ct), now, ct);
        return new Batch(outcomes, places, await PackAsync(prepared, ct), directory.OwnerId, now);
    }

    // Only where a filter asks for it, and only for packets that such a filter sees.
    private async Task<NearSources> NearAsync(IngestDirectory directory, DecodeResult[] fresh, CancellationToken ct)
    {
        var asking = directory.Filters.Where(filter => filter.Compiled.NeedsSources).ToList();
        if (asking.Count == 0 || fresh.Length == 0)
        {
            return NearSources.None;
        }

        var streams = asking.Select(filter => filter.Stream.Id).ToHashSet();
        return await findNear.HandleAsync(
            [.. fresh.Select(alert => alert.StreamIds.Any(streams.Contains) ? new SkyPosition(alert.Decoded!.RaDegrees, alert.Decoded.DecDegrees) : (SkyPosition?)null)],
            [.. asking.Select(filter => filter.GroupId).Distinct()],
            ct);
    }

    private async Task<PreparedAlert[]> PackAsync(PreparedAlert[] alerts, CancellationToken ct)
    {
        if (alerts.Length == 0)
        {
            return alerts;
        }

        var pack = new byte[alerts.Sum(alert => (long)alert.Alert.Bytes.Length)];
        var offsets = new long[alerts.Length];
        var end = 0;
        for (var i = 0; i < alerts.Length; i++)
        {
            offsets[i] = end;
            alerts[i].Alert.Bytes.CopyTo(pack.AsMemory(end));
            end += alerts[i].Alert.Bytes.Length;
        }

        var hash = await files.PutAsync(pack, ct);
        return [.. alerts.Select((alert, i) => alert with { PackHash = hash, PackOffset = offsets[i] })];
    }

    private async Task<IReadOnlyList<IngestOutcome>> CommitAsync(Batch batch, CancellationToken ct)
    {
        var written = await WriteAsync(batch, ct);
        for (var i = 0; i < written.Length; i++)
        {
            batch.Outcomes[batch.Places[i]] = written[i];
        }

        return batch.Outcomes!;
    }

    private async Task<IngestOutcome[]> WriteAsync(Batch batch, CancellationToken ct)
    {
        if (batch.Alerts.Length == 0)
        {
            return [];
        }

        try
        {
            var isNew = await RetryAsync(() => writeAlerts.HandleAsync(batch.Alerts, batch.OwnerId, batch.Now, ct), ct);
            return [.. batch.Alerts.Select((alert, i) => Written(alert, isNew[i]))];
        }
        catch (Exception error) when (IsAboutData(error))
        {
            return await WriteOneByOneAsync(batch, ct);
        }
    }

    /// <summary>One row that the database refuses must not take its neighbours along.</summary>
    private async Task<IngestOutcome[]> WriteOneByOneAsync(Batch batch, CancellationToken ct)
    {
        var outcomes = new IngestOutcome[batch.Alerts.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var alert = await TryAgainstAsync(batch.Alerts[i], ct);
            try
            {
                var isNew = await RetryAsync(() => writeAlerts.HandleAsync([alert], batch.OwnerId, batch.Now.AddMicroseconds(i), ct), ct);
                outcomes[i] = Written(alert, isNew[0]);
            }
            catch (Exception error) when (IsAboutData(error))
            {
                outcomes[i] = new IngestOutcome(alert.Alert.Name, IngestOutcomeKind.Rejected, Reason(error));
            }
        }

        return outcomes;
    }

    /// <summary>A filter, group or person may have been deleted since the packet passed.</summary>
    private async Task<PreparedAlert> TryAgainstAsync(PreparedAlert alert, CancellationToken ct)
    {
        var filters = (await readDirectory.HandleAsync(ct)).Filters.ToDictionary(filter => filter.Id);
        return alert with
        {
            Passings = [.. alert.Passings.Where(passing => filters.ContainsKey(passing.Filter.Id))
                .Select(passing => passing with { Filter = passing.Filter with { Actions = filters[passing.Filter.Id].Actions } })],
        };
    }

    private async Task<HashSet<(string Survey, long AlertId)>> ReadKnownAsync(DecodeResult[] decoded, CancellationToken ct)
    {
        var alerts = decoded.Where(result => result.Decoded is not null).Select(result => result.Decoded!).ToList();
        await using var command = contexts.DataSource.CreateCommand(KnownSql);
        command.Parameters.AddWithValue(alerts.Select(alert => alert.Night).ToArray());
        command.Parameters.AddWithValue(alerts.Select(alert => alert.Survey).ToArray());
        command.Parameters.AddWithValue(alerts.Select(alert => alert.AlertId).ToArray());
        var known = new HashSet<(string, long)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            known.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return known;
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> write, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write();
            }
            catch (PostgresException error) when (attempt < Attempts && error.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 100) * attempt), ct);
            }
        }
    }

    // Classes 22 and 23 of SQLSTATE: data that cannot be, and constraints. A refusal: the object or instrument was deleted meanwhile.
    private static bool IsAboutData(Exception error) => error is Refusal
        || (error is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal)));

    private static string Reason(Exception error) =>
        error is PostgresException database ? $"The database refuses it: {database.MessageText}." : error.Message;

    private static IngestOutcome Written(PreparedAlert alert, bool isNew) => isNew
        ? new IngestOutcome(alert.Alert.Name, IngestOutcomeKind.Accepted, DroppedPoints: alert.DroppedPoints)
        : new IngestOutcome(alert.Alert.Name, IngestOutcomeKind.Duplicate);

    private static async IAsyncEnumerable<List<AlertPacket>> ChunksAsync(IAsyncEnumerable<AlertPacket> packets, [EnumeratorCancellation] CancellationToken ct)
    {
        var chunk = new List<AlertPacket>();
        long bytes = 0;
        await foreach (var packet in packets.WithCancellation(ct))
        {
            chunk.Add(packet);
            bytes += packet.Bytes.Length;
            if (chunk.Count == BatchPackets || bytes >= BatchBytes)
            {
                yield return chunk;
                chunk = [];
                bytes = 0;
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private DateTime Now()
    {
        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>A batch between deciding and writing.</summary>
    /// <param name="Outcomes">By packet; null where it is still to be written.</param>
    /// <param name="Places">Which packets are to be written.</param>
    /// <param name="Alerts">These packets.</param>
    /// <param name="OwnerId">In whose name.</param>
    /// <param name="Now">When.</param>
    private sealed record Batch(IngestOutcome?[] Outcomes, List<int> Places, PreparedAlert[] Alerts, int OwnerId, DateTime Now);
}
