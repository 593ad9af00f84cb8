using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A broker to be set up.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Classname">Its class.</param>
/// <param name="Altdata">Its settings.</param>
public sealed record NewBroker(string Name, string Classname, JsonObject Altdata)
{
    /// <summary>Whether it may be asked at once; one that needs an account starts inactive all the same.</summary>
    public bool Active { get; init; } = true;

    /// <summary>Whether searches for alerts go to it.</summary>
    public bool DefaultAlertSearch { get; init; }

    /// <summary>Whether catalogues are asked of it.</summary>
    public bool DefaultCrossmatch { get; init; }
}

/// <summary>What is to be changed of a broker; null leaves it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Altdata">Settings, merged over those that are kept.</param>
/// <param name="Active">Whether it may be asked.</param>
/// <param name="DefaultAlertSearch">Whether searches for alerts go to it.</param>
/// <param name="DefaultCrossmatch">Whether catalogues are asked of it.</param>
public sealed record BrokerChanges(string? Name, JsonObject? Altdata, bool? Active, bool? DefaultAlertSearch, bool? DefaultCrossmatch);

/// <summary>What the verbs of brokers share: names, classes, settings and defaults are checked in one place.</summary>
public sealed class BrokerRules(BrokerClasses classes)
{
    private const int LongestName = 200;

    /// <summary>A name without blanks around it; refused where it is none.</summary>
    public static string Name(string name) => string.IsNullOrWhiteSpace(name) ? throw Refusal.Invalid("Invalid/missing parameters: name: Field required")
        : name.Trim() is { Length: <= LongestName } trimmed && !trimmed.Any(char.IsControl) ? trimmed
        : throw Refusal.Invalid($"Invalid/missing parameters: name: String should have at most {LongestName} characters");

    /// <summary>The plug-in of a class; refused where there is none.</summary>
    public IBroker Client(string classname) => classes.Find(classname)
        ?? throw Refusal.Invalid($"Invalid/missing parameters: broker_classname: Input should be {string.Join(", ", classes.All.Select(one => $"'{one.About.Classname}'"))}");

    /// <summary>Refuses settings that cannot be.</summary>
    public static void Check(IBroker client, JsonObject altdata)
    {
        if (client.About.Form.Fault(altdata) is { } fault)
        {
            throw Refusal.Invalid($"Invalid broker configuration: {fault}");
        }
    }

    /// <summary>Settings with changes over them; refused where they cannot be, or where they would send a kept secret to another address.</summary>
    public static JsonObject Merge(IBroker client, JsonObject kept, JsonObject changes)
    {
        var merged = BrokerForm.Merge(kept, changes);
        Check(client, merged);
        return client.About.Form.Stray(kept, changes) is { } fault ? throw Refusal.Invalid($"Invalid broker configuration: {fault}") : merged;
    }

    /// <summary>Refuses a default that the class cannot serve.</summary>
    public static void CheckDefaults(IBroker client, string name, bool search, bool crossmatch)
    {
        if (search && client is not IBrokerAlerts)
        {
            throw Refusal.Invalid($"Broker {name} cannot be the default for alert search: it does not support query_alerts.");
        }

        if (crossmatch && client is not IBrokerCatalogs)
        {
            throw Refusal.Invalid($"Broker {name} cannot be the default for cross-matches: it does not support cross_match_catalogs.");
        }
    }

    /// <summary>Takes defaults from the others; within the transaction in which they are given.</summary>
    public static async Task TakeDefaultsAsync(SkyPortalContext db, int brokerId, bool search, bool crossmatch, CancellationToken ct)
    {
        if (search)
        {
            await db.Set<Broker>().Where(broker => broker.Id != brokerId && broker.DefaultAlertSearch).ExecuteUpdateAsync(set => set.SetProperty(broker => broker.DefaultAlertSearch, false), ct);
        }

        if (crossmatch)
        {
            await db.Set<Broker>().Where(broker => broker.Id != brokerId && broker.DefaultCrossmatch).ExecuteUpdateAsync(set => set.SetProperty(broker => broker.DefaultCrossmatch, false), ct);
        }
    }

