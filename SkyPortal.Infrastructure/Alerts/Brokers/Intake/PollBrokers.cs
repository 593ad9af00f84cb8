using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>A broker whose new alerts this node asks for, alone until the time is up.</summary>
/// <param name="BrokerId">The broker.</param>
/// <param name="Until">UTC.</param>
public sealed record ClaimedPoll(int BrokerId, DateTime Until);

/// <summary>
/// Asks brokers for their new alerts when it is time: one node a broker at a time. What came of it stands with the broker. One that fails is
/// asked again after a minute, then after two, four and so on up to its interval, and not before it wants to be.
/// </summary>
public sealed class PollBrokers(Contexts contexts, BrokerClasses classes, ReadMappedFilters readFilters, PollObjects objects, PollMailbox mailbox, ILogger<PollBrokers> logger)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);
    private const int LongestNote = 1000;
    private const int ShortestIntervalSeconds = 10;

    private const string ClaimSql = """
        update brokers set next_poll_at = $1
        where id = (select id from brokers where active and next_poll_at <= $2 order by next_poll_at for update skip locked limit 1)
        returning id
        """;

    private const string ExtendSql = "update brokers set next_poll_at = $3 where id = $1 and active and next_poll_at = $2";

    /// <summary>Claims the broker whose time came first; null where none's has.</summary>
    public async Task<ClaimedPoll?> ClaimAsync(CancellationToken ct)
    {
        var (now, until) = (Now(TimeSpan.Zero), Now(Lease));
        await using var command = contexts.DataSource.CreateCommand(ClaimSql);
        command.Parameters.AddWithValue(until);
        command.Parameters.AddWithValue(now);
        return await command.ExecuteScalarAsync(ct) is int id ? new ClaimedPoll(id, until) : null;
    }

    /// <summary>Asks a claimed broker and writes what came of it. Where the node stops, another asks it.</summary>
    public async Task RunAsync(ClaimedPoll claimed, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        if (await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == claimed.BrokerId, ct) is not { } broker)
        {
            return;
        }

        var client = classes.Find(broker.BrokerClassname);
        var hold = new PollHold(claimed, ExtendAsync, contexts.Clock);
        if (client is null || classes.Open(broker) is not { } config)
        {
            await EndAsync(hold, LongestPause, broker.PollFaults + 1, client is null ? "Its class is not known to this platform." : "Its settings were sealed with keys that are gone; enter them again.");
            return;
        }

        var interval = IntervalOf(client, config);
        var opened = new OpenedBroker(broker.Id, broker.Name, client, new BrokerAsk(Viewer.System, config, BrokerScope.All, $"poll of {broker.Name}"));
        try
        {
            var note = await PollAsync(opened, hold, ct);
            await EndAsync(hold, interval, 0, note);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await EndAsync(hold, TimeSpan.Zero, broker.PollFaults, broker.PollNote);
            throw;
        }
        catch (PollWithdrawnException)
        {
            logger.LogInformation("{Broker} was changed while it was asked", broker.Name);
        }
        catch (Exception error)
        {
            var isIts = OpenedBroker.IsItsFault(error) || error is Refusal;
            var faults = broker.PollFaults + 1;
            logger.LogWarning(isIts ? null : error, "{Broker} could not be asked for new alerts: {Reason}", broker.Name, opened.Cause(error));
            var pause = FirstPause * Math.Pow(2, Math.Min(faults - 1, 12));
            pause = pause < interval ? pause : interval;
            if (error is OutsideException { RetryAfter: { } wanted } && wanted > pause)
            {
                pause = wanted < LongestPause ? wanted : LongestPause;
            }

            await EndAsync(hold, pause, faults, $"Failed{(faults > 1 ? $" {faults.ToString(CultureInfo.InvariantCulture)} times" : "")}: {(isIts ? error is Refusal ? error.Message : opened.Cause(error) : "the platform could not take what came; its log says more.")}");
        }
    }

    /// <summary>How long to wait between two times.</summary>
    public static TimeSpan IntervalOf(IBroker client, BrokerConfig config) =>
        int.TryParse(config.Text("poll_interval"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Max(seconds, ShortestIntervalSeconds))
        : client switch { IBrokerPolling polling => polling.PollInterval, IBrokerMailbox box => box.PollInterval, _ => LongestPause };

    private async Task<string> PollAsync(OpenedBroker broker, PollHold hold, CancellationToken ct)
    {
        var limit = int.TryParse(broker.Ask.Config.Text("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? Math.Clamp(most, 1, 10_000) : 100;
        if (broker.Client is IBrokerMailbox box && !box.HasMailbox(broker.Ask.Config))
        {
            return "No subscription is set; nothing was asked.";
        }

        var filters = await readFilters.HandleAsync(broker.Client, broker.Ask.Config, ct);
        return filters.Count == 0 ? "No active filter is mapped to it; nothing was asked." : broker.Client switch
        {
            IBrokerMailbox pulled => await mailbox.HandleAsync(broker, pulled, filters, limit, hold, ct),
            IBrokerPolling polled => await objects.HandleAsync(broker, polled, filters, limit, hold, ct),
            _ => "It is not asked for alerts.",
        };
    }

    private async Task<DateTime?> ExtendAsync(ClaimedPoll claimed, CancellationToken ct)
    {
        var until = Now(Lease);
        await using var command = contexts.DataSource.CreateCommand(ExtendSql);
        command.Parameters.AddWithValue(claimed.BrokerId);
        command.Parameters.AddWithValue(claimed.Until);
        command.Parameters.AddWithValue(until);
        return await command.ExecuteNonQueryAsync(ct) == 1 ? until : null;
    }

    // What an administrator changed meanwhile has the word. It is written also where the node stops.
    private async Task EndAsync(PollHold hold, TimeSpan pause, int faults, string? note)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var (id, until, now, next) = (hold.Claimed.BrokerId, hold.Claimed.Until, Now(TimeSpan.Zero), Now(pause));
        var text = note is { Length: > LongestNote } ? note[..LongestNote] : note;
        var count = await db.Set<Broker>().Where(row => row.Id == id && row.NextPollAt == until).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.NextPollAt, next).SetProperty(row => row.PolledAt, now).SetProperty(row => row.PollFaults, faults).SetProperty(row => row.PollNote, text),
            CancellationToken.None);
        if (count > 0)
        {
            db.Record("broker.polled", id.ToString(CultureInfo.InvariantCulture));
            await db.SaveChangesAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    private DateTime Now(TimeSpan later)
    {
        var time = contexts.Clock.GetUtcNow().UtcDateTime + later;
        return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

/// <summary>Keeps a broker for this node while it works long. Not safe for concurrent use.</summary>
public sealed class PollHold(ClaimedPoll claimed, Func<ClaimedPoll, CancellationToken, Task<DateTime?>> extend, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private long _extended = clock.GetTimestamp();

    /// <summary>What is held.</summary>
    public ClaimedPoll Claimed { get; private set; } = claimed;

    /// <summary>Holds it on.</summary>
    /// <exception cref="PollWithdrawnException">It was changed or is another's by now.</exception>
    public async Task KeepAsync(CancellationToken ct)
    {
        if (clock.GetElapsedTime(_extended) < Every)
        {
            return;
        }

        _extended = clock.GetTimestamp();
        Claimed = await extend(Claimed, ct) is { } until ? Claimed with { Until = until } : throw new PollWithdrawnException();
    }
}

/// <summary>The broker was changed while it was asked.</summary>
public sealed class PollWithdrawnException : Exception;
