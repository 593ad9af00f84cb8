using Npgsql;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Distances from some positions to the nearest saved source, as each group may know them. Immutable.</summary>
public sealed class NearSources
{
    private readonly Dictionary<int, double>?[] _distances;

    internal NearSources(Dictionary<int, double>?[] distances) => _distances = distances;

    /// <summary>Where nothing was looked for.</summary>
    public static NearSources None { get; } = new([]);

    /// <summary>Whether a source of any group is near a position.</summary>
    /// <param name="place">Number of the position.</param>
    public bool Any(int place) => place < _distances.Length && _distances[place] is not null;

    /// <summary>Distance to the nearest source of a group [arcsec]; null where none is near.</summary>
    /// <param name="place">Number of the position.</param>
    /// <param name="groupId">The group.</param>
    public double? Of(int place, int groupId) =>
        place < _distances.Length && _distances[place] is { } groups && groups.TryGetValue(groupId, out var arcsec) ? arcsec : null;
}

/// <summary>
/// Finds the sources near many positions, in one statement. A group knows of what is saved to it, and of what is saved to everybody.
/// </summary>
public sealed class FindNearSources(NpgsqlDataSource dataSource)
{
    /// <summary>How far a source may be away [arcsec].</summary>
    public const double MostArcsec = 60;

    private const int RangesEach = 4;

    // Index objs (healpix), a few ranges each; then the exact separation. The saves are looked up object by object, as in ReadNearbySources.
    private const string Sql = """
        select cone.place, saved.group_id, o.ra, o.dec
        from unnest($1, $2, $3) as cone (place, first, past)
        join objs o on o.healpix >= cone.first and o.healpix < cone.past
        join lateral (
            select case when not g.sitewide then s.group_id end as group_id
            from sources s join groups g on g.id = s.group_id
            where s.obj_id = o.id and s.active and (s.group_id = any($4) or g.sitewide)
            offset 0) saved on true
        where o.ra is not null and o.dec is not null
        """;

    /// <summary>The distances as of now.</summary>
    /// <param name="positions">The positions; null for those that are not looked for.</param>
    /// <param name="groupIds">The groups; none other is asked for.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<NearSources> HandleAsync(IReadOnlyList<SkyPosition?> positions, IReadOnlyCollection<int> groupIds, CancellationToken ct)
    {
        if (groupIds.Count == 0)
        {
            return NearSources.None;
        }

        var ranges = positions
            .SelectMany((position, place) => position is { } center ? Healpix.ConeToRanges(center, MostArcsec / 3600, RangesEach).Select(range => (place, range)) : [])
            .ToList();
        var distances = new Dictionary<int, double>?[positions.Count];
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddWithValue(ranges.Select(row => row.place).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.range.Start).ToArray());
        command.Parameters.AddWithValue(ranges.Select(row => row.range.End).ToArray());
        command.Parameters.AddWithValue(groupIds.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var place = reader.GetInt32(0);
            if (SkyPosition.TryCreate(reader.GetDouble(2), reader.GetDouble(3), out var source, out _)
                && positions[place]!.Value.SeparationDegrees(source) * 3600 is <= MostArcsec and var arcsec)
            {
                // What is saved to everybody counts for each of the groups.
                Note(distances[place] ??= [], await reader.IsDBNullAsync(1, ct) ? groupIds : [reader.GetInt32(1)], arcsec);
            }
        }

        return new NearSources(distances);
    }

    private static void Note(Dictionary<int, double> nearest, IReadOnlyCollection<int> groupIds, double arcsec)
    {
        foreach (var groupId in groupIds)
        {
            nearest[groupId] = Math.Min(arcsec, nearest.GetValueOrDefault(groupId, double.MaxValue));
        }
    }
}
