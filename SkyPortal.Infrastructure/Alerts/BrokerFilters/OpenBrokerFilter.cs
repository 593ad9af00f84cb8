using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>A filter of a broker that may be asked.</summary>
/// <param name="Broker">The broker, on behalf of the viewer.</param>
/// <param name="Filter">The filter, as it was read; not tracked.</param>
/// <param name="Stream">What its stream selects; null where that is nothing.</param>
internal sealed record OpenedFilter(OpenedBroker Broker, Filter Filter, StreamRule? Stream)
{
    /// <summary>What is kept of it for the broker.</summary>
    public BrokerAltdata Altdata { get; } = BrokerAltdata.Read(Filter.Altdata);

    /// <summary>Key of the filter at the broker; refused where the broker has none.</summary>
    public string RemoteId => Altdata.RemoteId ?? throw Refusal.Invalid($"Filter {Filter.Id} is not managed by {Broker.Name}: it has no version there yet.");

    /// <summary>Survey and programmes of its stream; refused where the stream does not tell them or the broker does not serve them.</summary>
    public (string Survey, IReadOnlyList<int> Programmes) Programmes()
    {
        if (Stream is not { Survey: { } survey, Selector.Count: > 0 })
        {
            throw Refusal.Invalid("The stream of the filter has no altdata that tells its survey and programmes (collection and selector).");
        }

        return Broker.Client.Surveys(Broker.Ask.Config).Contains(survey)
            ? (survey, [.. Stream.Selector.Order()])
            : throw Refusal.Invalid($"Broker {Broker.Name} does not serve {survey}, the survey of the filter's stream.");
    }

    /// <summary>Does something with the broker; what goes wrong there is refused with its name and the cause.</summary>
    public async Task TryAsync(string doing, Func<Task> work) => await Broker.TryAsync(doing, async () =>
    {
        await work();
        return true;
    });
}

/// <summary>Finds a filter of a broker for somebody who wants to do something with it. Four statements.</summary>
public sealed class OpenBrokerFilter(Contexts contexts, OpenBroker open)
{
    /// <summary>The filter and its broker.</summary>
    /// <exception cref="Refusal">The broker may not be asked or has no filters; the filter is not there for this viewer or not of this broker.</exception>
    internal async Task<OpenedFilter> HandleAsync(Viewer viewer, int brokerId, int filterId, CancellationToken ct)
    {
        var broker = await OpenAsync(viewer, brokerId, ct);
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId && row.BrokerId == brokerId, ct) ?? throw GetFilter.NotThere(filterId);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
        return new OpenedFilter(broker, filter, StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText()));
    }

    /// <summary>A broker with filters.</summary>
    /// <exception cref="Refusal">It may not be asked, or has none.</exception>
    internal async Task<OpenedBroker> OpenAsync(Viewer viewer, int brokerId, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        return broker.Client.About.FilterKind == "none" ? throw Refusal.Invalid($"Broker {broker.Name} does not support filters.") : broker;
    }

    /// <summary>Refuses who may not change what takes effect at once: that takes an administrator of the group.</summary>
    internal static void DemandAdmin(Viewer viewer, Filter filter)
    {
        if (!(viewer.Has(Acl.ManageGroups) || viewer.AdminGroupIds.Contains(filter.GroupId)))
        {
            throw Refusal.Forbidden("Insufficient permissions: you must be a group admin or system admin to change the filter.");
        }
    }

    /// <summary>
    /// Writes what is kept of a filter for its broker. The row is held meanwhile, so that of two who write at once none is lost. Members
    /// may, as with versions of filters of the site; the verbs decide who may change what takes effect.
    /// </summary>
    /// <param name="viewer">Who writes; the filter must be there for them.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="kind">What happened, for the record.</param>
    /// <param name="change">Changes it as it now is.</param>
    /// <param name="switches">What else changes: autosave and active; null leaves it.</param>
    /// <param name="payload">What is kept with the record.</param>
    /// <param name="ct">Cancels it.</param>
    /// <param name="also">What else is written in the same transaction; null for nothing.</param>
    internal async Task<Filter> WriteAsync(
        Viewer viewer, Filter filter, string kind, Action<BrokerAltdata> change, (bool? Autosave, bool? Active) switches, JsonObject? payload, CancellationToken ct,
        Func<SkyPortalContext, Filter, Task>? also = null)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select 1 from filters where id = {filter.Id} for no key update", ct);
        var now = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filter.Id, ct) ?? throw GetFilter.NotThere(filter.Id);
        var altdata = BrokerAltdata.Read(now.Altdata);
        change(altdata);
        (now.Altdata, now.Autosave, now.Active, now.Modified) = (altdata.Element(), switches.Autosave ?? now.Autosave, switches.Active ?? now.Active, db.UtcNow);
        await db.Set<Filter>().Where(row => row.Id == filter.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Altdata, now.Altdata).SetProperty(row => row.Autosave, now.Autosave).SetProperty(row => row.Active, now.Active).SetProperty(row => row.Modified, now.Modified), ct);
        db.Record(kind, filter.Id.ToString(CultureInfo.InvariantCulture), [filter.GroupId], payload);
        await (also?.Invoke(db, now) ?? Task.CompletedTask);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return now;
    }
}
