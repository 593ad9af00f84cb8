using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>How a partition stands, for the page.</summary>
internal sealed record PartitionReport(PartitionStanding Standing, long? EndOffset);

/// <summary>
/// Keeps what the nodes tell of their shares, and which partitions have a rewind before them. Small statements, every second or
/// two; what they write is for people and for rewinds, and never decides what is committed.
/// </summary>
public sealed class ReportStanding(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<ReportStanding> logger)
{
    private static readonly TimeSpan MemberKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PartitionKept = TimeSpan.FromDays(60);

    private const string MemberSql = """
        insert into stream_members (subscription_id, node, state, fault, created_at, modified)
        select id, $2, $3, $4, $5, $5 from stream_subscriptions where id = $1
        on conflict (subscription_id, node) do update set state = excluded.state, fault = excluded.fault, modified = excluded.modified
        """;

    private const string PartitionsSql = """
        insert into stream_partitions (subscription_id, topic, partition, node, next_offset, end_offset, packets, packets_per_second, last_packet_at, rewind_number, created_at, modified)
        select $1, topic, partition, $2, nullif(next_offset, -1), nullif(end_offset, -1), packets, rate, nullif(last_packet_at, '-infinity'), 0, $3, $3
        from unnest($4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[], $9::float8[], $10::timestamptz[])
            as new(topic, partition, next_offset, end_offset, packets, rate, last_packet_at)
        where exists (select from stream_subscriptions where id = $1)
        order by topic, partition
        on conflict (subscription_id, topic, partition) do update set
            node = excluded.node, next_offset = coalesce(excluded.next_offset, stream_partitions.next_offset),
            end_offset = coalesce(excluded.end_offset, stream_partitions.end_offset), packets = stream_partitions.packets + excluded.packets,
            packets_per_second = excluded.packets_per_second,
            last_packet_at = greatest(excluded.last_packet_at, stream_partitions.last_packet_at), modified = excluded.modified
        """;

    private const string ReleaseSql = """
        update stream_partitions set node = null, packets_per_second = 0, modified = $3
        where subscription_id = $1 and node = $2 and (topic, partition) in (select * from unnest($4::text[], $5::int[]))
        """;

    private const string LeavePartitionsSql =
        "update stream_partitions set node = null, packets_per_second = 0, modified = $3 where subscription_id = $1 and node = $2";

    private const string LeaveMemberSql = "delete from stream_members where subscription_id = $1 and node = $2";

    private const string TidyMembersSql = "delete from stream_members where modified < $1";

    private const string TidyPartitionsSql = "delete from stream_partitions where modified < $1";

    private const string RewoundSql = """
        select topic, partition from stream_partitions
        where subscription_id = $1 and rewind_number >= $2 and (topic, partition) in (select * from unnest($3::text[], $4::int[]))
        """;

    private const string RewindSql = """
        insert into stream_partitions (subscription_id, topic, partition, node, next_offset, packets, packets_per_second, rewind_number, created_at, modified)
        select $1, topic, partition, $2, next_offset, 0, 0, $3, $4, $4
        from unnest($5::text[], $6::int[], $7::bigint[]) as new(topic, partition, next_offset)
        where exists (select from stream_subscriptions where id = $1)
        order by topic, partition
        on conflict (subscription_id, topic, partition) do update set
            node = excluded.node, next_offset = excluded.next_offset, rewind_number = excluded.rewind_number, modified = excluded.modified
        """;

