using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>
/// Finds the objects of a page. The newest are looked for in the last hours of the window first, and further back as long as the page
/// is not full, so that a page costs as much as the passings since its last object and not as the window. How far back a page of the
/// same filters reached is remembered, and is where the next one begins.
/// </summary>
public sealed class CandidateHits(Contexts contexts)
{
    private const double FirstHours = 6;
    private const double LongestHours = 24 * 365;
    private const double Growth = 4;
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<string, double> _hours = new();

    /// <summary>Finds them; one statement, more where they lie further back than those of the last page did.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="criteria">Page, order and window.</param>
    /// <param name="filterIds">Filters that count.</param>
    /// <param name="conditions">The conditions of the criteria.</param>
    /// <param name="shown">Objects that are left out by name, since they were handed out before.</param>
    /// <param name="before">How many of these stood on pages before this one.</param>
    /// <param name="ct">Cancels.</param>
    internal async Task<IReadOnlyList<CandidateHit>> FindAsync(
        Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, string[] shown, int before, CancellationToken ct)
    {
        if (criteria.Sorts.Count > 0)
        {
            return await ReadAsync(CandidateSql.ByAnnotation(conditions, criteria.Sorts, shown.Length > 0), null);
        }

        if (conditions.IsOfAPlace)
        {
            return await ReadAsync(CandidateSql.Newest(conditions, shown.Length > 0, hasSince: false), null);
        }

        var end = criteria.EndDate ?? contexts.Clock.GetUtcNow().UtcDateTime;
        var key = string.Create(CultureInfo.InvariantCulture, $"{criteria.PageNumber} {criteria.NumPerPage} {conditions.OfObject.Length} {string.Join(',', filterIds)}");
        for (var hours = _hours.GetValueOrDefault(key, FirstHours); hours < LongestHours; hours *= Growth)
        {
            var since = end.AddHours(-hours);
            if (criteria.StartDate is { } start && (since - start).TotalHours < hours)
            {
                // The rest is no longer than what would be read.
                break;
            }

            var hits = await ReadAsync(CandidateSql.Newest(conditions, shown.Length > 0, hasSince: true), since);
            if (hits.Count == criteria.NumPerPage)
            {
                Keep(key, (end - hits[^1].PassedAt).TotalHours);
                return hits;
            }
        }

        return await ReadAsync(CandidateSql.Newest(conditions, shown.Length > 0, hasSince: false), null);

        async Task<List<CandidateHit>> ReadAsync(string sql, DateTime? since)
        {
            await using var command = Command(sql, viewer, criteria, filterIds, conditions, shown, before);
            if (since is { } time)
            {
                command.Parameters.Add(new NpgsqlParameter(CandidateSql.Since, NpgsqlDbType.TimestampTz) { Value = time });
            }

            return await command.ReadAllAsync(reader => new CandidateHit(reader.GetString(0), reader.GetDateTime(1)), ct);
        }
    }

    /// <summary>Finds the page at a place with the number of all; the number is null where the page lies behind the last. One statement.</summary>
    internal async Task<(IReadOnlyList<CandidateHit> Hits, int? Total)> AtPlaceAsync(
        Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, CancellationToken ct)
    {
        await using var command = Command(CandidateSql.Newest(conditions, leavesOutShown: false, hasSince: false), viewer, criteria, filterIds, conditions, [], 0);
        var rows = await command.ReadAllAsync(reader => (Hit: new CandidateHit(reader.GetString(0), reader.GetDateTime(1)), Total: (int)reader.GetInt64(2)), ct);
        return (rows.ConvertAll(row => row.Hit), rows.Count > 0 ? rows[0].Total : criteria.PageNumber == 1 ? 0 : null);
    }

    // A little more than it took, as nights differ.
    private void Keep(string key, double hours)
    {
        if (_hours.Count > MostKept)
        {
            _hours.Clear();
        }

        _hours[key] = Math.Max(hours * 1.5, 0.1);
    }

    // What was handed out is left out by name, and the rest is counted from there.
    private NpgsqlCommand Command(
        string sql, Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, string[] shown, int before)
    {
        var command = contexts.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        command.Parameters.Add(new NpgsqlParameter("take", NpgsqlDbType.Bigint) { Value = (long)criteria.NumPerPage });
        command.Parameters.Add(new NpgsqlParameter("skip", NpgsqlDbType.Bigint) { Value = Math.Max(0, ((criteria.PageNumber - 1L) * criteria.NumPerPage) - before) });
        conditions.Bind(command.Parameters);
        if (shown.Length > 0)
        {
            command.Parameters.Add(new NpgsqlParameter("shown", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = shown });
        }

        if (criteria.Sorts.Count > 0)
        {
            command.Parameters.Add(new NpgsqlParameter("sort_all", NpgsqlDbType.Boolean) { Value = viewer.SeesAll });
            command.Parameters.Add(new NpgsqlParameter("sort_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = viewer.GroupIds });
            for (var i = 0; i < criteria.Sorts.Count; i++)
            {
                command.Parameters.Add(new NpgsqlParameter($"sort{i}_origin", NpgsqlDbType.Text) { Value = criteria.Sorts[i].Origin });
                command.Parameters.Add(new NpgsqlParameter($"sort{i}_key", NpgsqlDbType.Text) { Value = criteria.Sorts[i].Key });
            }
        }

        return command;
    }
}
