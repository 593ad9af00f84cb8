using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

internal sealed class FilterRemovalMapping : IEntityTypeConfiguration<FilterRemoval>
{
    public void Configure(EntityTypeBuilder<FilterRemoval> entity)
    {
        entity.ToTable("filter_removals");
        entity.HasIndex(row => row.NextAttemptAt);
        // Without the broker's settings nobody can tell it.
        entity.HasOne<Broker>().WithMany().HasForeignKey(row => row.BrokerId).OnDelete(DeleteBehavior.Cascade);
    }
}

// The business of system administrators: nobody else reads it.
internal sealed class FilterRemovalPolicy : AccessPolicy<FilterRemoval>;

/// <summary>Queues what brokers still have of filters that go here, in the transaction in which they go.</summary>
internal static class FilterRemovals
{
    /// <summary>Queues a filter that is about to go. Two statements; nothing happens where no broker has anything of it.</summary>
    public static Task OfFilterAsync(SkyPortalContext db, int filterId, CancellationToken ct) => QueueAsync(db, filterId, null, null, ct);

    /// <summary>Queues the filters of a group that is about to go. Two statements.</summary>
    public static Task OfGroupAsync(SkyPortalContext db, int groupId, CancellationToken ct) => QueueAsync(db, null, groupId, null, ct);

    /// <summary>Queues the filters of a stream that is about to go. Two statements.</summary>
    public static Task OfStreamAsync(SkyPortalContext db, int streamId, CancellationToken ct) => QueueAsync(db, null, null, streamId, ct);

    private static async Task QueueAsync(SkyPortalContext db, int? filterId, int? groupId, int? streamId, CancellationToken ct)
    {
        var now = db.UtcNow;
        // A first version that is being kept is waited for, so that what it made at the broker is known.
        await db.Database.ExecuteSqlAsync($"select 1 from filters where id = {filterId} or group_id = {groupId} or stream_id = {streamId} order by id for update", ct);
        var queued = await db.Database.ExecuteSqlAsync(
            $"""
            insert into filter_removals (broker_id, remote_id, name, next_attempt_at, attempts, created_at, modified)
            select f.broker_id, f.altdata -> 'boom' ->> 'filter_id', f.name, {now}, 0, {now}, {now}
            from filters f
            where (f.id = {filterId} or f.group_id = {groupId} or f.stream_id = {streamId}) and f.broker_id is not null and f.altdata -> 'boom' ->> 'filter_id' <> ''
            """,
            ct);
        if (queued > 0)
        {
            db.Record(ForgetAtBroker.Queued, "filters");
        }
    }
}

/// <summary>A removal that this node does, alone until the time is up.</summary>
/// <param name="Id">Its key.</param>
/// <param name="BrokerId">The broker.</param>
/// <param name="RemoteId">Key of the filter there.</param>
/// <param name="Attempts">How often it was tried before.</param>
public sealed record ClaimedRemoval(int Id, int BrokerId, string RemoteId, int Attempts);

/// <summary>
/// Removes at their brokers filters that are gone here, so that they do not run on for nobody: whether the broker is active or not, and again
/// and again until it answers or is removed itself. Local removal never waits for it.
/// </summary>
public sealed class ForgetAtBroker(Contexts contexts, OpenBroker open, ILogger<ForgetAtBroker> logger)
{
    /// <summary>Kind of the event that wakes who tells the brokers.</summary>
    public const string Queued = "filter.removing";

    private const int LongestReason = 1000;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    private const string ClaimSql = """
        update filter_removals set next_attempt_at = $1
        where id = (select id from filter_removals where next_attempt_at <= $2 order by next_attempt_at for update skip locked limit 1)
        returning id, broker_id, remote_id, attempts
        """;

    private const string QueueSql = """
        insert into filter_removals (broker_id, remote_id, name, next_attempt_at, attempts, reason, created_at, modified)
        select id, $2, $3, $4, 1, $5, $6, $6 from brokers where id = $1
        """;

    /// <summary>Claims the removal that is due longest; null where none is.</summary>
    public async Task<ClaimedRemoval?> ClaimAsync(CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(ClaimSql);
        command.Parameters.AddWithValue(Now() + Lease);
        command.Parameters.AddWithValue(Now());
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new ClaimedRemoval(reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt32(3)) : null;
    }

