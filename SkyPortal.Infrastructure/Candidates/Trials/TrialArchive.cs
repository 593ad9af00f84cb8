using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>An archived alert to be tried.</summary>
internal readonly record struct TrialRow(
    DateOnly Night, long AlertId, string ObjId, double Mjd, string PackHash, long PackOffset, int PackLength, string Framing, double RaDegrees, double DecDegrees)
{
    /// <summary>Distance to the nearest source that the filter's group knows of [arcsec]; null where none is near, or nobody asked.</summary>
    public double? SourceArcsec { get; init; }
}

/// <summary>The newest night of a stream.</summary>
/// <param name="Night">The night; null where none was found.</param>
/// <param name="IsWhole">Whether there was time to look through all nights that are looked through.</param>
public readonly record struct NewestNight(DateOnly? Night, bool IsWhole);

/// <summary>Reads archived alerts in the order in which they lie in their packs, for tests of filters.</summary>
public sealed class TrialArchive(Contexts contexts, FileStore files, AlertPartitions partitions, FilterBounds bounds)
{
    /// <summary>Nights of the archive in which a stream's newest is looked for.</summary>
    public const int MostNights = 60;

    // One pack of the ingest has so many; a chunk lies in one pack.
    private const int ChunkRows = 200;

    // A gap that is cheaper to read over than to seek past.
    private const int LargestChunkBytes = 64 << 20;

    // A night without alerts of the stream is read as a whole: a partition has no index by stream.
    private const string HasAlertsSql = "select exists (select 1 from alerts where night = $1 and $2 = any(stream_ids) and ($3 or stream_ids && $4))";

    private static readonly AvroLimits Lean = AvroLimits.Default with { SkipsBytes = true };

    // The partitions of the nights serve it. Who may read the alert: the filter's stream and the viewer.
    private const string Of = """
        from alerts
        where night between $1 and $2 and survey = $3 and $4 = any(stream_ids) and ($5 or stream_ids && $6)
        """;

    private readonly ConcurrentDictionary<string, AvroSchema> _schemas = new();

    /// <summary>Alerts of each night that a filter on the stream sees and the viewer may read; nights without any are left out.</summary>
    internal async Task<IReadOnlyDictionary<DateOnly, long>> CountAsync(Viewer viewer, StreamRule stream, DateOnly first, DateOnly last, CancellationToken ct)
    {
        await using var command = Command($"select night, count(*) {Of} group by night", viewer, stream, first, last);
        var rows = await command.ReadAllAsync(reader => (Night: reader.GetFieldValue<DateOnly>(0), Count: reader.GetInt64(1)), ct);
        return rows.ToDictionary(row => row.Night, row => row.Count);
    }

