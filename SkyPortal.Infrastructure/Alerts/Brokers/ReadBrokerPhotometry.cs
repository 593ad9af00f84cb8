using System.Collections.Concurrent;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A light curve of stored points and of points of a broker that are not kept.</summary>
/// <param name="View">The points by time; those of the broker have the id 0.</param>
/// <param name="Missing">Why the broker's are not among them; null where they are.</param>
public sealed record BrokerLightCurve(PhotometryView View, string? Missing);

/// <summary>
/// Shows the light curve that a broker has of an object together with the stored one, without keeping anything. What a viewer sees depends
/// on their streams only, so replies are kept for a while by broker, object and scope. Where the broker fails, the stored points are shown.
/// </summary>
public sealed class ReadBrokerPhotometry(Contexts contexts, OpenBroker open, ReadIngestDirectory readDirectory, ReadPhotometry photometry, FindObject find)
{
    private const int MostKept = 500;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly Dictionary<string, int> NoInstruments = [];
    private readonly ConcurrentDictionary<(int Broker, string ObjectId, string Scope), (DateTimeOffset At, IReadOnlyList<AlertMeasurement> Points)> _kept = new();

    /// <summary>By a broker; refused where it may not be asked or gives no light curves.</summary>
    public async Task<BrokerLightCurve> HandleAsync(Viewer viewer, int brokerId, string objectId, bool refreshes, CancellationToken ct)
    {
        var broker = await open.HandleAsync(viewer, brokerId, objectId, ct);
        broker.Needs<IBrokerAlerts>("light curves");
        return await MergeAsync(viewer, broker, objectId, refreshes, ct);
    }

    /// <summary>By the broker that the site asks about a survey; stored points alone where it has none.</summary>
    public async Task<BrokerLightCurve> OfSurveyAsync(Viewer viewer, string survey, string objectId, bool refreshes, CancellationToken ct) =>
        await MergeAsync(viewer, await open.OfSurveyAsync(viewer, survey, objectId, ct), objectId, refreshes, ct);

    private async Task<BrokerLightCurve> MergeAsync(Viewer viewer, OpenedBroker? broker, string objectId, bool refreshes, CancellationToken ct)
    {
        var stored = await find.IsVisibleAsync(viewer, objectId, ct) ? await photometry.OfObjectAsync(viewer, objectId, ct) : PhotometryView.OfPoints();
        if (broker is null)
        {
            return new BrokerLightCurve(stored, "No active broker serves this survey.");
        }

        try
        {
            var points = await FetchAsync(broker, objectId, refreshes, ct);
            var instruments = points.Count == 0 ? NoInstruments : (await readDirectory.HandleAsync(ct)).Instruments;
            return new BrokerLightCurve(stored with { Points = Merge(objectId, stored.Points, points, instruments) }, null);
        }
        catch (Exception error) when (OpenedBroker.IsItsFault(error))
        {
            return new BrokerLightCurve(stored, broker.Cause(error));
        }
    }

    private async Task<IReadOnlyList<AlertMeasurement>> FetchAsync(OpenedBroker broker, string objectId, bool refreshes, CancellationToken ct)
    {
        var (key, now) = ((broker.Id, objectId, broker.Ask.Scope.Key), contexts.Clock.GetUtcNow());
        if (!refreshes && _kept.TryGetValue(key, out var kept) && now - kept.At < Fresh)
        {
            return kept.Points;
        }

        var alert = await ((IBrokerAlerts)broker.Client).GetAsync(broker.Ask, objectId, ct);
        var points = alert is null ? [] : broker.Ask.Scope.Show(alert)?.Points ?? [];
        foreach (var old in _kept.Count < MostKept ? [] : _kept.OrderBy(pair => pair.Value.At).Take(MostKept / 2).Select(pair => pair.Key).ToList())
        {
            _kept.TryRemove(old, out _);
        }

        _kept[key] = (now, points);
        return points;
    }

    // What is stored stays; of the broker's what is not among it.
    private static IReadOnlyList<PointRecord> Merge(string objectId, IReadOnlyList<PointRecord> stored, IReadOnlyList<AlertMeasurement> points, IReadOnlyDictionary<string, int> instruments)
    {
        var known = stored.Select(point => (point.Filter, (long)Math.Round(point.Mjd * 1e6))).ToHashSet();
        var shown = points
            .Where(point => !Enumerable.Range(-1, 3).Any(step => known.Contains((point.Filter, (long)Math.Round(point.Mjd * 1e6) + step))))
            .Select(point => new PointRecord(
                0, objectId, instruments.GetValueOrDefault(BrokerScope.SurveyOf(point.Filter)), BrokerScope.SurveyOf(point.Filter), point.Filter, point.Mjd, point.FluxMicroJansky,
                point.FluxerrMicroJansky, point.Origin, point.RaDegrees, point.DecDegrees, null, null, null, null, null, null, 0, [], [], default));
        return [.. stored.Concat(shown).OrderBy(point => point.Mjd).ThenBy(point => point.Id)];
    }
}