    /// <summary>Tells the broker; where it cannot be told, it is told again after a pause that doubles each time, up to six hours.</summary>
    public async Task RunAsync(ClaimedRemoval claimed, CancellationToken ct)
    {
        var reason = await TellAsync(claimed, ct);
        if (reason is null)
        {
            await using var done = contexts.DataSource.CreateCommand("delete from filter_removals where id = $1");
            done.Parameters.AddWithValue(claimed.Id);
            await done.ExecuteNonQueryAsync(CancellationToken.None);
            return;
        }

        if (claimed.Attempts == 0)
        {
            logger.LogWarning("Filter {RemoteId} is still at broker {BrokerId}, which is told again: {Reason}", claimed.RemoteId, claimed.BrokerId, reason);
        }

        var pause = FirstPause * Math.Pow(2, Math.Min(claimed.Attempts, 12));
        await using var later = contexts.DataSource.CreateCommand("update filter_removals set next_attempt_at = $2, attempts = attempts + 1, reason = $3, modified = $4 where id = $1");
        later.Parameters.AddWithValue(claimed.Id);
        later.Parameters.AddWithValue(Now() + (pause < LongestPause ? pause : LongestPause));
        later.Parameters.AddWithValue(Cut(reason));
        later.Parameters.AddWithValue(Now());
        await later.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Takes back what was just made at a broker that is open; where that fails, it is queued.</summary>
    internal async Task ForgetAsync(OpenedBroker broker, string remoteId, string name)
    {
        if (broker.Client is IBrokerPipelines client && await TellAsync(broker, client, remoteId, CancellationToken.None) is { } reason)
        {
            await using var command = contexts.DataSource.CreateCommand(QueueSql);
            command.Parameters.AddWithValue(broker.Id);
            command.Parameters.AddWithValue(remoteId);
            command.Parameters.AddWithValue(name);
            command.Parameters.AddWithValue(Now() + FirstPause);
            command.Parameters.AddWithValue(Cut(reason));
            command.Parameters.AddWithValue(Now());
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    // Null where the broker has it no more, or never had.
    private async Task<string?> TellAsync(ClaimedRemoval claimed, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        if (await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == claimed.BrokerId, ct) is not { } row)
        {
            return null;
        }

        try
        {
            var broker = open.Open(row, Viewer.System, BrokerScope.All, $"filter {claimed.RemoteId}");
            return broker.Client is IBrokerPipelines client ? await TellAsync(broker, client, claimed.RemoteId, ct) : null;
        }
        catch (Domain.Refusal refusal)
        {
            return refusal.Message;
        }
    }

    private static async Task<string?> TellAsync(OpenedBroker broker, IBrokerPipelines client, string remoteId, CancellationToken ct)
    {
        try
        {
            await client.DeleteAsync(broker.Ask, remoteId, ct);
            return null;
        }
        catch (Exception error) when (OpenedBroker.IsItsFault(error) || error is Domain.Refusal)
        {
            return error is Domain.Refusal ? error.Message : broker.Cause(error);
        }
    }

    private static string Cut(string reason) => reason.Length > LongestReason ? reason[..LongestReason] : reason;

    private DateTime Now()
    {
        var time = contexts.Clock.GetUtcNow().UtcDateTime;
        return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

/// <summary>Tells system administrators what a broker still has of filters that are gone here. One statement.</summary>
public sealed class ReadFilterRemovals(Contexts contexts)
{
    /// <summary>Those of a broker, the longest waiting first; empty for others than system administrators.</summary>
    public async Task<IReadOnlyList<FilterRemovalRow>> HandleAsync(Viewer viewer, int brokerId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<FilterRemoval>().Where(row => row.BrokerId == brokerId).OrderBy(row => row.CreatedAt)
            .Select(row => new FilterRemovalRow(row.Id, row.Name, row.RemoteId, row.CreatedAt, row.NextAttemptAt, row.Attempts, row.Reason)).ToListAsync(ct);
    }
}

/// <summary>A filter that is gone here and still runs at its broker.</summary>
/// <param name="Id">Key of the removal.</param>
/// <param name="Name">Name that it had here.</param>
/// <param name="RemoteId">Its key there.</param>
/// <param name="GoneAt">When it went here (UTC).</param>
/// <param name="NextAttemptAt">When the broker is told next (UTC).</param>
/// <param name="Attempts">How often it was told in vain.</param>
/// <param name="Reason">Why it could not be told; null before the first time.</param>
public sealed record FilterRemovalRow(int Id, string Name, string RemoteId, DateTime GoneAt, DateTime NextAttemptAt, int Attempts, string? Reason);
