using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Makes the archive's partitions, one per night, when the first packet of a night comes.</summary>
public sealed class AlertPartitions(NpgsqlDataSource dataSource)
{
    // Any number will do, as long as every node takes the same.
    private const long LockKey = 0x5350_414C_4552_5453;

    private readonly ConcurrentDictionary<DateOnly, bool> _known = new();

    /// <summary>Sees to it that the nights have their partitions. Nodes that want the same night at once wait for each other.</summary>
    public async Task EnsureAsync(IEnumerable<DateOnly> nights, CancellationToken ct)
    {
        foreach (var night in nights.Where(night => !_known.ContainsKey(night)).Distinct().Order())
        {
            await MakeAsync(night, ct);
            _known[night] = true;
        }
    }

    /// <summary>The latest night that a packet may be of, by the site's clock; later ones in the archive come from a clock that was wrong.</summary>
    public static DateOnly LatestNight(DateTime now) => DateOnly.FromDateTime(now).AddDays(1);

    /// <summary>The newest nights that have partitions up to one, newest first.</summary>
    /// <param name="last">Latest night.</param>
    /// <param name="most">Most nights.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<DateOnly>> NewestAsync(DateOnly last, int most, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            """
            select night from pg_inherits i join pg_class c on c.oid = i.inhrelid,
                lateral (select substring(pg_get_expr(c.relpartbound, c.oid) from '\d{4}-\d{2}-\d{2}')::date) as bound (night)
            where i.inhparent = 'alerts'::regclass and night <= $1
            order by night desc
            limit $2
            """);
        command.Parameters.AddWithValue(last);
        command.Parameters.AddWithValue(most);
        return await command.ReadAllAsync(reader => reader.GetFieldValue<DateOnly>(0), ct);
    }

    private async Task MakeAsync(DateOnly night, CancellationToken ct)
    {
        var table = "alerts_" + night.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var from = night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var to = night.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var wait = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction))
        {
            wait.Parameters.AddWithValue(LockKey);
            await wait.ExecuteNonQueryAsync(ct);
        }

        await using (var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection, transaction))
        {
            exists.Parameters.AddWithValue(table);
            if ((bool)(await exists.ExecuteScalarAsync(ct))!)
            {
                return;
            }
        }

        // Attaching a finished table lets others go on reading and writing the archive, which creating a partition in place does not.
        await using var make = new NpgsqlCommand(
            $"""
            create table {table} (like alerts including all);
            alter table alerts attach partition {table} for values from ('{from}') to ('{to}');
            """,
            connection,
            transaction);
        await make.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