    /// <summary>Notes how this node does. The log tells of a change of state once; that it goes on is for the page and the figures.</summary>
    public async Task MemberAsync(SubscriptionDescriptor subscription, string node, string state, string? fault, CancellationToken ct)
    {
        if (StreamMeters.IsNew(subscription.Name, state, clock))
        {
            logger.Log(fault is null ? LogLevel.Information : LogLevel.Warning, "{Name} is {State}{Why}", subscription.Name, state, fault is null ? "" : $": {fault}");
        }

        await using var command = dataSource.CreateCommand(MemberSql);
        var add = command.Parameters;
        add.AddWithValue(subscription.Id);
        add.AddWithValue(node);
        add.AddWithValue(state);
        add.AddWithValue(NpgsqlDbType.Text, (object?)fault ?? DBNull.Value);
        add.AddWithValue(Now());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes how its partitions stand.</summary>
    internal async Task PartitionsAsync(int subscriptionId, string node, IReadOnlyList<PartitionReport> reports, CancellationToken ct)
    {
        if (reports.Count == 0)
        {
            return;
        }

        await using var command = dataSource.CreateCommand(PartitionsSql);
        var add = command.Parameters;
        add.AddWithValue(subscriptionId);
        add.AddWithValue(node);
        add.AddWithValue(Now());
        add.AddWithValue(reports.Select(report => report.Standing.Partition.Topic).ToArray());
        add.AddWithValue(reports.Select(report => report.Standing.Partition.Partition).ToArray());
        add.AddWithValue(reports.Select(report => report.Standing.NextOffset ?? -1).ToArray());
        add.AddWithValue(reports.Select(report => report.EndOffset ?? -1).ToArray());
        add.AddWithValue(reports.Select(report => report.Standing.NewPackets).ToArray());
        add.AddWithValue(reports.Select(report => report.Standing.PacketsPerSecond).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, reports.Select(report => report.Standing.LastPacketAt ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes that partitions are no longer this node's.</summary>
    public async Task ReleaseAsync(int subscriptionId, string node, IReadOnlyCollection<PartitionId> partitions, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(ReleaseSql);
        var add = command.Parameters;
        add.AddWithValue(subscriptionId);
        add.AddWithValue(node);
        add.AddWithValue(Now());
        AddPlaces(add, partitions);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes that this node takes no part any more.</summary>
    public async Task LeaveAsync(int subscriptionId, string node, CancellationToken ct)
    {
        await RunAsync(LeavePartitionsSql, ct, subscriptionId, node, Now());
        await RunAsync(LeaveMemberSql, ct, subscriptionId, node);
    }

    /// <summary>Tells which subscriptions are consumed at all; figures of others end.</summary>
    public static void KeepOnly(IReadOnlyCollection<string> subscriptions) => StreamMeters.KeepOnly(subscriptions);

    /// <summary>Forgets nodes that went without a word, and partitions of topics that are long gone.</summary>
    public async Task TidyAsync(CancellationToken ct)
    {
        await RunAsync(TidyMembersSql, ct, Now() - MemberKept);
        await RunAsync(TidyPartitionsSql, ct, Now() - PartitionKept);
    }

    /// <summary>Which of some partitions have done a rewind.</summary>
    public async Task<IReadOnlySet<PartitionId>> RewoundAsync(int subscriptionId, int rewindNumber, IReadOnlyCollection<PartitionId> partitions, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(RewoundSql);
        command.Parameters.AddWithValue(subscriptionId);
        command.Parameters.AddWithValue(rewindNumber);
        AddPlaces(command.Parameters, partitions);
        var done = new HashSet<PartitionId>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            done.Add(new PartitionId(reader.GetString(0), reader.GetInt32(1)));
        }

        return done;
    }

    /// <summary>Notes that partitions have done a rewind.</summary>
    public async Task RewindAsync(int subscriptionId, string node, int rewindNumber, IReadOnlyCollection<PartitionOffset> to, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(RewindSql);
        var add = command.Parameters;
        add.AddWithValue(subscriptionId);
        add.AddWithValue(node);
        add.AddWithValue(rewindNumber);
        add.AddWithValue(Now());
        AddPlaces(add, [.. to.Select(offset => offset.Partition)]);
        add.AddWithValue(to.Select(offset => offset.Offset).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void AddPlaces(NpgsqlParameterCollection add, IReadOnlyCollection<PartitionId> partitions)
    {
        add.AddWithValue(partitions.Select(partition => partition.Topic).ToArray());
        add.AddWithValue(partitions.Select(partition => partition.Partition).ToArray());
    }

    private async Task RunAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    private DateTime Now()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % 10));
    }
}