    /// <summary>Saves; a name that is taken is refused.</summary>
    public static async Task SaveAsync(SkyPortalContext db, string name, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: var constraint })
        {
            throw constraint?.EndsWith("_name", StringComparison.Ordinal) == true
                ? Refusal.Invalid($"A broker named {name} already exists.")
                : Refusal.Conflict("Another default was chosen at the same time; try again.");
        }
    }

    /// <summary>When a broker's alerts are to be asked for; null where they are not.</summary>
    public static DateTime? FirstPoll(IBroker client, bool active, DateTime now) => active && client is IBrokerPolling or IBrokerMailbox ? now : null;
}

/// <summary>Sets a broker up. System administrators only.</summary>
public sealed class CreateBroker(Contexts contexts, BrokerClasses classes, BrokerRules rules, SyncBrokerSubscription sync)
{
    /// <summary>Returns its id; refuses an unknown class, wrong settings, a taken name, or a default that it cannot serve.</summary>
    public async Task<int> HandleAsync(Viewer viewer, NewBroker request, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        var name = BrokerRules.Name(request.Name);
        var client = rules.Client(request.Classname);
        BrokerRules.Check(client, request.Altdata);
        BrokerRules.CheckDefaults(client, name, request.DefaultAlertSearch, request.DefaultCrossmatch);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await BrokerRules.TakeDefaultsAsync(db, 0, request.DefaultAlertSearch, request.DefaultCrossmatch, ct);
        var broker = new Broker
        {
            Name = name,
            BrokerClassname = client.About.Classname,
            Active = request.Active && !client.About.NeedsAccount,
            DefaultAlertSearch = request.DefaultAlertSearch,
            DefaultCrossmatch = request.DefaultCrossmatch,
            SealedAltdata = classes.Seal(request.Altdata),
        };
        broker.NextPollAt = BrokerRules.FirstPoll(client, broker.Active, db.UtcNow);
        db.Add(broker);
        await BrokerRules.SaveAsync(db, name, ct);
        await sync.HandleAsync(db, broker, client, new BrokerConfig(broker.Id, name, request.Altdata), ct);
        db.Record("broker.created", broker.Id.ToString(CultureInfo.InvariantCulture), payload: new { broker.Name, broker.BrokerClassname });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return broker.Id;
    }
}

