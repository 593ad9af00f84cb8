using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>
/// Counts the objects of a listing. Counting two million candidates takes most of a second, so the count of a scope and
/// window is kept, and brought up to date by counting what came since. A removal of candidates drops what this node keeps;
/// other nodes count afresh within five minutes.
/// </summary>
public sealed class CandidateTotals(Contexts contexts)
{
    // Grouping 64-bit hashes takes two thirds of the time of grouping the names; with a million of them the odds that any two are equal
    // are one to thirty million.
    private static string Distinct(CandidateConditions window) =>
        $"select count(*) from (select distinct hashtextextended(c.obj_id, 0) from candidates c where c.filter_id = any(@filters){window.Window}) c";

    private static readonly TimeSpan ScopeLife = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (int Count, long LastId, DateTimeOffset At)> _scopes = new();

    /// <summary>Forgets kept counts; called when candidates are removed.</summary>
    public void Forget() => _scopes.Clear();

    private static string ScopeKey(int[] filterIds, CandidateConditions window) =>
        $"{window.WindowKey} {string.Join(',', filterIds)}";

    internal Task<int> CountAsync(CandidateListing listing, bool isContinued, int[] filterIds, CandidateConditions conditions, CancellationToken ct) =>
        conditions.IsPlain && !isContinued
            ? CountScopeAsync(filterIds, conditions, listing.LastId, ct)
            : CountAsync(
                conditions.IsOfAPlace
                    ? $"select count(*) from ({conditions.Passed()}) c where true{conditions.OfObject}"
                    : $"select count(*) from (select distinct c.obj_id from candidates c where c.filter_id = any(@filters){conditions.Window}) c where true{conditions.OfObject}",
                filterIds, conditions, ct);

    private async Task<int> CountScopeAsync(int[] filterIds, CandidateConditions window, long lastId, CancellationToken ct)
    {
        var key = ScopeKey(filterIds, window);
        var now = contexts.Clock.GetUtcNow();
        if (!_scopes.TryGetValue(key, out var kept) || now - kept.At > ScopeLife)
        {
            var all = await CountAsync(Distinct(window), filterIds, window, ct);
            DropOld(now);
            _scopes[key] = (all, lastId, now);
            return all;
        }

        if (lastId <= kept.LastId)
        {
            return kept.Count;
        }

        await using var command = contexts.DataSource.CreateCommand($"""
            select count(distinct c.obj_id) from candidates c
            where c.id > @kept and c.filter_id = any(@filters){window.Sql}
              and not exists (
                select 1 from candidates o
                where o.obj_id = c.obj_id and o.filter_id = any(@filters) and o.id <= @kept{window.WindowOf("o")})
            """);
        command.Parameters.Add(new NpgsqlParameter("kept", NpgsqlDbType.Bigint) { Value = kept.LastId });
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        window.Bind(command.Parameters);
        var count = kept.Count + (int)(long)(await command.ExecuteScalarAsync(ct))!;
        _scopes[key] = (count, lastId, kept.At);
        return count;
    }

    // Windows that end now differ from call to call; what nobody asks for again must not stay.
    private void DropOld(DateTimeOffset now)
    {
        foreach (var (key, entry) in _scopes)
        {
            if (now - entry.At > ScopeLife)
            {
                _scopes.TryRemove(key, out _);
            }
        }
    }

    private async Task<int> CountAsync(string sql, int[] filterIds, CandidateConditions conditions, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        conditions.Bind(command.Parameters);
        return (int)(long)(await command.ExecuteScalarAsync(ct))!;
    }
}
