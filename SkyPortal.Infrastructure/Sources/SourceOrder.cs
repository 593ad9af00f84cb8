using System.Globalization;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Keeps the order of all saves in memory, for lists that ask for nothing but groups and times of saves. Before each answer one
/// statement reads what was committed since, so an answer is as fresh as one from the table. Safe for concurrent use.
/// </summary>
public sealed class SourceOrder(Contexts contexts) : IDisposable
{
    // Index source_changes (xid), then sources (obj_id, group_id). Numbers from the oldest transaction that was open when we last
    // looked are read again, without what was applied already.
    private const string ChangesSql = """
        select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.id, c.xid::text::bigint, c.obj_id,
               s.id, s.group_id, s.saved_at, s.active, s.requested
        from (select 1) one
        left join source_changes c on c.xid >= @since::text::xid8 and c.id <> all(@applied)
        left join sources s on s.obj_id = c.obj_id and (s.active or s.requested)
        """;

    private const string AllSql = "select s.obj_id, s.id, s.group_id, s.saved_at, s.active, s.requested from sources s where s.active or s.requested";

    // Nodes that slept longer read everything again.
    private const string PruneSql = "delete from source_changes where at < now() - interval '1 day'";

    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(12);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _applied = [];
    private SaveOrder? _order;
    private long _since;
    private DateTimeOffset _readAt;
    private DateTimeOffset _prunedAt;
    private long _begun;
    private long _ended;

    /// <summary>Reads everything once, so that the first list does not wait for it.</summary>
    public Task WarmAsync(CancellationToken ct) => RefreshAsync(ct);

    internal async Task<OrderedPage> PageAsync(Viewer viewer, SourceCriteria criteria, SavePlace? behind, CancellationToken ct)
    {
        var groups = criteria.GroupIds ?? (viewer.SeesAll ? null : viewer.GroupIds);
        await RefreshAsync(ct);
        lock (_lock)
        {
            return _order!.Page(
                SaveScope.Of(groups, criteria.Saves), criteria.SavedAfter?.Ticks ?? 0, criteria.Ascending,
                (criteria.PageNumber - 1L) * criteria.NumPerPage, behind, criteria.NumPerPage);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    // Who waited while a reading began that was later than the request need not read again.
    private async Task RefreshAsync(CancellationToken ct)
    {
        var asked = Interlocked.Read(ref _begun);
        await _one.WaitAsync(ct);
        try
        {
            if (_ended > asked)
            {
                return;
            }

            var mine = Interlocked.Increment(ref _begun);
            var now = contexts.Clock.GetUtcNow();
            if (_order is null || now - _readAt > LongestSleep || !await ApplyAsync(ct))
            {
                await LoadAsync(ct);
            }

            (_readAt, _ended) = (now, mine);
            if (now - _prunedAt > PruneEvery)
            {
                _prunedAt = now;
                await using var prune = contexts.DataSource.CreateCommand(PruneSql);
                await prune.ExecuteNonQueryAsync(ct);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        await using var connection = await contexts.DataSource.OpenConnectionAsync(ct);
        await using var oldest = new NpgsqlCommand("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", connection);
        var since = (long)(await oldest.ExecuteScalarAsync(ct))!;
        var order = new SaveOrder();
        await using var all = new NpgsqlCommand(AllSql, connection) { CommandTimeout = 300 };
        await using var reader = await all.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            order.Add(reader.GetString(0), Save(reader, 1));
        }

        order.Sort();
        lock (_lock)
        {
            _order = order;
        }

        _since = since;
        _applied.Clear();
    }

    private async Task<bool> ApplyAsync(CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(ChangesSql)
            .With("since", _since.ToString(CultureInfo.InvariantCulture))
            .With("applied", _applied.Keys.ToArray());
        var oldest = 0L;
        Dictionary<string, List<OrderedSave>>? changed = null;
        List<(long Id, long Xid)>? seen = null;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                oldest = reader.GetInt64(0);
                if (reader.IsDBNull(1))
                {
                    continue;
                }

                (seen ??= []).Add((reader.GetInt64(1), reader.GetInt64(2)));
                var objId = reader.GetString(3);
                changed ??= [];
                if (!changed.TryGetValue(objId, out var saves))
                {
                    changed[objId] = saves = [];
                }

                // An object that changed twice comes twice, with the same saves.
                if (!reader.IsDBNull(4) && Save(reader, 4) is var save && !saves.Contains(save))
                {
                    saves.Add(save);
                }
            }
        }

        // A table that was emptied, or another database under the same address, is read afresh.
        if (oldest < _since || changed?.ContainsKey("") == true)
        {
            return false;
        }

        if (changed is not null)
        {
            lock (_lock)
            {
                _order!.Replace(changed);
            }
        }

        foreach (var (id, xid) in seen ?? [])
        {
            _applied[id] = xid;
        }

        foreach (var (id, xid) in _applied)
        {
            if (xid < oldest)
            {
                _applied.Remove(id);
            }
        }

        _since = oldest;
        return true;
    }

    private static OrderedSave Save(NpgsqlDataReader reader, int at) =>
        new(reader.GetInt64(at), reader.GetInt32(at + 1), reader.GetDateTime(at + 2).Ticks, reader.GetBoolean(at + 3), reader.GetBoolean(at + 4));
}