/// <summary>Changes a broker. System administrators only.</summary>
public sealed class ChangeBroker(Contexts contexts, BrokerClasses classes, SyncBrokerSubscription sync)
{
    /// <summary>
    /// Changes what is given. One that needs an account is tested before it is active with new settings; where the test fails nothing
    /// is changed. Its settings are merged; what is null or blank stays as it is. With another address or user name its secrets must come along.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, int brokerId, BrokerChanges changes, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var broker = await db.Set<Broker>().SingleOrDefaultAsync(row => row.Id == brokerId, ct) ?? throw OpenBroker.Missing(brokerId);
        var client = classes.Find(broker.BrokerClassname) ?? throw Refusal.Invalid($"Broker {broker.Name} is of the class {broker.BrokerClassname}, which this platform does not know.");
        var name = changes.Name is { } given ? BrokerRules.Name(given) : broker.Name;
        // Settings whose keys are gone are entered anew.
        var altdata = BrokerRules.Merge(client, classes.Open(broker)?.Altdata ?? [], changes.Altdata ?? []);
        var isActive = changes.Active ?? broker.Active;
        BrokerRules.CheckDefaults(client, name, changes.DefaultAlertSearch == true, changes.DefaultCrossmatch == true);
        if (client.About.NeedsAccount && isActive && (!broker.Active || changes.Altdata is not null))
        {
            await TestAsync(viewer, client, new BrokerConfig(broker.Id, name, altdata), broker.Active ? "stay active" : "be activated", ct);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await BrokerRules.TakeDefaultsAsync(db, brokerId, changes.DefaultAlertSearch == true, changes.DefaultCrossmatch == true, ct);
        (broker.Name, broker.DefaultAlertSearch, broker.DefaultCrossmatch) = (name, changes.DefaultAlertSearch ?? broker.DefaultAlertSearch, changes.DefaultCrossmatch ?? broker.DefaultCrossmatch);
        broker.NextPollAt = isActive && broker.Active && changes.Altdata is null ? broker.NextPollAt : BrokerRules.FirstPoll(client, isActive, db.UtcNow);
        broker.PollFaults = changes.Altdata is null ? broker.PollFaults : 0;
        broker.Active = isActive;
        broker.SealedAltdata = changes.Altdata is null ? broker.SealedAltdata : classes.Seal(altdata);
        db.Record("broker.changed", brokerId.ToString(CultureInfo.InvariantCulture), payload: new { broker.Name, broker.Active, settings = changes.Altdata is not null });
        await BrokerRules.SaveAsync(db, name, ct);
        await sync.HandleAsync(db, broker, client, new BrokerConfig(broker.Id, name, altdata), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task TestAsync(Viewer viewer, IBroker client, BrokerConfig config, string cannot, CancellationToken ct)
    {
        var opened = new OpenedBroker(config.Id, config.Name, client, new BrokerAsk(viewer, config, BrokerScope.All, null));
        try
        {
            await client.TestAsync(opened.Ask, ct);
        }
        catch (Exception error) when (OpenedBroker.IsItsFault(error))
        {
            var isRefused = error is OutsideException { RefusesCredentials: true };
            throw Refusal.Invalid($"{(isRefused ? $"Wrong {config.Name} credentials, it" : config.Name)} cannot {cannot}: {opened.Cause(error)}");
        }
    }
}

/// <summary>Tries the settings of a broker without keeping anything. System administrators only.</summary>
public sealed class TestBroker(Contexts contexts, BrokerClasses classes)
{
    /// <summary>Tries them; refused with the cause where the server does not answer as it should.</summary>
    /// <param name="viewer">Who tries.</param>
    /// <param name="brokerId">A broker whose kept settings count where none are given; null for a new one.</param>
    /// <param name="classname">Class of a new one.</param>
    /// <param name="altdata">Settings, merged over those that are kept.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task HandleAsync(Viewer viewer, int? brokerId, string? classname, JsonObject altdata, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var broker = brokerId is { } id ? await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw OpenBroker.Missing(id) : null;
        var client = classes.Find(broker?.BrokerClassname ?? classname ?? "") ?? throw Refusal.Invalid("Invalid/missing parameters: broker_classname: there is no such class of brokers");
        var settings = BrokerRules.Merge(client, broker is null ? [] : classes.Open(broker)?.Altdata ?? [], altdata);
        var opened = new OpenedBroker(brokerId ?? 0, broker?.Name ?? client.About.Title, client, new BrokerAsk(viewer, new BrokerConfig(brokerId ?? 0, broker?.Name ?? client.About.Title, settings), BrokerScope.All, null));
        await opened.TryAsync("testing", async () =>
        {
            await client.TestAsync(opened.Ask, ct);
            return true;
        });
    }
}

/// <summary>Removes a broker; its filters stay without one. System administrators only.</summary>
public sealed class DeleteBroker(Contexts contexts)
{
    /// <summary>Removes it; refuses where there is none.</summary>
    public async Task HandleAsync(Viewer viewer, int brokerId, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var broker = await db.Set<Broker>().SingleOrDefaultAsync(row => row.Id == brokerId, ct) ?? throw OpenBroker.Missing(brokerId);
        db.Remove(broker);
        db.Record("broker.deleted", brokerId.ToString(CultureInfo.InvariantCulture), payload: new { broker.Name, broker.BrokerClassname });
        await db.SaveChangesAsync(ct);
    }
}
