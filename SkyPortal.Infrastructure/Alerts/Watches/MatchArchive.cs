using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>Looks in the archive for alerts that match new entries: by ranges of pixels, in the newest nights, for a limited time.</summary>
public sealed class MatchArchive(Contexts contexts, ILogger<MatchArchive> logger)
{
    /// <summary>Nights that are looked through, the newest of the archive and those before it.</summary>
    public const int Nights = 30;

    private const int AtOnce = 500;
    private const int RangesEach = 4;

    // A wide circle is looked through as slowly as so many of this radius together.
    private const double SlightArcsec = 60;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(15);

    private const string EntriesSql = "select id, ra, dec, radius_arcsec, name from watch_entries where id = any($1) order by id";

    // Each range is one of the index on healpix in each night's partition; the distance is exact, as two arcsines of half the chord.
    // Beginnings of names count from now on only. What was there before is told by its mark and not by a notification.
    private const string MatchSql = """
        insert into watch_matches (watch_list_id, watch_entry_id, label, obj_id, survey, alert_id, night, mjd, distance_arcsec, stream_ids, told_at, created_at, modified)
        select e.watch_list_id, e.id, e.label, f.obj_id, f.survey, f.alert_id, f.night, f.mjd, f.distance, f.stream_ids, $1, $1, $1
        from (
            select r.entry_id, a.obj_id, a.survey, a.alert_id, a.night, a.mjd, a.stream_ids,
                degrees(2 * asin(least(1, sqrt(
                    power(sin(radians(a.dec - r.dec) / 2), 2) + cos(radians(a.dec)) * cos(radians(r.dec)) * power(sin(radians(a.ra - r.ra) / 2), 2))))) * 3600 as distance, r.radius
            from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::float8[], $6::float8[], $7::float8[]) as r (entry_id, low, high, ra, dec, radius)
            join alerts a on a.healpix >= r.low and a.healpix < r.high
            where a.night > (select max(night) from alerts where night <= $11) - $8 and a.night <= $11
            union all
            select n.entry_id, a.obj_id, a.survey, a.alert_id, a.night, a.mjd, a.stream_ids, null, null
            from unnest($9::bigint[], $10::text[]) as n (entry_id, name)
            join alerts a on a.obj_id = n.name
            where a.night > (select max(night) from alerts where night <= $11) - $8 and a.night <= $11) f
        join watch_entries e on e.id = f.entry_id
        join objs o on o.id = f.obj_id
        where f.distance is null or f.distance <= f.radius
        order by e.id, f.survey, f.alert_id
        for key share of e
        on conflict do nothing
        """;

    /// <summary>
    /// Writes what matches, whoever may see it; returns whether there was time for all entries. The entries stand already: neither a
    /// fault of the database nor who gives up waiting makes an error of it.
    /// </summary>
    public async Task<bool> HandleAsync(IReadOnlyList<long> entryIds)
    {
        var start = contexts.Clock.GetTimestamp();
        try
        {
            foreach (var chunk in entryIds.Chunk(AtOnce))
            {
                if (Left(start) is not { } toRead)
                {
                    return false;
                }

                foreach (var some in Shares(await ReadAsync(chunk, toRead)))
                {
                    if (Left(start) is not { } seconds)
                    {
                        return false;
                    }

                    await MatchAsync(some, seconds);
                }
            }

            return true;
        }
        catch (Exception error) when (DatabaseFault.Is(error))
        {
            logger.LogWarning(error, "The archive was not looked through for all of {Count} new entries of a watch list", entryIds.Count);
            return false;
        }
    }

    // Whole seconds that are left, as commands take them.
    private int? Left(long start) => Most - contexts.Clock.GetElapsedTime(start) is { TotalSeconds: > 0 } left ? (int)Math.Ceiling(left.TotalSeconds) : null;

    private static IEnumerable<List<Entry>> Shares(List<Entry> entries)
    {
        var (share, weight) = (new List<Entry>(), 0.0);
        foreach (var entry in entries)
        {
            var own = 1 + Math.Pow((entry.RadiusArcsec ?? 0) / SlightArcsec, 2);
            if (share.Count > 0 && weight + own > AtOnce)
            {
                yield return share;
                (share, weight) = ([], 0);
            }

            share.Add(entry);
            weight += own;
        }

        if (share.Count > 0)
        {
            yield return share;
        }
    }

    private async Task<List<Entry>> ReadAsync(long[] entryIds, int seconds)
    {
        await using var read = contexts.DataSource.CreateCommand(EntriesSql);
        read.CommandTimeout = seconds;
        read.Parameters.AddWithValue(entryIds);
        return await read.ReadAllAsync(
            reader => reader.IsDBNull(1)
                ? new Entry(reader.GetInt64(0), null, null, reader.GetString(4))
                : new Entry(reader.GetInt64(0), new SkyPosition(reader.GetDouble(1), reader.GetDouble(2)), reader.GetDouble(3), null),
            CancellationToken.None);
    }

    private async Task MatchAsync(List<Entry> entries, int seconds)
    {
        var ranges = entries.Where(entry => entry.Position is not null)
            .SelectMany(entry => Healpix.ConeToRanges(entry.Position!.Value, entry.RadiusArcsec!.Value / 3600, RangesEach).Select(range => (Entry: entry, Range: range))).ToList();
        var names = entries.Where(entry => entry.Name is not null).ToList();
        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        await using var command = contexts.DataSource.CreateCommand(MatchSql);
        command.CommandTimeout = seconds;
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now.AddTicks(-(now.Ticks % 10)));
        command.Parameters.AddWithValue(ranges.Select(row => row.Entry.Id).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Range.Start).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Range.End).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Entry.Position!.Value.RaDegrees).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Entry.Position!.Value.DecDegrees).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Entry.RadiusArcsec!.Value).ToArray());
        command.Parameters.AddWithValue(Nights);
        command.Parameters.AddWithValue(names.Select(entry => entry.Id).ToArray());
        command.Parameters.AddWithValue(names.Select(entry => entry.Name!).ToArray());
        command.Parameters.AddWithValue(AlertPartitions.LatestNight(now));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private sealed record Entry(long Id, SkyPosition? Position, double? RadiusArcsec, string? Name);
}
