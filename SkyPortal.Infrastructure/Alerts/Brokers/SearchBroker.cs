using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Asks a broker on behalf of a viewer, who sees what their streams show.</summary>
public sealed class SearchBroker(OpenBroker open)
{
    private const double MostRadiusArcsec = 3600;

    /// <summary>Alerts that fit, as far as the viewer may see them.</summary>
    /// <exception cref="Refusal">The broker may not be asked, cannot search, or failed; the message names it and the cause.</exception>
    public async Task<IReadOnlyList<BrokerAlert>> AlertsAsync(Viewer viewer, int brokerId, AlertQuery query, CancellationToken ct)
    {
        CheckRadius(query.RadiusArcsec);
        var broker = await open.HandleAsync(viewer, brokerId, query.ObjectId, ct);
        var client = broker.Needs<IBrokerAlerts>("alert queries");
        var found = await broker.TryAsync("querying alerts of", () => client.QueryAsync(broker.Ask, query, ct));
        return [.. found.Select(broker.Ask.Scope.Show).OfType<BrokerAlert>()];
    }

    /// <summary>The newest alert of an object with its history; refused where there is none that the viewer may see.</summary>
    public async Task<BrokerAlert> OneAsync(Viewer viewer, int brokerId, string objectId, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, objectId, ct);
        var client = broker.Needs<IBrokerAlerts>("single alerts");
        var found = await broker.TryAsync("fetching an alert of", () => client.GetAsync(broker.Ask, objectId, ct));
        return (found is null ? null : broker.Ask.Scope.Show(found)) ?? throw Refusal.Invalid($"Error fetching an alert of {broker.Name}: there is no {objectId} that your streams show.");
    }

    /// <summary>The cut-outs of an alert; refused where there are none that the viewer may see.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="id">Number of an alert, or name of an object for its newest.</param>
    /// <param name="objectId">Name of the object; null where it is not known.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<(BrokerCutouts Cutouts, string Survey)> CutoutsAsync(Viewer viewer, int brokerId, string id, string? objectId, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, objectId ?? id, ct);
        var client = broker.Needs<IBrokerCutouts>("cut-outs");
        var missing = Refusal.Invalid($"Error fetching cut-outs of {broker.Name}: there are none of {id} that your streams show.");
        var alert = await AlertAsync(broker, client, id, objectId, ct);
        if (alert is null || broker.Ask.Scope.Show(alert) is not { } shown)
        {
            throw missing;
        }

        return (alert.Cutouts ?? await broker.TryAsync("fetching cut-outs of", () => client.CutoutsAsync(broker.Ask, shown.ObjectId, shown.AlertId, ct)) ?? throw missing, shown.Survey);
    }

    /// <summary>What a broker has around a position, by catalogue; where it has none but alerts, these by survey.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>> ConeAsync(Viewer viewer, int brokerId, SkyPosition center, double radiusArcsec, CancellationToken ct)
    {
        CheckRadius(radiusArcsec);
        var broker = await open.HandleAsync(viewer, brokerId, null, ct);
        if (broker.Client is IBrokerCatalogs catalogs)
        {
            return await broker.TryAsync("searching", () => catalogs.ConeAsync(broker.Ask, center, radiusArcsec, ct));
        }

        var client = broker.Needs<IBrokerAlerts>("cone searches");
        var found = await broker.TryAsync("searching", () => client.QueryAsync(broker.Ask, new AlertQuery { Center = center, RadiusArcsec = radiusArcsec }, ct));
        return found.Select(broker.Ask.Scope.Show).OfType<BrokerAlert>().GroupBy(alert => $"{alert.Survey}_alerts")
            .ToDictionary(group => group.Key, group => (IReadOnlyList<JsonObject>)[.. group.Select(BrokerWire.Of)]);
    }

    // Which programme a cut-out is of is told by its alert only.
    private static async Task<BrokerAlert?> AlertAsync(OpenedBroker broker, IBroker client, string id, string? objectId, CancellationToken ct)
    {
        if (client is not IBrokerAlerts alerts)
        {
            return null;
        }

        if (objectId is not null)
        {
            var all = await broker.TryAsync("fetching cut-outs of", () => alerts.QueryAsync(broker.Ask, new AlertQuery { ObjectId = objectId, AlertId = id, Limit = 1 }, ct));
            return all.FirstOrDefault();
        }

        var found = await broker.TryAsync("fetching cut-outs of", () => alerts.QueryAsync(broker.Ask, new AlertQuery { AlertId = id, Limit = 1 }, ct));
        return found.FirstOrDefault() ?? await broker.TryAsync("fetching cut-outs of", () => alerts.GetAsync(broker.Ask, id, ct));
    }

    private static void CheckRadius(double radiusArcsec)
    {
        if (radiusArcsec is not (> 0 and <= MostRadiusArcsec))
        {
            throw Refusal.Invalid($"Invalid radius: it must be above 0 and at most {MostRadiusArcsec} arcsec.");
        }
    }
}
