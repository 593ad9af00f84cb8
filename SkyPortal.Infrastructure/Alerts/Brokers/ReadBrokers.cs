using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A broker as it is shown. <c>Title</c> and what follows are additions of ours.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="BrokerClassname">Its class.</param>
/// <param name="Active">Whether it may be asked.</param>
/// <param name="DefaultAlertSearch">Whether searches go to it.</param>
/// <param name="DefaultCrossmatch">Whether it is asked for catalogues.</param>
/// <param name="Capabilities">What it can do.</param>
/// <param name="Surveys">Surveys that it serves as it is set up.</param>
/// <param name="FilterKind">What a filter of it is.</param>
/// <param name="Altdata">Its settings without secrets, for administrators; else null.</param>
/// <param name="Title">Name of its class for people.</param>
/// <param name="PolledAt">When its new alerts were last asked for.</param>
/// <param name="PollNote">What came of it, for administrators; else null.</param>
public sealed record BrokerRecord(
    int Id, string Name, string BrokerClassname, bool Active, bool DefaultAlertSearch, bool DefaultCrossmatch, IReadOnlyDictionary<string, object?> Capabilities,
    IReadOnlyList<string> Surveys, string FilterKind, JsonObject? Altdata, string Title, DateTime? PolledAt, string? PollNote)
{
    /// <summary>When its new alerts are asked for next (UTC); null where they are not.</summary>
    public DateTime? NextPollAt { get; init; }

    /// <summary>How often in a row asking failed.</summary>
    public int PollFaults { get; init; }

    /// <summary>Whether it can do something, by the name on the wire.</summary>
    public bool Can(string capability) => Capabilities.GetValueOrDefault(capability) is true;
}

/// <summary>Reads the brokers of the site. One statement.</summary>
public sealed class ReadBrokers(Contexts contexts, BrokerClasses classes)
{
    /// <summary>All, by name.</summary>
    public async Task<IReadOnlyList<BrokerRecord>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var brokers = await db.Set<Broker>().AsNoTracking().OrderBy(broker => broker.Name).ToListAsync(ct);
        return brokers.ConvertAll(broker => Project(viewer, broker));
    }

    /// <summary>One; refused where there is none.</summary>
    public async Task<BrokerRecord> OneAsync(Viewer viewer, int brokerId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return Project(viewer, await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(broker => broker.Id == brokerId, ct) ?? throw OpenBroker.Missing(brokerId));
    }

    private BrokerRecord Project(Viewer viewer, Broker broker)
    {
        var client = classes.Find(broker.BrokerClassname);
        var config = classes.Open(broker);
        return new BrokerRecord(
            broker.Id,
            broker.Name,
            broker.BrokerClassname,
            broker.Active,
            broker.DefaultAlertSearch,
            broker.DefaultCrossmatch,
            client is null ? new Dictionary<string, object?>() : BrokerClasses.Capabilities(client),
            client is null ? [] : config is null ? client.About.Surveys : client.Surveys(config),
            client?.About.FilterKind ?? "none",
            viewer.SeesAll && client is not null && config is not null ? client.About.Form.Shown(config.Altdata) : null,
            client?.About.Title ?? broker.BrokerClassname,
            broker.PolledAt,
            viewer.SeesAll ? broker.PollNote : null)
        {
            NextPollAt = broker.NextPollAt,
            PollFaults = broker.PollFaults,
        };
    }
}
