using Npgsql;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>
/// What is watched, in memory. Every batch of packets asks by a stamp that is read with the rest of what the ingest must know; only
/// where it changed is it read again, once however many batches ask.
/// </summary>
public sealed class WatchCache(NpgsqlDataSource dataSource)
{
    /// <summary>One row whose text changes with what is watched. The lists are few, and the listings have an index of their own.</summary>
    internal const string StampSql = """
        select concat_ws(' ', (select concat_ws(',', count(*), sum(id), sum(revision)) from watch_lists),
            (select concat_ws(',', count(*), max(id), max(modified)) from listings where list_name = 'watchlist'))
        """;

    // A name that is an alias of an object, or its name at the TNS, stands for the object's own name, too. One pass over the objects.
    private const string AliasesSql = """
        select a.name, o.id from objs o cross join lateral unnest(o.alias) a (name) where o.alias is not null and a.name = any($1)
        union
        select o.tns_name, o.id from objs o where o.tns_name = any($1)
        """;

    private const string EntriesSql = """
        select l.id, l.name, l.group_ids, e.id, e.label, e.ra, e.dec, e.radius_arcsec, e.name
        from watch_lists l join watch_entries e on e.watch_list_id = l.id
        where l.active
        order by e.id
        """;

    private const string ListingsSql = """
        select i.id, i.obj_id, o.ra, o.dec, (i.params ->> 'arcsec')::float8, i.user_id
        from listings i join objs o on o.id = i.obj_id
        where i.list_name = 'watchlist' and o.ra is not null and o.dec is not null and jsonb_typeof(i.params -> 'arcsec') = 'number'
        order by i.id
        """;

    private readonly Lock _gate = new();
    private (string Stamp, Task<WatchSnapshot> Snapshot) _known = ("", Task.FromResult(WatchSnapshot.Empty));

    /// <summary>What is watched at a stamp.</summary>
    public async Task<WatchSnapshot> GetAsync(string stamp, CancellationToken ct)
    {
        Task<WatchSnapshot> reading;
        lock (_gate)
        {
            if (_known.Stamp != stamp || _known.Snapshot.IsFaulted)
            {
                // Others wait for it, too: whoever gives up does not end it.
                _known = (stamp, Task.Run(() => ReadAsync(CancellationToken.None), CancellationToken.None));
            }

            reading = _known.Snapshot;
        }

        return await reading.WaitAsync(ct);
    }

    /// <summary>What is watched now.</summary>
    public async Task<WatchSnapshot> GetAsync(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(StampSql);
        return await GetAsync((string)(await command.ExecuteScalarAsync(ct))!, ct);
    }

    private async Task<WatchSnapshot> ReadAsync(CancellationToken ct)
    {
        var (sources, positions, names) = (new List<WatchSource>(), new List<WatchedPosition>(), new List<(int, string)>());
        var lists = new Dictionary<int, WatchedList>();
        await using (var command = dataSource.CreateCommand(EntriesSql))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var id = reader.GetInt32(0);
                if (!lists.TryGetValue(id, out var list))
                {
                    lists[id] = list = new WatchedList(id, reader.GetString(1), reader.GetFieldValue<int[]>(2));
                }

                if (!await reader.IsDBNullAsync(5, ct))
                {
                    positions.Add(new WatchedPosition(sources.Count, new SkyPosition(reader.GetDouble(5), reader.GetDouble(6)), reader.GetDouble(7)));
                }
                else
                {
                    names.Add((sources.Count, reader.GetString(8)));
                }

                sources.Add(new WatchSource(list, reader.GetInt64(3), await reader.IsDBNullAsync(4, ct) ? null : reader.GetString(4)));
            }
        }

        names.AddRange(await ReadAliasesAsync(names, ct));
        await using (var command = dataSource.CreateCommand(ListingsSql))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                if (reader.GetDouble(4) is > 0 and <= WatchEntry.MostRadiusArcsec and var radius
                    && SkyPosition.TryCreate(reader.GetDouble(2), reader.GetDouble(3), out var position, out _))
                {
                    positions.Add(new WatchedPosition(sources.Count, position, radius));
                    sources.Add(new WatchSource(null, reader.GetInt64(0), reader.GetString(1)) { UserId = reader.GetInt32(5) });
                }
            }
        }

        return new WatchSnapshot(new WatchIndex(positions), new WatchedNames(names), sources);
    }

    private async Task<List<(int Entry, string Name)>> ReadAliasesAsync(List<(int Entry, string Name)> names, CancellationToken ct)
    {
        var aliases = new List<(int, string)>();
        if (names.Count == 0)
        {
            return aliases;
        }

        var entries = names.ToLookup(name => name.Name, name => name.Entry, StringComparer.Ordinal);
        await using var command = dataSource.CreateCommand(AliasesSql);
        command.Parameters.AddWithValue(entries.Select(group => group.Key).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetString(1);
            aliases.AddRange(entries[reader.GetString(0)].Select(entry => (entry, id)));
        }

        return aliases;
    }
}
