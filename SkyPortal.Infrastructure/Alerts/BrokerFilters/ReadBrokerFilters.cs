using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>Which filters are looked for; null leaves a part open.</summary>
/// <param name="Name">Part of the name.</param>
/// <param name="GroupId">Group.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="BrokerId">Broker.</param>
/// <param name="WithoutBroker">Only those without a broker.</param>
public sealed record BrokerFilterCriteria(string? Name = null, int? GroupId = null, int? StreamId = null, int? BrokerId = null, bool WithoutBroker = false);

/// <summary>The filters that a viewer sees, with their brokers: those of their groups whose streams they have.</summary>
public sealed class SearchBrokerFilters(Contexts contexts, OpenBrokerFilter open)
{
    /// <summary>A page, by name. Two statements.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="criteria">What is looked for.</param>
    /// <param name="page">Number of the page, from 1.</param>
    /// <param name="perPage">Filters of a page.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<BrokerFilterPage> HandleAsync(Viewer viewer, BrokerFilterCriteria criteria, int page, int perPage, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filters = db.Set<Filter>().AsNoTracking();
        if (criteria.Name is { Length: > 0 } name)
        {
            filters = filters.Where(filter => filter.Name.ToLower().Contains(name.ToLower()));
        }

        filters = criteria.GroupId is { } group ? filters.Where(filter => filter.GroupId == group) : filters;
        filters = criteria.StreamId is { } stream ? filters.Where(filter => filter.StreamId == stream) : filters;
        filters = criteria.BrokerId is { } broker ? filters.Where(filter => filter.BrokerId == broker) : filters;
        filters = criteria.WithoutBroker ? filters.Where(filter => filter.BrokerId == null) : filters;
        var total = await filters.CountAsync(ct);
        return new BrokerFilterPage(await Rows(db, filters).Skip((page - 1) * perPage).Take(perPage).ToListAsync(ct), total);
    }

    /// <summary>Those of a broker, by name.</summary>
    /// <exception cref="Domain.Refusal">The broker may not be asked, or has no filters.</exception>
    public async Task<IReadOnlyList<BrokerFilterRow>> OfBrokerAsync(Viewer viewer, int brokerId, CancellationToken ct)
    {
        await open.OpenAsync(viewer, brokerId, ct);
        await using var db = contexts.For(viewer);
        return await Rows(db, db.Set<Filter>().AsNoTracking().Where(filter => filter.BrokerId == brokerId)).ToListAsync(ct);
    }

    internal static IQueryable<BrokerFilterRow> Rows(SkyPortalContext db, IQueryable<Filter> filters) =>
        from filter in filters
        join owner in db.Set<Group>() on filter.GroupId equals owner.Id
        join source in db.Set<AlertStream>() on filter.StreamId equals source.Id
        join server in db.Set<Broker>() on filter.BrokerId equals (int?)server.Id into servers
        from broker in servers.DefaultIfEmpty()
        orderby filter.Name, filter.Id
        select new BrokerFilterRow(
            filter.Id, filter.Name, filter.GroupId, filter.StreamId, filter.BrokerId, filter.Autosave, filter.Altdata, owner.Name, source.Name, broker == null ? null : broker.Name, filter.Active);
}

/// <summary>One filter with what its broker has of it.</summary>
public sealed class GetBrokerFilter(Contexts contexts, OpenBrokerFilter open)
{
    /// <summary>Reads it, and asks the broker where the broker keeps it.</summary>
    /// <exception cref="Domain.Refusal">Broker or filter are not there for this viewer, or the broker failed.</exception>
    public async Task<BrokerFilterDetail> HandleAsync(Viewer viewer, int brokerId, int filterId, CancellationToken ct)
    {
        var opened = await open.HandleAsync(viewer, brokerId, filterId, ct);
        await using var db = contexts.For(viewer);
        var row = await SearchBrokerFilters.Rows(db, db.Set<Filter>().AsNoTracking().Where(filter => filter.Id == filterId)).SingleAsync(ct);
        return new BrokerFilterDetail(row, await StandingAsync(opened, ct));
    }

    internal static async Task<RemoteStanding?> StandingAsync(OpenedFilter opened, CancellationToken ct)
    {
        if (opened.Broker.Client is not IBrokerPipelines client || opened.Altdata.RemoteId is not { } remoteId)
        {
            return null;
        }

        var found = await opened.Broker.TryAsync("reading the filter of", () => client.FindAsync(opened.Broker.Ask, remoteId, ct));
        return found is null ? null : new RemoteStanding(
            found["active"] is JsonValue value && value.TryGetValue<bool>(out var on) && on,
            (found["active_fid"] as JsonValue)?.ToString(),
            found["fv"] is JsonArray versions ? (JsonArray)versions.DeepClone() : []);
    }
}