    /// <summary>
    /// Newest night with an alert of the stream that the viewer may read, of the newest <see cref="MostNights"/> of the archive, if it
    /// is found within <see cref="FilterBounds.SecondsToLook"/>.
    /// </summary>
    public async Task<NewestNight> NewestNightAsync(Viewer viewer, int streamId, CancellationToken ct)
    {
        var start = contexts.Clock.GetTimestamp();
        try
        {
            foreach (var night in await partitions.NewestAsync(AlertPartitions.LatestNight(contexts.Clock.GetUtcNow().UtcDateTime), MostNights, ct))
            {
                var left = TimeSpan.FromSeconds(bounds.SecondsToLook) - contexts.Clock.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return new NewestNight(null, IsWhole: false);
                }

                await using var command = contexts.DataSource.CreateCommand(HasAlertsSql);
                command.CommandTimeout = (int)Math.Ceiling(left.TotalSeconds);
                command.Parameters.AddWithValue(night);
                command.Parameters.AddWithValue(streamId);
                command.Parameters.AddWithValue(viewer.SeesAll);
                command.Parameters.AddWithValue(viewer.StreamIds);
                if ((bool)(await command.ExecuteScalarAsync(ct))!)
                {
                    return new NewestNight(night, IsWhole: true);
                }
            }

            return new NewestNight(null, IsWhole: true);
        }
        catch (Exception error) when (DatabaseFault.IsTimeout(error))
        {
            return new NewestNight(null, IsWhole: false);
        }
    }

    /// <summary>The alerts, in chunks of one pack each.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="stream">The filter's stream.</param>
    /// <param name="first">First night.</param>
    /// <param name="last">Last night.</param>
    /// <param name="oneOf">One in so many is taken, chosen by the alerts' numbers.</param>
    /// <param name="ct">Cancels it.</param>
    internal async IAsyncEnumerable<List<TrialRow>> ChunksAsync(
        Viewer viewer, StreamRule stream, DateOnly first, DateOnly last, long oneOf, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await contexts.DataSource.OpenConnectionAsync(ct);
        for (var night = first; night <= last; night = night.AddDays(1))
        {
            await using var command = Command(
                $"select night, alert_id, obj_id, mjd, pack_hash, pack_offset, pack_length, framing, ra, dec {Of} and ($7 = 1 or (hashint8(alert_id) & 2147483647) % $7 = 0) order by pack_hash, pack_offset",
                viewer, stream, night, night, connection);
            command.Parameters.AddWithValue(oneOf);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var chunk = new List<TrialRow>(ChunkRows);
            while (await reader.ReadAsync(ct))
            {
                var row = new TrialRow(
                    reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetString(2), reader.GetDouble(3), reader.GetString(4), reader.GetInt64(5), reader.GetInt32(6), reader.GetString(7),
                    reader.GetDouble(8), reader.GetDouble(9));
                if (chunk.Count == ChunkRows || (chunk.Count > 0 && (chunk[^1].PackHash != row.PackHash || row.PackOffset + row.PackLength - chunk[0].PackOffset > LargestChunkBytes)))
                {
                    yield return chunk;
                    chunk = new List<TrialRow>(ChunkRows);
                }

                chunk.Add(row);
            }

            if (chunk.Count > 0)
            {
                yield return chunk;
            }
        }
    }

    /// <summary>Reads and decodes the alerts of a chunk, without their images, and hands on each; null where it cannot be read.</summary>
    internal async Task ReadAsync(IReadOnlyList<TrialRow> chunk, Action<TrialRow, PacketRecord?> use, CancellationToken ct)
    {
        var (start, end) = (chunk[0].PackOffset, chunk[^1].PackOffset + chunk[^1].PackLength);
        var isDense = chunk.Sum(row => (long)row.PackLength) * 2 >= end - start;
        var length = isDense ? (int)(end - start) : chunk.Max(row => row.PackLength);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var isThere = isDense && files.TryRead(chunk[0].PackHash, start, bytes.AsMemory(0, length));
            foreach (var row in chunk)
            {
                ct.ThrowIfCancellationRequested();
                var at = isDense ? (int)(row.PackOffset - start) : 0;
                var mine = bytes.AsMemory(at, row.PackLength);
                use(row, isThere || (!isDense && files.TryRead(row.PackHash, row.PackOffset, mine)) ? await DecodeAsync(row, mine, ct) : null);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async ValueTask<PacketRecord?> DecodeAsync(TrialRow row, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            if (PacketFraming.SchemaOf(row.Framing) is not var (address, header))
            {
                return AvroContainer.Read(bytes, Lean).Records[0];
            }

            if (!_schemas.TryGetValue(address, out var schema))
            {
                if (await files.GetAsync(address, ct) is not { } text)
                {
                    return null;
                }

                schema = _schemas.GetOrAdd(address, AvroSchema.Parse(text));
            }

            return AvroReader.ReadDatum(schema, bytes.Span[header..], Lean);
        }
        catch (PacketFormatException)
        {
            return null;
        }
    }

    private NpgsqlCommand Command(string sql, Viewer viewer, StreamRule stream, DateOnly first, DateOnly last, NpgsqlConnection? connection = null)
    {
        var command = connection is null ? contexts.DataSource.CreateCommand(sql) : new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(first);
        command.Parameters.AddWithValue(last);
        command.Parameters.AddWithValue(stream.Survey!);
        command.Parameters.AddWithValue(stream.Id);
        command.Parameters.AddWithValue(viewer.SeesAll);
        command.Parameters.AddWithValue(viewer.StreamIds);
        return command;
    }
}
