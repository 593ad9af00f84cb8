using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NpgsqlTypes;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>A message that cannot be taken, and why.</summary>
public sealed record BadMessage(StreamMessage Message, string Reason);

/// <summary>
/// Keeps packets that cannot be taken: the bytes first, then their rows, so that a row always has its bytes. The same packet again
/// changes nothing, whatever was decided about it.
/// </summary>
public sealed class SetAsidePackets(Contexts contexts, FileStore files)
{
    private const int LongestReason = 1000;

    private const string Sql = """
        with new as (
            insert into set_aside_packets (subscription_id, broker_id, topic, partition, "offset", reason, file_hash, key_hash, bytes, state, created_at, modified)
            select $1, $10, topic, partition, place, reason, file_hash, nullif(key_hash, ''), bytes, 'waiting', $2, $2
            from unnest($3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::int[])
                as new(topic, partition, place, reason, file_hash, key_hash, bytes)
            order by topic, partition, place
            on conflict do nothing
            returning 1)
        insert into outbox_events (kind, subject, group_ids, at)
        select 'stream.setaside', coalesce('subscription ' || $1::text, 'broker ' || $10::text), '{}', $2 where exists (select from new)
        """;

    /// <summary>Keeps those of a subscription. They are safe when the call returns.</summary>
    public Task HandleAsync(SubscriptionDescriptor subscription, IReadOnlyList<BadMessage> bad, CancellationToken ct) => KeepAsync(subscription.Id, null, bad, ct);

    /// <summary>Keeps those of a broker's mailbox. They are safe when the call returns.</summary>
    /// <param name="brokerId">The broker.</param>
    /// <param name="mailbox">Name of the mailbox.</param>
    /// <param name="bad">The messages with the reasons.</param>
    /// <param name="ct">Cancels it.</param>
    public Task OfMailboxAsync(int brokerId, string mailbox, IReadOnlyList<(MailboxMessage Message, string Reason)> bad, CancellationToken ct) => KeepAsync(
        null, brokerId, [.. bad.Select(one => new BadMessage(new StreamMessage(new PartitionId(mailbox, 0), NumberOf(one.Message), default, one.Message.Value), one.Reason))], ct);

    private async Task KeepAsync(int? subscriptionId, int? brokerId, IReadOnlyList<BadMessage> bad, CancellationToken ct)
    {
        if (bad.Count == 0)
        {
            return;
        }

        var addresses = new List<(string File, string Key)>(bad.Count);
        foreach (var (message, _) in bad)
        {
            addresses.Add((await files.PutAsync(message.Value, ct), message.Key.IsEmpty ? "" : await files.PutAsync(message.Key, ct)));
        }

        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        await using var command = contexts.DataSource.CreateCommand(Sql);
        var add = command.Parameters;
        add.AddWithValue(NpgsqlDbType.Integer, (object?)subscriptionId ?? DBNull.Value);
        add.AddWithValue(NpgsqlDbType.TimestampTz, now.AddTicks(-(now.Ticks % 10)));
        add.AddWithValue(bad.Select(one => one.Message.Partition.Topic).ToArray());
        add.AddWithValue(bad.Select(one => one.Message.Partition.Partition).ToArray());
        add.AddWithValue(bad.Select(one => one.Message.Offset).ToArray());
        add.AddWithValue(bad.Select(one => Text(one.Reason)).ToArray());
        add.AddWithValue(addresses.Select(one => one.File).ToArray());
        add.AddWithValue(addresses.Select(one => one.Key).ToArray());
        add.AddWithValue(bad.Select(one => one.Message.Value.Length).ToArray());
        add.AddWithValue(NpgsqlDbType.Integer, (object?)brokerId ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(ct);
    }

    // The same message has the same number whenever it comes: its name where that is one, as at Google, else what follows from name and bytes.
    private static long NumberOf(MailboxMessage message)
    {
        if (long.TryParse(message.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(message.Name), 0, .. message.Value.Span]);
        return BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue;
    }

    /// <summary>A reason as a column can hold it; a packet may have put anything into it.</summary>
    internal static string Text(string reason)
    {
        var plain = new string([.. reason.Take(LongestReason).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return plain.Length == 0 ? "It cannot be taken." : plain;
    }
}
