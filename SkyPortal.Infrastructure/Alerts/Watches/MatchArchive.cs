using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>Looks in the archive for alerts that match new entries: by ranges of pixels, in the newest nights, for a limited time.</summary>
public sealed class MatchArchive(Contexts contexts)
{
    /// <summary>Nights that are looked through, the newest of the archive and those before it.</summary>
    public const int Nights = 30;

    private const int AtOnce = 500;
    private const int RangesEach = 4;
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
            where a.night > (select max(night) from alerts) - $8
            union all
            select n.entry_id, a.obj_id, a.survey, a.alert_id, a.night, a.mjd, a.stream_ids, null, null
            from unnest($9::bigint[], $10::text[]) as n (entry_id, name)
            join alerts a on a.obj_id = n.name
            where a.night > (select max(night) from alerts) - $8) f
        join watch_entries e on e.id = f.entry_id
        join objs o on o.id = f.obj_id
        where f.distance is null or f.distance <= f.radius
        order by e.id, f.survey, f.alert_id
        for key share of e
        on conflict do nothing
        """;

    /// <summary>Writes what matches, whoever may see it; returns whether there was time for all entries.</summary>
    public async Task<bool> HandleAsync(IReadOnlyList<long> entryIds, CancellationToken ct)
    {
        var start = contexts.Clock.GetTimestamp();
        foreach (var chunk in entryIds.Chunk(AtOnce))
        {
            if (contexts.Clock.GetElapsedTime(start) > Most)
            {
                return false;
            }

            await MatchAsync(chunk, ct);
        }

        return true;
    }

    private async Task MatchAsync(long[] entryIds, CancellationToken ct)
    {
        var ranges = new List<(long Entry, HealpixRange Range, double Ra, double Dec, double Radius)>();
        var names = new List<(long Entry, string Name)>();
        await using (var read = contexts.DataSource.CreateCommand(EntriesSql))
        {
            read.Parameters.AddWithValue(entryIds);
            await using var reader = await read.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                if (await reader.IsDBNullAsync(1, ct))
                {
                    names.Add((reader.GetInt64(0), reader.GetString(4)));
                    continue;
                }

                var (id, position, radius) = (reader.GetInt64(0), new SkyPosition(reader.GetDouble(1), reader.GetDouble(2)), reader.GetDouble(3));
                ranges.AddRange(Healpix.ConeToRanges(position, radius / 3600, RangesEach).Select(range => (id, range, position.RaDegrees, position.DecDegrees, radius)));
            }
        }

        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        await using var command = contexts.DataSource.CreateCommand(MatchSql);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now.AddTicks(-(now.Ticks % 10)));
        command.Parameters.AddWithValue(ranges.Select(row => row.Entry).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Range.Start).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Range.End).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Ra).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Dec).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.Radius).ToArray());
        command.Parameters.AddWithValue(Nights);
        command.Parameters.AddWithValue(names.Select(row => row.Entry).ToArray());
        command.Parameters.AddWithValue(names.Select(row => row.Name).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }
}
