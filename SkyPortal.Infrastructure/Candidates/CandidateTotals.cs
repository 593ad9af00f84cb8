using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A listing that a client pages through.</summary>
/// <param name="Id">Its query id.</param>
/// <param name="LastId">Newest candidate at its beginning.</param>
/// <param name="IsContinued">Whether the client sent the id of an earlier page.</param>
public sealed record CandidateQuery(string Id, long LastId, bool IsContinued);

/// <summary>
/// Counts the objects of a listing. Counting two million candidates takes most of a second, so the count of a scope and
/// window is kept, and brought up to date by counting what came since; a listing that goes on from an earlier page keeps its first
/// count. A removal of candidates drops what this node keeps; other nodes count afresh within five minutes.
/// </summary>
public sealed class CandidateTotals(Contexts contexts)
{
    // Grouping and counting hashes the names; count(distinct) would sort them.
    private const string Distinct = "select count(*) from (select 1 from candidates c where c.filter_id = any(@filters)";
    private static readonly TimeSpan QueryLife = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan ScopeLife = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (int? UserId, long LastId, DateTimeOffset At)> _queries = new();
    private readonly ConcurrentDictionary<string, int> _queryTotals = new();
    private readonly ConcurrentDictionary<string, (int Count, long LastId, DateTimeOffset At)> _scopes = new();

    /// <summary>Goes on with a listing of the same viewer, or begins one.</summary>
    public async Task<CandidateQuery> OpenAsync(Viewer viewer, string? queryId, CancellationToken ct)
    {
        var now = contexts.Clock.GetUtcNow();
        if (queryId is not null && _queries.TryGetValue(queryId, out var known) && known.UserId == viewer.UserId && now - known.At < QueryLife)
        {
            return new CandidateQuery(queryId, known.LastId, true);
        }

        foreach (var (old, entry) in _queries)
        {
            if (now - entry.At >= QueryLife && _queries.TryRemove(old, out _))
            {
                foreach (var key in _queryTotals.Keys.Where(key => key.StartsWith(old, StringComparison.Ordinal)))
                {
                    _queryTotals.TryRemove(key, out _);
                }
            }
        }

        await using var command = contexts.DataSource.CreateCommand("select coalesce(max(id), 0) from candidates");
        var lastId = (long)(await command.ExecuteScalarAsync(ct))!;
        var id = Guid.NewGuid().ToString();
        _queries[id] = (viewer.UserId, lastId, now);
        return new CandidateQuery(id, lastId, false);
    }

    /// <summary>Forgets kept counts; called when candidates are removed.</summary>
    public void Forget() => _scopes.Clear();

    internal async Task<int> CountAsync(
        CandidateQuery query, int[] filterIds, CandidateConditions conditions, int onPage, CandidateCriteria criteria, CancellationToken ct)
    {
        if (criteria.PageNumber == 1 && onPage < criteria.NumPerPage)
        {
            return onPage;
        }

        var key = $"{query.Id} {conditions.Key} {string.Join(',', filterIds)}";
        if (query.IsContinued && _queryTotals.TryGetValue(key, out var total))
        {
            return total;
        }

        total = conditions.IsPlain && !query.IsContinued
            ? await CountScopeAsync(filterIds, conditions, query.LastId, ct)
            : await CountAsync($"{Distinct}{conditions.Sql} group by c.obj_id) h", filterIds, conditions, ct);
        _queryTotals[key] = total;
        return total;
    }

    private async Task<int> CountScopeAsync(int[] filterIds, CandidateConditions window, long lastId, CancellationToken ct)
    {
        var key = $"{window.Key} {string.Join(',', filterIds)}";
        var now = contexts.Clock.GetUtcNow();
        if (!_scopes.TryGetValue(key, out var kept) || now - kept.At > ScopeLife)
        {
            var all = await CountAsync($"{Distinct}{window.Sql} group by c.obj_id) h", filterIds, window, ct);
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

    private async Task<int> CountAsync(string sql, int[] filterIds, CandidateConditions? conditions, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        conditions?.Bind(command.Parameters);
        return (int)(long)(await command.ExecuteScalarAsync(ct))!;
    }
}
